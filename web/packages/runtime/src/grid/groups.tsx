import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { decimal, useSpeech } from "@lowcode/kit";
import { isReference, type Field, type Form } from "@lowcode/protocol";
import { called } from "../widgets/called";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useRuntime } from "../runtime";
import { Cell } from "./cell";
import { placed, type Counted, type Together } from "./placed";
import type { ListState } from "./state";

const keyOf = (value: unknown): string => (isReference(value) ? `#${value.id}` : value == null ? "" : String(value));

export interface Groups {
  /** Undefined until they have been counted. */
  groups: Together[] | undefined;
  /** How many records there are in all of them. */
  total: number;
  fold: (key: string) => void;
  fetching: boolean;
  error: unknown;
  refetch: () => void;
}

/** The groups of a list that is ordered by their field: what each is, how many records it has, and where they stand in
 * the list, so that a group is known before any of its records has been read. */
export function useGroups(form: Form, state: ListState, held: boolean): Groups {
  const { client } = useRuntime();
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const by = state.group;
  const { view, filter, search } = state.asked;
  const counted = useQuery({
    queryKey: ["records", form.name, "groups", by, view, filter, search, state.where],
    queryFn: () => client.run<Omit<Counted, "key">[]>("forms.groups", { form: form.name, by, view: view || undefined, where: state.where || undefined, filter: filter ? (JSON.parse(filter) as object) : undefined, search: search || undefined }),
    placeholderData: (before, query) => (query?.queryKey[3] === by ? before : undefined),
    enabled: (query) => by !== "" && (!held || query.state.data === undefined),
  });
  const whole = useQuery({
    queryKey: ["records", form.name, "whole", { ...state.asked, where: state.where, sort: "", fields: "id" }],
    queryFn: ({ signal }) => client.list(form.name, { ...state.asked, where: state.where, sort: "", fields: "id", limit: 1, count: "whole" }, { signal }),
    enabled: (query) => counted.data !== undefined && counted.data.length >= MOST && (!held || query.state.data === undefined),
  });
  const groups = useMemo(() => {
    if (!counted.data) return undefined;
    const known: Counted[] = counted.data.map((each) => ({ ...each, key: keyOf(each.value) }));
    const told = sumOf(known);
    const rest = (whole.data?.count?.value ?? 0) - told;
    return placed(rest > 0 ? [...known, { key: REST, value: null, count: rest, from: told, rest: true }] : known, turned);
  }, [counted.data, whole.data, turned]);
  const fold = useCallback(
    (key: string) =>
      setTurned((before) => {
        const next = new Set(before);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  return { groups, total: sumOf(groups ?? []), fold, fetching: counted.isFetching, error: counted.error, refetch: () => void counted.refetch() };
}

const sumOf = (groups: Counted[]): number => groups.reduce((sum, each) => sum + each.count, 0);

/** So many groups are told of; what comes after them stands together. */
const MOST = 500;
const REST = "~rest";

export function Heading({ field, group, folded, fold }: { field: Field | undefined; group: Counted; folded: boolean; fold: () => void }) {
  return (
    <button type="button" className="lc-group-head" aria-expanded={!folded} onClick={fold}>
      {folded ? <CaretRightOutlined /> : <CaretDownOutlined />}
      <What field={field} group={group} />
      <span className="lc-pill lc-pill-quiet">{decimal(group.count, 0)}</span>
    </button>
  );
}

/** What would be a link elsewhere: a heading is pressed as a whole. */
const LINKS = ["link", "link_any", "email", "phone", "url"];

function What({ field, group: { value, rest } }: { field: Field | undefined; group: Counted }) {
  const speech = useSpeech();
  const { t } = speech;
  if (rest || value == null || !field) return <span className="lc-quiet">{t(rest ? "otherValues" : "blank")}</span>;
  return LINKS.includes(field.type) ? <>{isReference(value) ? called(value, speech) : String(value)}</> : <Cell field={field} value={value} />;
}
