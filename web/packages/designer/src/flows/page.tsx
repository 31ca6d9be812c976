import { Failure, Nothing, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Kind, Palette } from "../design";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { FlowDesk } from "./desk";

export interface StepKind extends Omit<Kind, "begin" | "whole"> {
  begin: Node | null;
}

export interface FlowPalette extends Pick<Palette, "schema" | "words" | "functions" | "roles" | "languages"> {
  kinds: StepKind[];
  /** The options that name the step to go on with. */
  ways: string[];
  names: Record<"form" | "flow" | "template", string[]>;
}

/** The designer of one flow. */
export default function FlowDesignerPage({ name }: { name: string }) {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [opened, setOpened] = useState(0);
  const allowed = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["flow-design", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), enabled: allowed, gcTime: 0, staleTime: Infinity });
  const text = found.data?.documents[`flows/${name}.json`];
  const begun = text === undefined ? null : (JSON.parse(text) as Node);
  const form = begun ? String(begun["form"]) : "";
  const palette = useQuery({ queryKey: ["flow-palette", form], queryFn: () => client.run<FlowPalette>("flows.palette", { form }), enabled: form !== "", gcTime: 0, staleTime: Infinity });
  if (!allowed) return <Nothing title={t("forbidden")} hint={t("forbiddenHint")} />;
  const failed = found.error ?? palette.error;
  if (failed) return <Failure error={failed} retry={() => void found.refetch()} />;
  if (found.data && text === undefined) return <Nothing title={t("pageMissing")} hint={t("flowGone", { name })} />;
  if (!begun || text === undefined || !palette.data) return <Waiting />;
  if (narrow) return <Nothing title={t("flowDesign")} hint={t("flowOnPhone")} />;
  return <FlowDesk key={opened} name={name} base={text} begun={begun} palette={palette.data} reopen={() => setOpened(opened + 1)} />;
}

export const titles = (names: string[], title: (name: string) => Text | undefined): { value: string; title: Text }[] => names.map((value) => ({ value, title: title(value) ?? value }));
