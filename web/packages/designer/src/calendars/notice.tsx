import { useSpeech } from "@lowcode/kit";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useDesign } from "../design";
import type { Node, Path } from "../tree";
import { read, taken } from "./days";

/** The days of a notice of holidays, taken over at once. */
export function Notice({ year, place, put }: { year: number; place: Path; put: (document: Node) => void }) {
  const { document } = useDesign();
  const { t, locale } = useSpeech();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const days = read(text, year);
  const told = (list: string[]) => list.map((each) => new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", weekday: "short", timeZone: "UTC" }).format(new Date(`${each}T00:00:00Z`))).join(locale.startsWith("zh") ? "、" : ", ");
  const nothing = days.free.length + days.worked.length === 0;
  const take = () => {
    put(taken(document, place, days));
    setOpen(false);
    setText("");
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("calendarNotice")}</Button>
      <Modal open={open} title={t("calendarNotice")} okText={t("calendarTake", { count: days.free.length + days.worked.length })} cancelText={t("cancel")} okButtonProps={{ disabled: nothing }} onOk={take} onCancel={() => setOpen(false)} destroyOnHidden>
        <p className="lc-quiet">{t("calendarNoticeHint")}</p>
        <Input.TextArea autoFocus aria-label={t("calendarNotice")} autoSize={{ minRows: 5, maxRows: 12 }} placeholder={t("calendarNoticeLike")} value={text} onChange={(event) => setText(event.target.value)} />
        {text.trim() !== "" && (
          <div role="status" className="lc-calendar-read">
            {nothing && <p className="lc-design-warned">{t("calendarNothing")}</p>}
            {days.free.length > 0 && <p>{t("calendarReadFree", { count: days.free.length })}{t("colon")}{told(days.free)}</p>}
            {days.worked.length > 0 && <p>{t("calendarReadWorked", { count: days.worked.length })}{t("colon")}{told(days.worked)}</p>}
          </div>
        )}
      </Modal>
    </>
  );
}
