import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { shown } from "@lowcode/runtime/fields";
import { Select } from "antd";
import { optionWords, useDesign } from "../design";
import { Labelled, Wrong } from "../rules/about";
import { isNode } from "../tree";
import { Charts } from "./charts";
import { FieldOrExpression } from "./parts";

const KINDS = ["loss_funnel", "funnel", "table"];

/** What a funnel follows: the states of a field in their order, and what is summed of the records. */
export function FunnelOptions({ form }: { form: string }) {
  const { document, palette, change } = useDesign();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const word = (name: string) => w(optionWords(palette, name));
  const fields = (app.forms[form]?.fields ?? []).filter((each) => each.type === "state");
  const field = fields.find((each) => each.name === document["field"]);
  const states = (field ? (shown(field).states ?? []) : []).filter(isState);
  const chosen = Array.isArray(document["states"]) ? document["states"].map(String) : [];
  return (
    <div className="lc-report-wells">
      <Wrong path={[]} />
      <section className="lc-report-well" aria-label={word("states")}>
        <header><h2>{t("reportFollows")}</h2></header>
        <Labelled label={word("field")} path={["field"]} required>
          <Select aria-label={word("field")} placeholder={t("choose")} value={String(document["field"] ?? "") || null} options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} onChange={(next) => change([], { ...withoutStates(document), field: next })} />
        </Labelled>
        <Labelled label={word("states")} path={["states"]} within>
          <Select mode="multiple" aria-label={word("states")} placeholder={t("reportStatesUsual")} value={chosen} options={states.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} onChange={(next: string[]) => change(["states"], next.length > 0 ? [...states.map((each) => each.name).filter((each) => next.includes(each))] : undefined)} />
        </Labelled>
        <Labelled label={word("value")} path={["value"]}>
          <FieldOrExpression path={["value"]} label={word("value")} form={form} fits={(each) => each.sort === "number"} none={t("reportNoValue")} value={String(document["value"] ?? "")} change={(next) => change(["value"], next || undefined)} />
        </Labelled>
      </section>
      <Charts only={KINDS} />
    </div>
  );
}

const isState = (each: unknown): each is { name: string; title?: string } => isNode(each) && typeof each["name"] === "string";

function withoutStates(document: ReturnType<typeof useDesign>["document"]) {
  const { states: _, ...rest } = document;
  return rest;
}
