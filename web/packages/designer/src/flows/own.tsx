import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMemo, type ReactNode } from "react";
import { useDesign, type Optional } from "../design";
import { AboutRule, useRule, type RulePalette } from "../rules/about";
import { ConditionBuilder } from "../rules/condition";
import { ownOption } from "../rules/options";
import { at, isNode, type Node } from "../tree";
import { useDeeds } from "./deeds";
import { People } from "./people";

const ITSELF = { "zh-CN": "流程的记录", en: "The record of the flow" };

/** Steps that change records, and what of them is said as actions of rules say it. */
const CHANGES = ["set", "update", "create", "delete"];
const SAID = ["values", "lines", "link", "relation", "where", "for_each"];

/** What of a flow is put together as rules are: conditions, and records that change with what they get. */
export function ownFlowOption(option: Optional, document: Node): ReactNode | undefined {
  const { name, path, schema } = option;
  const step = at(document, path.slice(0, 2));
  if (schema.items && (schema.items.anyOf ?? [schema.items]).some((each) => each.$ref?.endsWith("/PersonSource"))) return <Whoever option={option} />;
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
