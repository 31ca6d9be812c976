import { link, recordLink, type Speech } from "@lowcode/kit";
import type { Application, Favourite, Text } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";

/** What somebody keeps at hand: a record, or a view of a form. */
export type Kept = Pick<Favourite, "form" | "record" | "view">;

const KEY = ["favourites"];

const same = (one: Kept, other: Kept): boolean => one.form === other.form && (one.record ?? null) === (other.record ?? null) && (one.view ?? "") === (other.view ?? "");

export interface Favourites {
  items: Favourite[];
  has: (one: Kept) => boolean;
  turn: (one: Kept) => void;
  busy: boolean;
}

/** The favourites of this person, kept by the server. */
export function useFavourites(): Favourites {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const items = useQuery({ queryKey: KEY, queryFn: () => client.run<{ items: Favourite[] }>("forms.favourites", {}), staleTime: 300_000 }).data?.items ?? [];
  const has = (one: Kept) => items.some((each) => same(each, one));
  const change = useMutation({
    mutationFn: (one: Kept) => client.run(has(one) ? "forms.remove_favourite" : "forms.add_favourite", { form: one.form, record: one.record ?? undefined, view: one.view ?? "" }),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return { items, has, turn: change.mutate, busy: change.isPending };
}

/** Where a favourite leads and what it is called. */
export function placeOf(app: Application, one: Favourite, { w }: Speech): { href: string; title: string; of: string; icon?: string } | null {
  const form = app.forms[one.form];
  if (!form) return null;
  if (one.record != null) return { href: recordLink(one.form, one.record), title: one.label ?? `#${one.record}`, of: w(form.title), icon: form.icon };
  const view = form.views?.find((each) => each.name === (one.view ?? ""));
  const many: Text = manyOf(form);
  return { href: link(["records", one.form], { view: one.view ?? undefined }), title: one.label ?? (w(view?.title) || w(many)), of: w(many), icon: form.icon };
}
