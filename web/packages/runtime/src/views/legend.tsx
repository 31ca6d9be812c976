import { useSpeech, type Speech } from "@lowcode/kit";
import { isReference, type Field, type StoredRecord } from "@lowcode/protocol";
import { useMemo } from "react";
import { called } from "../widgets/called";
import { markOf } from "./mark";

/** So many colours are told apart; of more only the first are named. */
const NAMED = 10;

export interface Entry {
  key: string;
  name: string;
  color: string;
}

/** What each colour of a view stands for: what occurs in the records, options in their order and others as they come. */
export function entriesOf(by: Field, records: readonly StoredRecord[], speech: Speech): Entry[] {
  const found = new Map<string, Entry>();
  const options = by.states ?? by.options;
  for (const record of records) {
    const value = record[by.name];
    const key = isReference(value) ? String(value.id) : typeof value === "string" ? value : "";
    if (found.has(key)) continue;
    const option = options?.find((each) => each.name === value);
    const name = isReference(value) ? called(value, speech) : key === "" ? speech.t("blank") : speech.w(option?.title) || key;
    found.set(key, { key, name, color: markOf(by, record) });
  }
  const place = (entry: Entry) => options?.findIndex((each) => each.name === entry.key) ?? 0;
  return [...found.values()].sort((one, other) => Number(one.key === "") - Number(other.key === "") || place(one) - place(other));
}

/** The colours of a view in words; where it has one colour only there is nothing to tell apart. */
export function Legend({ by, records }: { by: Field | undefined; records: readonly StoredRecord[] }) {
  const speech = useSpeech();
  const entries = useMemo(() => (by ? entriesOf(by, records, speech) : []), [by, records, speech]);
  if (!by || entries.length < 2) return null;
  const rest = entries.length - NAMED;
  const name = speech.w(by.title) || by.name;
  return (
    <ul className="lc-legend" aria-label={speech.t("legendOf", { name })}>
      <li className="lc-quiet" aria-hidden="true">
        {name}
      </li>
      {entries.slice(0, NAMED).map((each) => (
        <li key={each.key}>
          <span className="lc-map-dot" style={{ background: each.color }} aria-hidden="true" />
          <span className="lc-ellipsis">{each.name}</span>
        </li>
      ))}
      {rest > 0 && <li className="lc-quiet">{speech.t("legendMore", { count: rest })}</li>}
    </ul>
  );
}
