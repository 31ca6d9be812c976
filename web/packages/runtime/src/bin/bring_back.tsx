import { useNarrow, useSpeech } from "@lowcode/kit";
import { Alert, Checkbox, Modal } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { useBringBack, type Asked } from "./return";

/** What bringing some back comes to: which cannot, what they are linked to, what is gone for good. */
export default function BringBack({ asked, close }: { asked: Asked; close: (done: boolean) => void }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const bringBack = useBringBack();
  const possible = asked.linked.filter((each) => each.problems.length === 0);
  const [together, setTogether] = useState(possible.length > 0);
  const [busy, setBusy] = useState(false);
  const hindered = new Set(asked.hindered.map((each) => `${each.form}/${each.id}`));
  const [left, setLeft] = useState(() => asked.items.filter((each) => !hindered.has(`${each.form}/${each.id}`)));
  const act = async () => {
    setBusy(true);
    const still = await bringBack(left, together);
    if (still.length === 0) return close(true);
    setLeft(still);
    setBusy(false);
  };
  return (
    <Modal open title={t("bringBackMany", { count: asked.items.length })} okText={t("bringBack")} cancelText={t("cancel")} okButtonProps={{ disabled: left.length === 0, loading: busy }} onOk={() => void act()} onCancel={() => close(false)} width={narrow ? "100%" : 560} destroyOnHidden>
      <div className="lc-bin-said">
        {asked.hindered.length > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t("bringBackStays")}
            description={
              <ul>
                {asked.hindered.map((each) => (
                  <li key={`${each.form}/${each.id}`}>
                    <strong>{each.label}</strong> — {each.problems.map(({ detail }) => detail).join("; ")}
                  </li>
                ))}
              </ul>
            }
          />
        )}
        {asked.linked.length > 0 && (
          <>
            <Checkbox checked={together} disabled={possible.length === 0} onChange={(event) => setTogether(event.target.checked)}>
              {t("bringBackLinked")}
            </Checkbox>
            <ul>
              {asked.linked.map((each) => (
                <li key={`${each.form}/${each.id}`}>
                  <strong>{each.label}</strong> <span className="lc-quiet">{w(app.forms[each.form]?.title)}</span>
                  {each.problems.length > 0 && <> — {each.problems.map(({ detail }) => detail).join("; ")}</>}
                </li>
              ))}
            </ul>
          </>
        )}
        {asked.gone > 0 && <p>{t("bringBackGone", { count: asked.gone })}</p>}
      </div>
    </Modal>
  );
}
