import { Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { lazy, Suspense } from "react";
import { useForm } from "../runtime";
import { Grid } from "./grid";
import { useListState } from "./state";
import type { Form } from "@lowcode/protocol";

const Kanban = lazy(() => import("../kanban/kanban"));

/** The records of a form, in the view that the address names. */
export default function RecordsPage({ name }: { name: string }) {
  const form = useForm(name);
  const { t } = useSpeech();
  if (!form) return <Nothing title={t("pageMissing")} hint={t("pageMissingHint")} />;
  return <Records key={name} form={form} />;
}

function Records({ form }: { form: Form }) {
  const state = useListState(form);
  if (state.view?.type === "kanban")
    return (
      <Suspense fallback={<Waiting />}>
        <Kanban key={state.view.name} form={form} view={state.view} state={state} />
      </Suspense>
    );
  return <Grid form={form} state={state} />;
}
