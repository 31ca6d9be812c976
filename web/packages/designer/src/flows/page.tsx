import { Failure, link, Nothing, usePlace, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState } from "react";
import type { Kind, Palette } from "../design";
import { useBegunHere } from "../kept";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { BeginFlow, blankFlow } from "./begin";
import { FlowDesk } from "./desk";

export interface StepKind extends Omit<Kind, "begin" | "whole"> {
  begin: Node | null;
  /** What can be caught at such a step. */
  events: string[];
}

export interface FlowPalette extends Pick<Palette, "schema" | "words" | "functions" | "roles" | "languages"> {
  kinds: StepKind[];
  /** The options that name the step to go on with. */
  ways: string[];
  people: { name: string; title: Text }[];
  departments: { name: string; title: Text }[];
  /** Of each form its related records, with their form. */
  relations: Record<string, Record<string, string>>;
  names: Record<"form" | "flow" | "template" | "connector" | "channel", string[]>;
}

/** The designer of one flow: one of the app, or a new one of a form, that the address names. */
export default function FlowDesignerPage({ name }: { name?: string }) {
  const { app, client, session } = useRuntime();
  const { t, locale } = useSpeech();
  const { query } = usePlace();
  const [opened, setOpened] = useState(0);
  const allowed = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["flow-design", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), enabled: allowed, gcTime: 0, staleTime: Infinity });
  const path = `flows/${name}.json`;
  const text = found.data?.documents[path];
  const here = useBegunHere(path);
  const [form, title] = [query.get("form"), query.get("title")];
  const begun = useMemo(() => (text !== undefined ? (JSON.parse(text) as Node) : name && form ? blankFlow(name, form, title ?? name, locale, app.forms[form]?.label) : (here() ?? null)), [text, name, form, title, locale, opened]); // eslint-disable-line react-hooks/exhaustive-deps
  const of = begun ? String(begun["form"]) : "";
  const palette = useQuery({ queryKey: ["flow-palette", of], queryFn: () => client.run<FlowPalette>("flows.palette", { form: of }), enabled: allowed && of !== "", gcTime: 0, staleTime: Infinity });
  if (!allowed) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  if (!name) return <BeginFlow taken={Object.keys(found.data.documents)} />;
  if (!begun) return <Nothing page title={t("pageMissing")} hint={t("flowGone", { name })} action={<Button href={link(["flows"])}>{t("flows")}</Button>} />;
  if (!palette.data) return <Waiting />;
  return <FlowDesk key={opened} name={name} base={text ?? ""} begun={begun} palette={palette.data} reopen={() => setOpened(opened + 1)} />;
}

export const titles = (names: string[], title: (name: string) => Text | undefined): { value: string; title: Text }[] => names.map((value) => ({ value, title: title(value) ?? value }));
