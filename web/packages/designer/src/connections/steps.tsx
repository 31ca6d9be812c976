import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button } from "antd";
import { use } from "react";
import { Options } from "../controls";
import { DesignContext, optionWords, useDesign, type Offer } from "../design";
import { More } from "../flows/asking";
import { offersOf } from "../offers";
import { blank, resolved, type Schema } from "../schema";
import { isNode, pointerOf, type Node, type Path } from "../tree";
import { Mapping, Section } from "./mapping";

/** The sorts of steps there are: what each says besides its condition. */
function sortsOf(root: Schema): Record<string, Schema> {
  const ways = resolved(root.properties!["steps"]!.items ?? {}, root).anyOf ?? [];
  return Object.fromEntries(ways.map((each) => {
    const way = resolved(each, root);
    const name = way.required?.[0] ?? Object.keys(way.properties ?? {}).find((one) => one !== "when")!;
    return [name, resolved(way.properties![name]!, root)];
  }));
}

/** What is found or made by steps, by the names that later steps know it by. */
export function namedBy(steps: Node[]): { name: string; form: string; many: boolean }[] {
  return steps.flatMap((step) => {
    const [sort, part] = Object.entries(step).find(([each]) => each !== "when") ?? [];
    if (!isNode(part) || typeof part["as"] !== "string" || part["as"] === "") return [];
    return [{ name: part["as"], form: String(part["form"] ?? ""), many: sort === "list" || sort === "report" || "for_each" in part || "group" in part }];
  });
}

/** What is done, one step after the other. */
export function Steps({ sent }: { sent: Offer[] }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const sorts = sortsOf(palette.schema);
  const steps = Array.isArray(document["steps"]) ? document["steps"].filter(isNode) : [];
  const begin = (sort: string) => change(["steps", steps.length], { [sort]: blank(sorts[sort]!, palette.schema) });
  return (
    <Section title={t("endpointSteps")} hint={steps.length === 0 ? t("endpointStepsHint") : undefined} at={["/steps"]}>
      {steps.map((step, place) => <Step key={place} path={["steps", place]} step={step} before={steps.slice(0, place)} last={place === steps.length - 1} sorts={sorts} sent={sent} />)}
      <More words={t("endpointSteps")} called={t("endpointStepAdd")} names={Object.keys(sorts)} title={(name) => w(optionWords(palette, name))} add={begin} />
    </Section>
  );
}

interface StepProps {
  path: Path;
  step: Node;
  before: Node[];
  last: boolean;
  sorts: Record<string, Schema>;
  sent: Offer[];
}

function Step({ path, step, before, last, sorts, sent }: StepProps) {
  const design = use(DesignContext)!;
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { palette, findings, shift, change } = design;
  const place = Number(path[1]);
  const sort = Object.keys(step).find((each) => each !== "when") ?? "";
  const schema = sorts[sort];
  if (!schema) return null;
  const part = isNode(step[sort]) ? (step[sort] as Node) : {};
  const known = namedBy(before);
  const form = String(part["form"] ?? known.find((each) => each.name === part["record"])?.form ?? "");
  const title = `${place + 1}. ${w(optionWords(palette, sort))}`;
  const found: Offer[] = known.flatMap((each) => (each.many ? [{ path: each.name, title: each.name, type: "list" }] : (app.forms[each.form]?.fields ?? []).map((field) => ({ path: `${each.name}.${field.name}`, title: field.title ?? field.name, type: field.type }))));
  const item: Offer[] = "for_each" in part ? [{ path: "item.", title: t("askEntry"), type: "" }] : [];
  const names = { ...palette.names, record: known.filter((each) => !each.many).map((each) => ({ value: each.name, title: each.name })) };
  const pointer = pointerOf(path);
  const whole = findings.filter((each) => each.pointer === pointer || each.pointer === `${pointer}/${sort}`);
  const within: typeof design = { ...design, offers: form && "where" in (schema.properties ?? {}) ? offersOf(form, app.forms) : design.offers, palette: { ...palette, names, variables: [...sent, ...found, ...item, ...palette.variables] } };
  const when: Schema = { properties: { when: { format: "lowcode-expression", type: "string" } } };
  return (
    <DesignContext value={within}>
      <fieldset className="lc-flow-part" aria-label={title}>
        <legend>
          {title}
          <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: title })} onClick={() => shift(path, ["steps"], place - 1)} />
          <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={last} aria-label={t("designDown", { name: title })} onClick={() => shift(path, ["steps"], place + 2)} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => change(path, undefined)} />
        </legend>
        <Options schema={schema} path={[...path, sort]} skip={["values"]} />
        {schema.properties?.["values"] && <Mapping path={[...path, sort, "values"]} form={app.forms[form]} label={w(optionWords(palette, "values"))} hint={t("endpointValuesHint")} parts={[]} />}
        <Options schema={when} path={path} />
        {whole.map((each, at) => <div key={at} className="lc-design-wrong">{each.message} {each.hint}</div>)}
      </fieldset>
    </DesignContext>
  );
}
