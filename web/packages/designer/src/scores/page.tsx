import { Failure, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import type { Palette } from "../design";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { ScoreDesk } from "./desk";
import { ScoresList } from "./list";

export interface ScorePalette extends Palette {
  forms: string[];
  /** Of each form the relations whose records may be counted, with the form they lead to. */
  relations: Record<string, Record<string, string>>;
  scorers: string[];
}

/** The designer of one score card, or the cards there are. */
export default function ScoreDesignerPage({ name }: { name?: string }) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  return name ? <Opened key={name} name={name} /> : <ScoresList />;
}

function Opened({ name }: { name: string }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [opened, setOpened] = useState(0);
  const found = useQuery({ queryKey: ["score-design", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["score-palette"], queryFn: () => client.run<ScorePalette>("rules.score_palette", {}), gcTime: 0, staleTime: Infinity });
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void (found.error ? found : palette).refetch()} />;
  if (!found.data || !palette.data) return <Waiting />;
  const path = `rules/${name}.json`;
  const text = found.data.documents[path];
  const written = text === undefined ? undefined : (JSON.parse(text) as Node);
  if (written?.["type"] !== "score_card") return <Nothing page title={t("pageMissing")} hint={t("scoreGone", { name })} action={<Button href={link(["scores"])}>{t("toList", { name: t("designScores") })}</Button>} />;
  return <ScoreDesk key={opened} name={name} path={path} base={text!} begun={written} palette={palette.data} reopen={() => setOpened(opened + 1)} />;
}
