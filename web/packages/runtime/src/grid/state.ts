import { describe, link, usePlace } from "@lowcode/kit";
import type { Form, View } from "@lowcode/protocol";
import { useMemo } from "react";
import { manyOf, usual } from "../fields";
import { whereOf, type Condition } from "./conditions";

/** What a list shows; all of it stands in the address, so that it can be sent to somebody and found again. */
export interface ListState {
  view: View | undefined;
  search: string;
  conditions: Condition[];
  /** A condition that came from a report, in the expression language. */
  drill: string;
  drillTitle: string;
  sort: string;
  where: string;
  change: (changes: Partial<Pick<ListState, "search" | "conditions" | "drill" | "sort">> & { view?: string }) => void;
}

export function viewsOf(form: Form): View[] {
  if (form.views?.length) return form.views;
  return [{ name: "", type: "grid", title: manyOf(form), columns: usual(form) }];
}

const read = (text: string | null): Condition[] => {
  try {
    const found: unknown = text ? JSON.parse(text) : [];
    return Array.isArray(found) ? (found as Condition[]) : [];
  } catch {
    return [];
  }
};

export function useListState(form: Form): ListState {
  const place = usePlace();
  const key = place.query.toString();
  return useMemo(() => {
    const query = new URLSearchParams(key);
    const views = viewsOf(form);
    const drill = query.get("where") ?? "";
    const wanted = query.get("view");
    const view = views.find((each) => each.name === wanted) ?? views.find((each) => each.default) ?? views.find((each) => each.type === "grid") ?? views[0];
    const conditions = read(query.get("filter"));
    const fields = new Map(form.fields.map((field) => [field.name, field]));
    const state = {
      view: drill && !wanted ? undefined : view,
      search: query.get("search") ?? "",
      conditions,
      drill,
      drillTitle: query.get("title") ?? "",
      sort: query.get("sort") ?? "",
      where: whereOf(fields, conditions, drill || undefined),
    };
    return {
      ...state,
      change: (changes) => {
        const next = { view: wanted ?? undefined, ...pick(state), ...changes };
        describe(
          link(["records", form.name], {
            view: changes.view ?? wanted ?? undefined,
            search: next.search,
            filter: next.conditions.length > 0 ? JSON.stringify(next.conditions) : undefined,
            where: next.drill,
            title: next.drill ? state.drillTitle : undefined,
            sort: "view" in changes ? undefined : next.sort,
          }),
        );
      },
    };
  }, [form, key]);
}

const pick = ({ search, conditions, drill, sort }: { search: string; conditions: Condition[]; drill: string; sort: string }) => ({ search, conditions, drill, sort });
