import { ClockCircleOutlined, StarFilled } from "@ant-design/icons";
import { Icon, link, recordLink, useSpeech } from "@lowcode/kit";
import type { ReactNode } from "react";
import { placeOf, useFavourites } from "../favourites/favourites";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";
import type { Finds } from "./finds";
import { useRecent } from "./recent";

/** Something the shell offers by its name: a page, or something to do. */
export interface Command {
  key: string;
  kind: "page" | "action";
  title: string;
  /** Its names in every language, so that it is found by any of them. */
  names: string[];
  icon: ReactNode;
  href?: string;
  run?: () => void;
  /** The keys that do the same. */
  keys?: string;
}

export interface Choice {
  key: string;
  title: string;
  of?: string;
  icon?: ReactNode;
  href?: string;
  run?: () => void;
  keys?: string;
  /** It was found for what was typed before, and what is typed now is being asked. */
  stale?: boolean;
}

export interface ChoiceGroup {
  key: string;
  title: string;
  icon?: ReactNode;
  more?: string;
  items: Choice[];
}

const MOST = 6;

/** What can be chosen for what was typed; before anything is typed, what is at hand and what may be done. */
export function useChoices(text: string, open: boolean, commands: Command[], finds: Finds): ChoiceGroup[] {
  const { app } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const favourites = useFavourites();
  const recent = useRecent(open);
  const wanted = text.trim().toLowerCase();
  const named = (names: string[]) => wanted === "" || names.some((each) => each.toLowerCase().includes(wanted));
  const begins = (names: string[]) => Number(names.some((each) => each.toLowerCase().startsWith(wanted)));
  const of = (kind: Command["kind"]) =>
    commands
      .filter((each) => each.kind === kind && named(each.names))
      .sort((one, other) => begins(other.names) - begins(one.names))
      .map(({ key, title, icon, href, run, keys }): Choice => ({ key, title, icon, href, run, keys }));
  const starred = favourites.items.flatMap((each): Choice[] => {
    const place = placeOf(app, each, speech);
    return place && named([place.title, place.of]) ? [{ key: place.href, title: place.title, of: place.of === place.title ? undefined : place.of, icon: <Icon name={place.icon} />, href: place.href }] : [];
  });
  const lately = recent.map((each): Choice => ({ key: recordLink(each.form, each.id), title: each.label, of: w(app.forms[each.form]!.title), icon: <Icon name={app.forms[each.form]!.icon} />, href: recordLink(each.form, each.id) }));
  const records = finds.groups.flatMap((group): ChoiceGroup[] => {
    const form = app.forms[group.form];
    if (!form) return [];
    const items = group.items.map((item): Choice => {
      const field = form.fields.find((each) => each.name === item.field);
      return { key: recordLink(group.form, item.id), title: item.label, of: field && `${w(field.title)}: ${item.words ?? ""}`, href: recordLink(group.form, item.id), stale: finds.busy };
    });
    return [{ key: group.form, title: w(manyOf(form)), icon: <Icon name={form.icon} />, more: group.more ? link(["records", group.form], { search: text.trim() }) : undefined, items }];
  });
  const groups: ChoiceGroup[] = [
    { key: "favourites", title: t("favourites"), icon: <StarFilled />, items: wanted ? starred.slice(0, MOST) : starred },
    ...(wanted === "" ? [{ key: "recent", title: t("recent"), icon: <ClockCircleOutlined />, items: lately }] : []),
    ...records,
    { key: "pages", title: t("pages"), items: wanted ? of("page").slice(0, MOST) : [] },
    { key: "actions", title: t("actions"), items: of("action").slice(0, wanted ? MOST : 8) },
  ];
  return groups.filter((group) => group.items.length > 0);
}
