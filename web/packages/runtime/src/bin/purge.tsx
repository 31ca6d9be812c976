import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import { useQueryClient } from "@tanstack/react-query";
import { App, InputNumber, Modal } from "antd";
import { useId, useState } from "react";
import { changed } from "../changed";
import { useRuntime } from "../runtime";
import { inPieces } from "./in_pieces";
import type { Deleted } from "./return";

const SHOWN = 5;

/** Deletes for good, when the number was entered once more. */
export default function Purge({ items: given, close }: { items: Deleted[]; close: (done: boolean) => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const narrow = useNarrow();
  const id = useId();
  const [items, setItems] = useState(given);
  const [count, setCount] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    let done = 0;
    const why: string[] = [];
    const { left, error } = await inPieces(items, async (piece) => {
      const found = await client.run<{ purged: number; refused: { label: string; problems: { detail: string }[] }[] }>("forms.purge", { ...piece, count: piece.ids.length });
      done += found.purged;
      why.push(...found.refused.map((each) => `${each.label}: ${each.problems.map(({ detail }) => detail).join("; ")}`));
    });
    if (why.length > 0) void message.warning(`${t("purged", { count: done })} · ${why[0]!}`, 8);
    else if (left.length < items.length) void message.success(t("purged", { count: done }));
    if (left.length === 0) close(true);
    else {
      void message.error(brief(error, speech), 6);
      setItems(left);
      setCount(null);
      setBusy(false);
    }
    await changed(queries);
  };
  return (
    <Modal open title={t("purgeMany", { count: items.length })} okText={t("purge")} cancelText={t("cancel")} okButtonProps={{ danger: true, disabled: count !== items.length, loading: busy }} onOk={() => void act()} onCancel={() => close(false)} width={narrow ? "100%" : 480} destroyOnHidden>
      <div className="lc-bin-said">
        <ul>
          {items.slice(0, SHOWN).map((each) => (
            <li key={`${each.form}/${each.id}`}>
              <strong>{each.label}</strong>
            </li>
          ))}
          {items.length > SHOWN && <li className="lc-quiet">… +{items.length - SHOWN}</li>}
        </ul>
        <p>{t("purgeHint")}</p>
        <label htmlFor={id}>{t("purgeCount", { count: items.length })}</label>
        <InputNumber id={id} value={count} min={0} precision={0} controls={false} autoFocus onChange={setCount} onPressEnter={() => count === items.length && !busy && void act()} />
      </div>
    </Modal>
  );
}
