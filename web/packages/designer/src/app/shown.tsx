import { Icon, ICON_NAMES, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { Select } from "antd";
import { useDesign } from "../design";
import { Labelled } from "../forms/settings/picks";
import { at, isNode, type Node, type Path } from "../tree";
import type { AppPalette } from "./page";
import { showing, shownBy } from "./parts";

/** What something shows, by its title: a form with a view, a board, a report, the tasks. */
export function useShown(): (shown: string) => string {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const { own, views } = palette as AppPalette;
  const called = (title: Text | undefined, name: string) => w(title) || name;
  return (shown) => {
    const [what = "", named = ""] = shown.split(":");
    const [name = "", view] = named.split("/");
    if (what === "tasks") return t("tasks");
    const title = called(own[what as "form"]?.[name], name);
    return view ? `${title} › ${called(views[name]?.find((each) => each.name === view)?.title, view)}` : title;
  };
}

/** Which of all that an app has is shown there; a first page is no report. */
export function Shown({ path, reports = false }: { path: Path; reports?: boolean }) {
  const { document, palette, change } = useDesign();
  const { t } = useSpeech();
  const titleOf = useShown();
  const { own, views } = palette as AppPalette;
  const item = at(document, path);
  const node: Node = isNode(item) ? item : {};
  const option = (value: string) => ({ value, label: titleOf(value) });
  const forms = Object.keys(own.form).flatMap((name) => [`form:${name}`, ...(views[name] ?? []).map((view) => `form:${name}/${view.name}`)]);
  const options = [
    option("tasks"),
    { label: t("appForms"), options: forms.map(option) },
    { label: t("appBoards"), options: Object.keys(own.dashboard).map((name) => option(`dashboard:${name}`)) },
    ...(reports ? [{ label: t("appReports"), options: Object.keys(own.report).map((name) => option(`report:${name}`)) }] : []),
  ];
  return <Labelled label={t("appShows")} required><Select aria-label={t("appShows")} showSearch={{ optionFilterProp: "label" }} value={shownBy(node) || null} options={options} onChange={(next: string | null) => next && change(path, showing(node, next))} /></Labelled>;
}

/** One of the icons there are, as it looks. */
export function IconChoice({ path, label }: { path: Path; label: string }) {
  const { document, change } = useDesign();
  const value = at(document, path);
  return <Labelled label={label}><Select aria-label={label} allowClear showSearch value={typeof value === "string" ? value : null} options={ICON_NAMES.map((each) => ({ value: each, label: <><Icon name={each} /> {each}</> }))} onChange={(next?: string) => change(path, next ?? undefined)} /></Labelled>;
}
