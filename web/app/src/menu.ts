import { link, type Place, type TextKey } from "@lowcode/kit";
import type { Application, MenuItem, OwnBoard, Text } from "@lowcode/protocol";

export interface Entry {
  key: string;
  href: string;
  title: Text;
  own?: TextKey;
  icon?: string;
  fallback: string;
}

/** Where an item of a menu leads, what it is called, and how it looks; null when it leads nowhere for this person. */
export function entryOf(app: Application, item: MenuItem): Entry | null {
  if (item.form) {
    const form = app.forms[item.form];
    return form ? { key: item.view ? `records/${item.form}?${item.view}` : `records/${item.form}`, href: link(["records", item.form], { view: item.view }), title: item.title ?? form.plural ?? form.title, icon: item.icon ?? form.icon, fallback: item.form } : null;
  }
  if (item.dashboard) return { key: `dashboard/${item.dashboard}`, href: link(["dashboard", item.dashboard]), title: item.title ?? app.dashboards?.[item.dashboard]?.title ?? item.dashboard, icon: item.icon, fallback: "dashboard" };
  if (item.report) return { key: `report/${item.report}`, href: link(["report", item.report]), title: item.title ?? app.reports?.[item.report]?.title ?? item.report, icon: item.icon, fallback: "chart" };
  if (item.tasks) return { key: "tasks", href: link(["tasks"]), title: item.title ?? "", own: "tasks", icon: item.icon, fallback: "check" };
  return null;
}

export interface Group {
  title?: Text;
  own?: TextKey;
  entries: Entry[];
}

/** The boards somebody made, and the table that everyone combines. */
function ownOf(app: Application, own: OwnBoard[]): Entry[] {
  const boards: Entry[] = own.map((board) => ({ key: `dashboard/${board.id}`, href: link(["dashboard", board.id]), title: board.title, fallback: "dashboard" }));
  const combined = Object.keys(app.datasets ?? {}).length > 0;
  return combined ? [...boards, { key: "explore", href: link(["explore"]), title: "", own: "explore", fallback: "chart" }] : boards;
}

/** Pages that no menu names, for who may open them. */
const OWN = [
  { page: "pools", own: "pools", fallback: "team" },
  { page: "automation", own: "automation", fallback: "settings" },
  { page: "flows", own: "flows", fallback: "org" },
  { page: "bin", own: "bin", fallback: "bin" },
] as const;

/** Whether somebody may find anything in the bin: what they deleted, or what they may bring back or delete for good. */
const bins = (app: Application): boolean => Object.values(app.forms).some(({ permissions }) => ["delete", "restore", "purge"].some((each) => permissions[each] === true));

/** An entry stands once, where it stands first: who has the roles of two menus needs it in one of them. */
function once(groups: Group[]): Group[] {
  const seen = new Set<string>();
  const first = ({ key, title }: Entry) => {
    const known = JSON.stringify([key, title]);
    return !seen.has(known) && seen.add(known);
  };
  return groups.map((group) => ({ ...group, entries: group.entries.filter(first) }));
}

export const groupsOf = (app: Application, own: OwnBoard[] = []): Group[] =>
  once([
    ...app.menus.map((menu) => ({ title: menu.title, entries: menu.items.map((item) => entryOf(app, item)).filter((entry): entry is Entry => entry !== null) })),
    { own: "myAnalyses" as const, entries: ownOf(app, own) },
    { entries: OWN.filter(({ page }) => (page === "bin" ? bins(app) : app.pages?.[page])).map(({ page, own, fallback }) => ({ key: page, href: link([page]), title: "", own, fallback })) },
  ]).filter((group) => group.entries.length > 0);

/** The entry a place belongs to; an entry of one view goes before the entry of its form. */
export function activeKey({ path, query }: Place, entries: Entry[]): string {
  if (path.length > 0 && ["tasks", "explore", ...OWN.map(({ page }) => page as string)].includes(path[0]!)) return path[0]!;
  const key = path.slice(0, 2).join("/");
  const exact = `${key}?${query.get("view") ?? ""}`;
  return path.length === 2 && entries.some((each) => each.key === exact) ? exact : key;
}

export const entriesOf = (app: Application, own: OwnBoard[] = []): Entry[] => groupsOf(app, own).flatMap((group) => group.entries);

/** The place somebody starts at. */
export function homeOf(app: Application): string {
  const home = app.home ? entryOf(app, app.home) : null;
  return home?.href ?? groupsOf(app)[0]?.entries[0]?.href ?? link(["tasks"]);
}
