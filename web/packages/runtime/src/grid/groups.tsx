import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { decimal, useSpeech } from "@lowcode/kit";
import { isReference, type Field, type Form, type StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useRuntime } from "../runtime";
import { Cell } from "./cell";
import type { ListState } from "./state";

/** Records with one value of a field, under a heading. */
export interface Together {
  key: string;
  value: unknown;
  count?: number;
  folded: boolean;
  items: StoredRecord[];
}

const keyOf = (value: unknown): string => (isReference(value) ? `#${value.id}` : value == null ? "" : String(value));

/** A list that is ordered by the field of its groups, cut where the value changes. */
export function useGroups(form: Form, state: ListState, items: StoredRecord[]): { groups: Together[] | null; fold: (key: string) => void } {
  const { client } = useRuntime();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const by = state.group;
  const { view, filter, search } = state.asked;
  const counts = useQuery({
    queryKey: ["records", form.name, "groups", by, view, filter, search, state.where],
    queryFn: () => client.run<{ value: unknown; count: number }[]>("forms.groups", { form: form.name, by, view: view || undefined, where: state.where || undefined, filter: filter ? (JSON.parse(filter) as object) : undefined, search: search || undefined }),
    enabled: by !== "",
  });
  const groups = useMemo(() => {
    if (!by) return null;
    const known = new Map(counts.data?.map((each) => [keyOf(each.value), each.count]));
    const found: Together[] = [];
    for (const record of items) {
      const value = record[by];
      const key = keyOf(value);
      if (found.at(-1)?.key !== key) found.push({ key, value, count: known.get(key), folded: folded.has(key), items: [] });
      found.at(-1)!.items.push(record);
    }
    return found;
  }, [by, items, counts.data, folded]);
  const fold = (key: string) =>
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return { groups, fold };
}

export function Heading({ field, group, fold }: { field: Field | undefined; group: Together; fold: () => void }) {
  const { t } = useSpeech();
  return (
    <button type="button" className="lc-group-head" aria-expanded={!group.folded} onClick={fold}>
      {group.folded ? <CaretRightOutlined /> : <CaretDownOutlined />}
      {group.value == null || !field ? <span className="lc-quiet">{t("blank")}</span> : <Cell field={field} value={group.value} />}
      {group.count !== undefined && <span className="lc-pill lc-pill-quiet">{decimal(group.count, 0)}</span>}
    </button>
  );
}
