import { recordLink, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { besideIn, blank } from "../fields";
import { Cell } from "./cell";
import type { Shown } from "./columns";
import { useHolding } from "./holding";

/** Several records chosen on a phone: a finger rests on one, or "Select" is pressed; each tap then chooses. */
export interface Choosing {
  on: boolean;
  chosen: StoredRecord[];
  choose: (rows: StoredRecord[]) => void;
  begin: (first?: StoredRecord) => void;
}

interface CardsProps {
  form: Form;
  items: StoredRecord[];
  columns: Shown[];
  choosing?: Choosing;
}

/** A list on a phone: one card for each record. */
export function Cards({ form, items, columns, choosing }: CardsProps) {
  const badges = columns.filter(({ field }) => field.type === "state");
  const rest = columns.filter(({ field, name }) => field.type !== "state" && name !== form.label).slice(0, 5);
  const ids = useMemo(() => new Set(choosing?.chosen.map((each) => each.id)), [choosing?.chosen]);
  return (
    <>
      {choosing?.on && <All items={items} ids={ids} choosing={choosing} />}
      <ul className="lc-cards">
        {items.map((record) => {
          const body = <Body record={record} badges={badges} rest={rest} title={choosing?.on ? <Chooser record={record} on={ids.has(record.id)} choosing={choosing} /> : <a className="lc-card-title" href={recordLink(form.name, record.id)}>{record._label}</a>} />;
          return choosing ? <Held key={record.id} record={record} choosing={choosing} chosen={ids.has(record.id)}>{body}</Held> : <li key={record.id} className="lc-card">{body}</li>;
        })}
      </ul>
    </>
  );
}

function Body({ record, badges, rest, title }: { record: StoredRecord; badges: Shown[]; rest: Shown[]; title: ReactNode }) {
  const { w } = useSpeech();
  return (
    <>
      <div className="lc-card-head">
        {title}
        {badges.map(({ field, name }) => !blank(record[name]) && <Cell key={name} field={field} value={record[name]} />)}
      </div>
      <dl className="lc-card-facts">
        {rest.map(({ field, name }) =>
          blank(record[name]) ? null : (
            <div key={name}>
              <dt>{w(field.title)}</dt>
              <dd>
                <Cell field={field} value={record[name]} beside={besideIn(field, name, record)} />
              </dd>
            </div>
          ),
        )}
      </dl>
    </>
  );
}

function Held({ record, choosing, chosen, children }: { record: StoredRecord; choosing: Choosing; chosen: boolean; children: ReactNode }) {
  const holding = useHolding(() => {
    if (!choosing.on) choosing.begin(record);
  });
  return (
    <li className={choosing.on ? (chosen ? "lc-card lc-card-choosing lc-card-chosen" : "lc-card lc-card-choosing") : "lc-card lc-card-held"} {...holding}>
      {children}
    </li>
  );
}

/** The whole card is the place to tap; it is read as a box with the name of the record. */
function Chooser({ record, on, choosing }: { record: StoredRecord; on: boolean; choosing: Choosing }) {
  const { chosen, choose } = choosing;
  return (
    <label className="lc-card-title lc-card-box">
      <input type="checkbox" checked={on} onChange={() => choose(on ? chosen.filter((each) => each.id !== record.id) : [...chosen, record])} />
      {record._label}
    </label>
  );
}

/** All those that are shown; more may follow below. */
function All({ items, ids, choosing }: { items: StoredRecord[]; ids: Set<number>; choosing: Choosing }) {
  const { t } = useSpeech();
  const box = useRef<HTMLInputElement>(null);
  const on = items.filter((each) => ids.has(each.id)).length;
  const every = items.length > 0 && on === items.length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = on > 0 && !every;
  }, [on, every]);
  return (
    <label className="lc-cards-all">
      <input ref={box} type="checkbox" checked={every} onChange={() => choosing.choose([...choosing.chosen.filter((each) => !items.some(({ id }) => id === each.id)), ...(every ? [] : items)])} />
      {t("chooseShown", { count: items.length })}
    </label>
  );
}
