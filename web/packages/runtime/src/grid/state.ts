import { describe, link, usePlace } from "@lowcode/kit";
import type { FilterGroup, Form, View } from "@lowcode/protocol";
import { useMemo } from "react";
import { NOTHING, readFilter } from "./conditions";
import { isSaved, useViews, type Views } from "./views";

/** What a list shows; all of it stands in the address, so that it can be sent to somebody and found again. */
export interface ListState {
  views: Views;
  view: View | undefined;
  search: string;
  filter: FilterGroup;
  /** A condition that came from a report, in the expression language. */
  drill: string;
  drillTitle: string;
  /** The order that was asked for, several fields with commas between; "" for that of the view. */
  sort: string;
  group: string;
  /** The month that a calendar shows, as 2026-11; "" for this one. Where somebody looks is no change of a view. */
  at: string;
  /** The condition beside the filter. */
  where: string;
  /** What the server is asked for every part of this list. */
  asked: { view?: string; filter?: string; search: string; sort: string };
  /** Whether this is no longer what the view says. */
  changed: boolean;
  filtered: boolean;
  /** False until it is known which view this is. */
  ready: boolean;
  change: (changes: Changes) => void;
}

type Changes = Partial<Pick<ListState, "search" | "filter" | "drill" | "sort" | "group" | "at">> & { view?: string };

/** In the address: none, where the view says something. */
const NONE = "-";

const chosenView = (views: Views, wanted: string | null): View | undefined => {
  const named = (name: string | null) => views.all.find((each) => each.name === name);
  return named(wanted) ?? named(views.first) ?? views.all.find((each) => each.default) ?? views.all.find((each) => each.type === "grid") ?? views.all[0];
};

export function useListState(form: Form): ListState {
  const place = usePlace();
  const views = useViews(form);
  const key = place.query.toString();
  return useMemo(() => {
    const query = new URLSearchParams(key);
    const drill = query.get("where") ?? "";
    const wanted = query.get("view");
    const view = drill && !wanted ? undefined : chosenView(views, wanted);
    const saved = isSaved(view) ? view : undefined;
    const own = { filter: saved?.filter ?? NOTHING, sort: saved?.sort?.join(",") ?? "", group: view?.group ?? "" };
    const said = (name: string) => (query.get(name) === NONE ? "" : query.get(name));
    const given = { filter: readFilter(query.get("filter")), sort: said("sort"), group: said("group") };
    const state = {
      search: query.get("search") ?? "",
      filter: given.filter ?? own.filter,
      drill,
      drillTitle: query.get("title") ?? "",
      sort: given.sort ?? own.sort,
      group: given.group ?? own.group,
      at: query.get("at") ?? "",
    };
    const within = state.sort || view?.sort?.join(",") || "";
    const rest = within.split(",").filter((each) => each && each.replace(/^-/, "") !== state.group);
    const text = state.filter.conditions.length > 0 ? JSON.stringify(state.filter) : undefined;
    return {
      ...state,
      views,
      view,
      where: drill,
      asked: { view: saved ? saved.base : view?.name || undefined, filter: text, search: state.search, sort: state.group ? [state.group, ...rest].join(",") : state.sort },
      changed: given.filter !== null || given.sort !== null || given.group !== null,
      ready: !views.pending || drill !== "" || (wanted !== null && !wanted.startsWith("~")),
      filtered: state.search !== "" || drill !== "" || text !== undefined,
      change: (changes) => {
        const other = "view" in changes;
        const next = { ...state, ...changes };
        // Between views of the form a filter goes along; a view that somebody made has its own.
        const kept = given.filter && !saved && !changes.view?.startsWith("~") ? JSON.stringify(given.filter) : undefined;
        const apart = <Value,>(now: Value, before: Value): boolean => !other && JSON.stringify(now) !== JSON.stringify(before);
        describe(
          link(["records", form.name], {
            view: changes.view ?? wanted ?? undefined,
            search: next.search,
            filter: other ? kept : apart(next.filter, own.filter) ? JSON.stringify(next.filter) : undefined,
            where: next.drill,
            title: next.drill ? state.drillTitle : undefined,
            sort: apart(next.sort, own.sort) ? next.sort || NONE : undefined,
            group: apart(next.group, own.group) ? next.group || NONE : undefined,
            at: other ? undefined : next.at,
          }),
        );
      },
    };
  }, [form, key, views.all.map((each) => `${each.name}/${(each as { version?: number }).version ?? ""}`).join(), views.first, views.pending]);
}
