import { Failure, link, Nothing, usePlace, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useBegunHere } from "../kept";
import { spokenIn } from "../titles";
import { isNode, type Json, type Node } from "../tree";
import type { Documents } from "../work";
import type { RulePalette } from "./about";
import { RuleDesk } from "./desk";
import { RulesList } from "./list";

/** The designer of one rule, or the rules there are. */
export default function RuleDesignerPage({ name }: { name?: string }) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  return name ? <Opened key={name} name={name} /> : <RulesList />;
}

/** A rule of the app, or a new one that the address says how to begin. */
function Opened({ name }: { name: string }) {
  const { client } = useRuntime();
  const { t, locale } = useSpeech();
  const { query } = usePlace();
  const [opened, setOpened] = useState(0);
  const here = useBegunHere(`rules/${name}.json`);
  const begin = [query.get("form"), query.get("on"), query.get("title"), query.get("copy"), query.get("scenario"), query.get("filled")];
  const found = useQuery({
    queryKey: ["rule-design", name, opened, ...begin],
    queryFn: async () => {
      const [{ documents }, palette] = await Promise.all([client.run<{ documents: Documents }>("app.documents", {}), client.run<RulePalette>("rules.rule_palette", {})]);
      const path = `rules/${name}.json`;
      const text = documents[path];
      if (text !== undefined) return { path, base: text, begun: JSON.parse(text) as Node, palette };
      return { path, base: "", begun: (await begunBy(begin)) ?? here() ?? null, palette };
    },
    gcTime: 0,
    staleTime: Infinity,
  });
  const begunBy = async ([form, on, title, copy, scenario, filled]: (string | null)[]): Promise<Node | null> => {
    if (scenario) return (await client.run<{ document: Node }>("rules.scenario", { scenario, name, ...(JSON.parse(filled ?? "{}") as object) })).document;
    if (copy) {
      const { documents } = await client.run<{ documents: Documents }>("app.documents", {});
      const from = documents[`rules/${copy}.json`];
      return from === undefined ? null : { ...(JSON.parse(from) as Node), name, ...(title ? { title: { [locale]: title } } : {}) };
    }
    return title && on ? { name, title: { [locale]: title }, ...(form ? { form } : {}), on: { [on]: true }, actions: [] } : null;
  };
  if (found.error) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const { path, base, palette } = found.data;
  const written = found.data.begun;
  if (written === null || (written["type"] ?? "rule") !== "rule") return <Nothing page title={t("pageMissing")} hint={t("ruleGone", { name })} action={<Button href={link(["rules"])}>{t("toList", { name: t("designRules") })}</Button>} />;
  const begun = base === "" ? whole(written, palette) : written;
  return <RuleDesk key={opened} name={name} path={path} base={base} begun={begun} palette={palette} reopen={() => setOpened(opened + 1)} />;
}

/** A new rule with what its trigger says to begin with, in the languages of the app. */
function whole(begun: Node, palette: RulePalette): Node {
  const on = isNode(begun["on"]) ? begun["on"] : {};
  const [name] = Object.keys(on);
  const trigger = palette.triggers.find((each) => each.name === name);
  const said: Json = on[name ?? ""] === true && trigger ? structuredClone(trigger.begin) : on;
  return { ...begun, on: spokenIn(said, palette.languages), title: palette.languages.length === 1 && isNode(begun["title"]) ? (Object.values(begun["title"])[0] ?? "") : (begun["title"] ?? "") };
}
