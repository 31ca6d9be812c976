import { LockOutlined } from "@ant-design/icons";
import { go, recordLink, useSpeech } from "@lowcode/kit";
import { isReference, type Field, type Form, type Reference, type Standing, type StoredRecord } from "@lowcode/protocol";
import { Age } from "../detail/stage";
import { besideIn, blank, fieldOf, several, shown } from "../fields";
import type { CSSProperties } from "react";
import { useMovable } from "../dragging";
import { useRuntime } from "../runtime";
import { widgetOf } from "../widgets";
import { called } from "../widgets/called";
import { Tags } from "../widgets/links";

/** A record on a board: pressed it opens, dragged it moves, unless something keeps it where it is (`fixed`). */
export function Card({ form, record, fields, mark, standing, movable: whole, fixed }: { form: Form; record: StoredRecord; fields: string[]; mark?: string; standing?: Standing; movable: boolean; fixed?: string }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const movable = whole && fixed === undefined;
  const { ref, moving } = useMovable(String(record.id), record._label ?? "", !movable);
  const open = () => go(recordLink(form.name, record.id));
  return (
    <div
      ref={ref}
      role="button"
      tabIndex={0}
      className={["lc-kanban-card", moving && "lc-moving", !movable && "lc-fixed", mark && "lc-marked"].filter(Boolean).join(" ")}
      title={movable ? t("dragCard") : undefined}
      data-record={record.id}
      style={mark ? ({ "--mark": mark } as CSSProperties) : undefined}
      onClick={open}
      onKeyDown={(event) => event.key === "Enter" && !moving && open()}
    >
      <div className="lc-kanban-title">{record._label}</div>
      {fixed && (
        <div className="lc-kanban-fixed">
          <LockOutlined aria-hidden /> {fixed}
        </div>
      )}
      {standing && <Age days={standing.days} age={standing.age} small />}
      {fields.map((name) => {
        const field = fieldOf(app, form, name);
        if (!field || blank(record[name])) return null;
        return (
          <div key={name} className="lc-kanban-fact">
            <span className="lc-quiet">{w(field.title)}</span>
            <Plain field={field} value={record[name]} beside={besideIn(field, name, record)} />
          </div>
        );
      })}
    </div>
  );
}

/** A value without links inside, since the card itself is pressed. */
function Plain({ field, value, beside }: { field: Field; value: unknown; beside: unknown }) {
  const looks = shown(field);
  const speech = useSpeech();
  if (several(field)) return <Tags references={value as Reference[]} dense />;
  if (isReference(value) && looks.type !== "member") return <span className="lc-ellipsis" title={called(value, speech)}>{called(value, speech)}</span>;
  if (["email", "phone", "url"].includes(looks.type)) return <span className="lc-ellipsis" title={String(value)}>{String(value)}</span>;
  const { Show } = widgetOf(field.type);
  return <Show field={field} value={value} beside={beside} dense />;
}
