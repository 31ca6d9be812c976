import { useRuntime } from "@lowcode/runtime";
import { setSingleKeys, useSingleKeys, useSpeech, type TextKey } from "@lowcode/kit";
import { Modal, Switch } from "antd";
import { useState } from "react";

const GROUPS: readonly [TextKey, readonly (readonly [string, TextKey])[]][] = [
  ["keysAnywhere", [["Ctrl K", "keyPalette"], ["/", "keySearch"], ["g h", "keyHome"], ["g t", "openTasks"], ["g d", "openDesign"], ["?", "shortcuts"], ["Esc", "keyClose"]]],
  ["keysRecords", [["n", "keyNew"], ["e", "keyEdit"], ["f", "keyFilter"], ["↑ ↓ ← →", "keyCells"], ["Enter", "keyOpen"], ["F2", "keyType"], ["Tab", "keyTypeNext"], ["Space", "keyChoose"], ["Ctrl Z", "keyUndo"], ["Ctrl V", "keyPasteCells"]]],
  ["keysForm", [["Tab", "keyNext"], ["Ctrl Enter", "keySave"], ["Enter", "keyRowBelow"], ["Ctrl ↑ ↓", "keyLines"], ["Ctrl Shift ↑ ↓", "keyMark"], ["Ctrl C", "keyCopy"], ["Ctrl D", "keyFill"], ["Ctrl V", "keyPaste"]]],
];

/** Every key that does something, and the switch for those who want none of the single ones. */
export function Shortcuts({ close }: { close: () => void }) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  const on = useSingleKeys();
  const [open, setOpen] = useState(true);
  return (
    <Modal open={open} title={t("shortcuts")} footer={null} onCancel={() => setOpen(false)} afterClose={close} width={720}>
      <div className="lc-shortcuts">
        {GROUPS.map(([title, keys]) => (
          <section key={title} aria-label={t(title)}>
            <h3>{t(title)}</h3>
            <dl>
              {keys.filter(([, text]) => text !== "openDesign" || session.actor.administrator).map(([key, text]) => (
                <div key={text}>
                  <dt>
                    {key.split(" ").map((each) => (
                      <kbd key={each} className="lc-key">
                        {each}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{t(text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="lc-shortcuts-switch">
        <Switch checked={on} onChange={setSingleKeys} aria-label={t("singleKeys")} />
        <span>
          {t("singleKeys")} <span className="lc-quiet">{t("singleKeysHint")}</span>
        </span>
      </label>
    </Modal>
  );
}
