import { useSpeech } from "@lowcode/kit";
import type { Field, Values } from "@lowcode/protocol";
import { Segmented, Tag } from "antd";
import { Fragment } from "react";
import { blank } from "../fields";
import { bare } from "./conflict_rows";
import { same } from "./live";
import type { Side, Touched } from "./merging";
import { Value } from "./value";

const NAMED = 2;

interface RowsConflictProps {
  field: Field;
  touched: Touched[];
  choice: (key: string) => Side;
  choose: (key: string, side: Side) => void;
}

/** The rows both did something to: those that collide first, each chosen by itself; the others as they come together. */
export function RowsConflict({ field, touched, choice, choose }: RowsConflictProps) {
  const { t, w } = useSpeech();
  const collides = (row: Touched) => row.kind !== "changed" && row.kind !== "added";
  const title = w(field.title) || field.name;
  return (
    <section className="lc-conflict-rows" aria-label={title}>
      <p className="lc-quiet">{t("conflictRowsHint", { name: title })}</p>
      {[...touched.filter(collides), ...touched.filter((row) => !collides(row))].map((row) => (
        <Row key={row.key} row={row} collides={collides(row)} side={choice(row.key)} choose={(side) => choose(row.key, side)} />
      ))}
    </section>
  );
}

/** Whose of something both changed is kept. */
export function Choice({ name, side, choose }: { name: string; side: Side; choose: (side: Side) => void }) {
  const { t } = useSpeech();
  return (
    <Segmented<Side>
      aria-label={t("conflictRowChoose", { name })}
      value={side}
      onChange={choose}
      options={[{ label: t("conflictRowTheirs"), value: "theirs" }, { label: t("conflictRowMine"), value: "mine" }]}
    />
  );
}

function Row({ row, collides, side, choose }: { row: Touched; collides: boolean; side: Side; choose: (side: Side) => void }) {
  const { t, w } = useSpeech();
  const within = row.way.slice(1).map((each) => w(each.title) || each.name).join(" · ");
  const number = [within, row.kind === "order" ? t("conflictRowOrder") : t("row", { number: row.numbers.join(".") })].filter(Boolean).join(" ");
  const whole = row.mine ?? row.theirs;
  return (
    <article className={collides ? "lc-conflict-row lc-collided" : "lc-conflict-row"} aria-label={number}>
      <header>
        <strong>{number}</strong>
        {whole && <Name fields={row.way.at(-1)!.fields ?? []} row={whole} />}
        <Tag color={collides ? "warning" : undefined}>
          {row.kind === "added" && `${t(row.theirs ? "conflictNow" : "conflictYours")} · `}
          {t(`conflictRow_${row.kind}`)}
        </Tag>
        {collides && <Choice name={number} side={side} choose={choose} />}
      </header>
      {row.columns.length > 0 && (
        <table className="lc-plain lc-conflict">
          <thead>
            <tr>
              <td />
              <th scope="col">{t("conflictBefore")}</th>
              <th scope="col">{t("conflictNow")}</th>
              <th scope="col">{t("conflictYours")}</th>
            </tr>
          </thead>
          <tbody>
            {row.columns.map((column) => (
              <tr key={column.name}>
                <th scope="row">{w(column.title) || column.name}</th>
                <Cell label={t("conflictBefore")} column={column} row={row.base} />
                <Cell label={t("conflictNow")} column={column} row={row.theirs} base={row.base} />
                <Cell label={t("conflictYours")} column={column} row={row.mine} base={row.base} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

function Cell({ label, column, row, base }: { label: string; column: Field; row: Values | undefined; base?: Values }) {
  const { t } = useSpeech();
  const untouched = row && base && same(bare(row[column.name]), bare(base[column.name]));
  return (
    <td data-label={label}>
      {untouched ? <span className="lc-quiet">{t("conflictSame")}</span> : row ? <Value field={column} value={row[column.name]} beside={column.currency_from ? row[column.currency_from] : undefined} /> : <span className="lc-quiet">{t("conflictRowRemoved")}</span>}
    </td>
  );
}

/** By what a row is known: the first of its columns that say something. */
function Name({ fields, row }: { fields: Field[]; row: Values }) {
  const told = fields.filter((each) => !each.system && !each.hidden && each.type !== "lines" && !blank(row[each.name])).slice(0, NAMED);
  return (
    <span className="lc-conflict-name">
      {told.map((each, at) => (
        <Fragment key={each.name}>
          {at > 0 && " · "}
          <Value field={each} value={row[each.name]} />
        </Fragment>
      ))}
    </span>
  );
}
