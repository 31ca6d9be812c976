import { DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button, InputNumber } from "antd";
import { useMemo, type ReactNode } from "react";
import { Options } from "../controls";
import { optionWords, useDesign, type Optional } from "../design";
import { AboutRule, Labelled, useRule, type RulePalette } from "../rules/about";
import { ConditionBuilder } from "../rules/condition";
import { ownOption } from "../rules/options";
import { resolved, type Schema } from "../schema";
import { at, isNode, type Node, type Path } from "../tree";
import { useDeeds } from "./deeds";
import { People } from "./people";
import { picked } from "./schemas";

const ITSELF = { "zh-CN": "流程的记录", en: "The record of the flow" };

/** Steps that change records, and what of them is said as actions of rules say it. */
const CHANGES = ["set", "update", "create", "delete"];
const UNITS = ["days", "hours", "minutes"];
const SAID = ["values", "lines", "link", "relation", "where", "for_each", "rows"];

/** Whether something has no meaning by what is said beside it, and is not said: it is not asked for. */
function idle({ name, path }: Optional, document: Node): boolean {
  const found = at(document, path.slice(0, -1));
  const said: Node = isNode(found) ? found : {};
  const by = (key: string, usual: string) => String(said[key] ?? usual);
  if (said[name] !== undefined) return false;
  const timed = ["deadline", "ladder"].some((each) => path.includes(each));
  switch (name) {
    case "passes": return by("mode", "all") !== "vote";
    case "claim": return by("mode", "all") !== "any";
    case "link_by": return said["by_link"] === undefined;
    case "resume": return !Array.isArray(said["returns"]) || said["returns"].length === 0;
    case "late": return !JSON.stringify(said["deadline"] ?? null).includes('"leave"');
    case "people": return timed && by("then", by("do", "remind")) !== "hand_to";
    case "times": return timed && !["remind", "tell_manager"].includes(by("then", "remind"));
    default: return false;
  }
}

/** Whether an option is a span of time and nothing else. */
const spanned = (schema: Schema): boolean => [schema, ...(schema.anyOf ?? [])].some((each) => each.$ref?.endsWith("/SpanDocument"));

/** A span of time, said in place. */
function Span({ option: { name, path, schema, required } }: { option: Optional }) {
  const { palette, change } = useDesign();
  const { t, w } = useSpeech();
  const label = w(optionWords(palette, name, path));
  const away = !required && schema.default == null;
  return (
    <Labelled label={label} path={path} required={required} within deed={away && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: label })} onClick={() => change(path, undefined)} />}>
      <SpanRow path={path} />
      <Options schema={picked(resolved({ $ref: "#/$defs/SpanDocument" }, palette.schema), ["working"])} path={path} />
    </Labelled>
  );
}

/** How long: days, hours and minutes beside one another. */
function SpanRow({ path }: { path: Path }) {
  const { document, palette, change } = useDesign();
  const { w } = useSpeech();
  return (
    <div className="lc-flow-span">
      {UNITS.map((unit) => {
        const found = at(document, [...path, unit]);
        const label = w(palette.words.options[unit]) || unit;
        return <InputNumber key={unit} aria-label={label} suffix={label} min={0} precision={0} placeholder="0" value={typeof found === "number" ? found : null} onChange={(next) => change([...path, unit], next ?? undefined)} />;
      })}
    </div>
  );
}

/** What of a flow is put together as rules are: conditions, and records that change with what they get. */
export function ownFlowOption(option: Optional, document: Node): ReactNode | undefined {
  const { name, path, schema } = option;
  const step = at(document, path.slice(0, 2));
  if (idle(option, document)) return <></>;
  if (spanned(schema) && (option.required || at(document, path) !== undefined)) return <Span option={option} />;
  if (schema.items && (schema.items.anyOf ?? [schema.items]).some((each) => each.$ref?.endsWith("/PersonSource"))) return <Whoever option={option} />;
  if (UNITS.includes(name)) return name === "days" ? <SpanRow path={path.slice(0, -1)} /> : <></>;
  if (name === "when" && schema.format === "lowcode-expression") return <Condition option={option} />;
  if (name === "where" && path.length > 3) return ownOption(option);
  return isNode(step) && CHANGES.includes(String(step["type"])) && SAID.includes(name) ? ownOption(option) : undefined;
}

/** People as a step names them, wherever in it. */
function Whoever({ option: { name, path } }: { option: Optional }) {
  const { form } = useRule();
  return <People name={name} path={path} form={form} />;
}

function Condition({ option: { name, path } }: { option: Optional }) {
  const { palette } = useDesign();
  const { w } = useSpeech();
  return <ConditionBuilder path={path} label={w(palette.words.options[name]) || name} />;
}

/** A flow, as what it has in common with rules is spoken of. */
export function AboutFlow({ form, children }: { form: string; children: ReactNode }) {
  const { app } = useRuntime();
  const { palette } = useDeeds();
  const known = useMemo<RulePalette>(() => ({ ...palette, kinds: [], triggers: [], analysers: [], events: [], known: { form: Object.values(app.forms).map((each) => ({ name: each.name, title: each.title ?? each.name })) } }), [palette, app]);
  return <AboutRule palette={known} about={form} event={false} itself={ITSELF}>{children}</AboutRule>;
}
