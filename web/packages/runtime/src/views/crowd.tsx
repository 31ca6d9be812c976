import { useSpeech } from "@lowcode/kit";
import { Button, Popover } from "antd";
import { useEffect, useState } from "react";
import type { Board } from "./board";
import { Entry } from "./entry";
import type { Span } from "./span";
import { DAY, type Wall } from "./wall";

/** So many records stand on a day; the others are in a list that opens. */
export const SHOWN = 3;

/** What is on a day, one under the other. */
export function Crowd({ board, spans, day, most = SHOWN }: { board: Board; spans: Span[]; day: Wall; most?: number }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const dragged = board.drag !== null;
  // The list lies over the days that something is dragged to.
  useEffect(() => {
    if (dragged) setOpen(false);
  }, [dragged]);
  const entry = (span: Span) => <Entry key={span.record.id} board={board} span={span} day={day} step={DAY} />;
  const rest = spans.slice(most);
  return (
    <>
      {spans.slice(0, most).map(entry)}
      {rest.length > 0 && (
        <Popover open={open} onOpenChange={setOpen} trigger="click" content={<div className="lc-calendar-rest">{rest.map(entry)}</div>}>
          <Button type="text" size="small" className="lc-calendar-more" onPointerDown={(event) => event.stopPropagation()}>
            {t("moreHere", { count: rest.length })}
          </Button>
        </Popover>
      )}
    </>
  );
}
