import { go as open, recordLink, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { type ClipboardEvent, type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject } from "react";
import { forItself, type Cells } from "./cells";
import type { Column } from "./columns";
import { Heads } from "./head";
import { LEAD, Row, Unread, type Line } from "./row";
import type { Scrolling } from "./scrolling";
import type { Working } from "./working";

interface SheetProps {
  form: Form;
  label: string;
  columns: Column[];
  count: number;
  line: (index: number) => Line;
  box: RefObject<HTMLDivElement | null>;
  scrolling: Scrolling;
  cells: Cells;
  sort: string;
  order?: (sort: string) => void;
  resize?: (name: string, width: number) => void;
  /** Undefined where nothing can be done with several rows. */
  choosing?: { chosen: ReadonlySet<number>; choose: (record: StoredRecord) => void; all: ReactNode };
  /** Undefined where nobody types into the list. */
  working?: Working;
  busy: boolean;
}

/** A table of any length, of which only what is in sight is drawn. */
export function Sheet({ form, label, columns, count, line, box, scrolling, cells, sort, order, resize, choosing, working, busy }: SheetProps) {
  const { t } = useSpeech();
  const lead = choosing ? LEAD : 0;
  const least = columns.reduce((sum, { width }) => sum + width, lead);
  const recordAt = (row: number): StoredRecord | undefined => {
    const found = line(row);
    return found && "record" in found ? found.record : undefined;
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const place = cells.placeOf(event.target);
    if (!place || forItself(event) || window.getSelection()?.type === "Range") return;
    const record = recordAt(place.row);
    if (!record) return;
    if (working) cells.go(place);
    else open(recordLink(form.name, record.id));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (target.closest(".lc-editor") || !box.current?.contains(target) || event.nativeEvent.isComposing) return;
    const place = cells.placeOf(target);
    if (cells.keys(event)) return;
    const record = place && recordAt(place.row);
    if (!place || !record) return;
    if (event.key === " " && choosing && !event.ctrlKey) {
      event.preventDefault();
      choosing.choose(record);
    } else if (working?.keys(event, place)) event.preventDefault();
    else if (event.key === "Enter" && !working && target.matches("td")) open(recordLink(form.name, record.id));
  };
  // Somebody who scrolled away from where they stood comes in by Tab where they look.
  const entry = cells.here.row >= scrolling.first && cells.here.row < scrolling.last ? cells.here.row : scrolling.seen;
  const drawn = Array.from({ length: Math.max(0, Math.min(scrolling.last, count) - scrolling.first) }, (_, offset) => scrolling.first + offset);
  return (
    <div
      ref={box}
      className={working ? "lc-sheet lc-sheet-typed" : "lc-sheet"}
      aria-busy={busy}
      onClick={onClick}
      onDoubleClick={(event) => {
        const place = cells.placeOf(event.target);
        if (!place || !working || forItself(event) || !recordAt(place.row)) return;
        window.getSelection()?.removeAllRanges();
        working.begin(place);
      }}
      onKeyDown={onKeyDown}
      onFocus={cells.focused}
      onBlur={(event) => working?.left(event)}
      onCopy={(event: ClipboardEvent) => {
        const place = cells.placeOf(event.target);
        if (!place || (event.target as Element).closest(".lc-editor") || window.getSelection()?.type === "Range") return;
        const cell = (event.target as Element).closest<HTMLElement>("td");
        event.preventDefault();
        event.clipboardData.setData("text/plain", cell?.querySelector(".lc-blank") ? "" : (cell?.innerText ?? "").trim());
      }}
      onPaste={(event: ClipboardEvent) => working?.paste(event, cells.placeOf(event.target))}
    >
      <table className="lc-table" role="grid" aria-label={label} aria-rowcount={count + 1} aria-colcount={columns.length + (lead ? 1 : 0)} aria-multiselectable={choosing ? true : undefined} style={{ minWidth: least }}>
        <colgroup>
          {lead > 0 && <col style={{ width: lead }} />}
          {columns.map(({ name, width, grows }) => (
            <col key={name} style={grows ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {choosing && (
              <th className="lc-choose" scope="col" aria-colindex={1} aria-label={t("chooseAll")}>
                {choosing.all}
              </th>
            )}
            <Heads columns={columns} sort={sort} order={order} resize={resize} lead={lead} />
          </tr>
        </thead>
        <tbody>
          {scrolling.before > 0 && <Room high={scrolling.before} />}
          {drawn.map((index) => {
            const found = line(index);
            if (found === null) return <Unread key={`@${index}`} index={index} span={columns.length + (lead ? 1 : 0)} />;
            if ("heading" in found)
              return (
                <tr key={`@${index}`} className="lc-row lc-group-row" data-index={index} aria-rowindex={index + 2}>
                  <td colSpan={columns.length + (lead ? 1 : 0)}>{found.heading}</td>
                </tr>
              );
            const { record } = found;
            const here = index === cells.here.row;
            const typing = here ? working : undefined;
            return (
              <Row
                key={index}
                form={form}
                columns={columns}
                index={index}
                record={record}
                chosen={choosing?.chosen.has(record.id)}
                choose={choosing?.choose}
                here={index === entry ? cells.here.column : -1}
                editor={typing?.editor ?? null}
                live={typing?.live}
                states={working?.states.get(record.id)}
                fixed={working?.fixed}
              />
            );
          })}
          {scrolling.after > 0 && <Room high={scrolling.after} />}
        </tbody>
      </table>
      {count > drawn.length && <p className="lc-print-only">{t("printPart", { count: drawn.length, total: count })}</p>}
    </div>
  );
}

const Room = ({ high }: { high: number }) => (
  <tr aria-hidden="true" className="lc-room">
    <td style={{ height: high }} />
  </tr>
);
