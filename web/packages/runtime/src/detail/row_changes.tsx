import { ArrowRightOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Change, Field, Form, RowChange, Values as Row } from "@lowcode/protocol";
import { blank } from "../fields";
import { Cell } from "../grid/cell";

/** From one value to another; what was blank before is not told. */
export function FromTo({ field, change, beside }: { field: Field; change: Change; beside?: unknown }) {
  const { t } = useSpeech();
  return (
    <span className="lc-change">
      {!blank(change.from) && (
        <>
          <Said field={field} value={change.from} beside={beside} /> <ArrowRightOutlined className="lc-quiet" aria-label={t("to")} />{" "}
        </>
      )}
      {blank(change.to) ? <span className="lc-quiet">{t("blank")}</span> : <Said field={field} value={change.to} beside={beside} />}
    </span>
  );
}

/** A value in a sentence: there a "no" is said, which a column of a list leaves out. */
function Said({ field, value, beside }: { field: Field; value: unknown; beside?: unknown }) {
  const { t } = useSpeech();
  return field.type === "boolean" ? <>{t(value === true ? "yes" : "no")}</> : <Cell field={field} value={value} beside={beside} />;
}

interface Props {
  field: Field;
  change: Change;
  /** The rows as they are now: a row that changed is named by what it says today. */
  now: Row[];
}

/** What became of the rows of a field: each that came, changed or went. */
export function RowChanges({ field, change, now }: Props) {
  const { t } = useSpeech();
  const told = change.rows ?? [];
  const all = change.lines ? change.lines.added + change.lines.changed + change.lines.removed : told.length;
  return (
    <ul className="lc-row-changes">
      {told.map((row) => (
        <li key={`${row.kind}${row.id}`}>
          <span className={`lc-row-change lc-row-${row.kind}`}>{t(row.kind === "added" ? "rowAdded" : row.kind === "removed" ? "rowRemoved" : "rowChanged")}</span>{" "}
          {row.kind === "changed" ? <Changed field={field} row={row} now={now} /> : <Values field={field} values={row.values ?? {}} />}
        </li>
      ))}
      {all > told.length && <li className="lc-quiet">{t("rowsMore", { count: all - told.length })}</li>}
    </ul>
  );
}

/** What follows from the rest of a row is not told beside it. */
const FOLLOWS = ["formula", "rollup", "completeness"];

/** Changes with what somebody did first, and what followed from it behind. */
export function inOrder(form: Form, changes: Change[]): { change: Change; field: Field | undefined }[] {
  const found = changes.map((change) => ({ change, field: form.fields.find((each) => each.name === change.field) }));
  const follows = ({ field }: { field: Field | undefined }) => field !== undefined && FOLLOWS.includes(field.type);
  return [...found.filter((each) => !follows(each)), ...found.filter(follows)];
}

/** What a row says, its columns in their order. */
function Values({ field, values }: { field: Field; values: Row }) {
  const { w, t } = useSpeech();
  const columns = (field.fields ?? []).filter((each) => !blank(values[each.name]) && each.type !== "lines" && !FOLLOWS.includes(each.type));
  if (columns.length === 0) return <span className="lc-quiet">{t("blank")}</span>;
  return (
    <>
      {columns.map((each, index) => (
        <span key={each.name} className="lc-row-value">
          {index > 0 && <span className="lc-quiet">{w(each.title) || each.name} </span>}
          <Said field={each} value={values[each.name]} beside={each.currency_from ? values[each.currency_from] : undefined} />
        </span>
      ))}
    </>
  );
}

function Changed({ field, row, now }: { field: Field; row: RowChange; now: Row[] }) {
  const { w, t } = useSpeech();
  const place = now.findIndex((each) => each["id"] === row.id);
  const found = now[place];
  const own = (row.changes ?? []).flatMap((change) => {
    const column = field.fields?.find((each) => each.name === change.field);
    return column ? [{ change, column }] : [];
  });
  const told = own.filter(({ column }) => !FOLLOWS.includes(column.type));
  const name = (field.fields ?? []).find((each) => each.type !== "lines" && !blank(found?.[each.name]));
  return (
    <>
      {found && name ? (
        <span className="lc-row-name">
          <Cell field={name} value={found[name.name]} />
        </span>
      ) : found ? t("rowNumber", { number: place + 1 }) : <span className="lc-quiet">{t("rowGone")}</span>}
      {(told.length > 0 ? told : own).map(({ change, column }) => (
        <span key={change.field} className="lc-row-value">
          <span className="lc-quiet">{w(column.title) || column.name}</span>{" "}
          {column.type === "lines" ? <RowChanges field={column} change={change} now={(found?.[column.name] as Row[] | undefined) ?? []} /> : <FromTo field={column} change={change} beside={column.currency_from ? found?.[column.currency_from] : undefined} />}
        </span>
      ))}
    </>
  );
}
