import type { Form, SavedView, View } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { manyOf, usual } from "../fields";
import { useRuntime } from "../runtime";

export interface Views {
  /** The views of the form, then those that people made. */
  all: View[];
  /** The one this person begins with, if they said so. */
  first: string | null;
  pending: boolean;
  refresh: () => Promise<void>;
}

/** The views of the form document; a form without any is shown as a list of what is usual. */
export const ownViews = (form: Form): View[] => (form.views?.length ? form.views : [{ name: "", type: "grid", title: manyOf(form), columns: usual(form) }]);

/** Every view of a form this person has. */
export function useViews(form: Form): Views {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const key = ["views", form.name];
  const found = useQuery({ queryKey: key, queryFn: () => client.run<{ items: SavedView[]; first: string | null }>("forms.views", { form: form.name }), staleTime: 300_000 });
  return { all: [...ownViews(form), ...(found.data?.items ?? [])], first: found.data?.first ?? null, pending: found.isPending, refresh: () => queries.invalidateQueries({ queryKey: key }) };
}

export const isSaved = (view: View | undefined): view is SavedView => view !== undefined && view.name.startsWith("~");
