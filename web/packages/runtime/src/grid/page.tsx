import { link, Nothing, part, usePlace, useSpeech, Waiting } from "@lowcode/kit";
import { Button } from "antd";
import { useEffect } from "react";
import { useForm } from "../runtime";
import { Grid } from "./grid";
import { leaveList } from "./left_list";
import { useListState } from "./state";
import type { Form } from "@lowcode/protocol";

const Kanban = part(() => import("../kanban/kanban"));
const Calendar = part(() => import("../views/calendar"));
const Timeline = part(() => import("../views/timeline"));
const Resources = part(() => import("../views/resources"));
const Gallery = part(() => import("../views/gallery"));
const Tree = part(() => import("../views/tree"));
const MapView = part(() => import("../views/map"));

const VIEWS = { kanban: Kanban, calendar: Calendar, timeline: Timeline, resource: Resources, gallery: Gallery, tree: Tree, map: MapView };

/** The records of a form, in the view that the address names. */
export default function RecordsPage({ name }: { name: string }) {
  const form = useForm(name);
  const { t } = useSpeech();
  if (!form) return <Nothing page title={t("pageMissing")} hint={t("pageMissingHint")} action={<Button href={link([])}>{t("home")}</Button>} />;
  return <Records key={name} form={form} />;
}

function Records({ form }: { form: Form }) {
  const state = useListState(form);
  const { path, query } = usePlace();
  const here = link(path, Object.fromEntries(query));
  useEffect(() => leaveList(form.name, here), [form.name, here]);
  if (!state.ready) return <Waiting />;
  const View = state.view && state.view.type !== "grid" ? VIEWS[state.view.type] : undefined;
  if (state.view && View) return <View key={state.view.name} form={form} view={state.view} state={state} />;
  return <Grid form={form} state={state} />;
}
