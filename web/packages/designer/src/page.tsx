import { Failure, Nothing, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Offers, Palette } from "./design";
import { Looked } from "./looked";
import type { Node } from "./tree";
import type { Designed } from "./use_draft";
import { Workshop } from "./workshop";

/** The designer of one template: blocks are dragged onto the paper, their options filled in, and the pages looked at. */
export default function DesignerPage({ name }: { name: string }) {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [opened, setOpened] = useState(0);
  const allowed = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["design", name, opened], queryFn: () => client.run<Designed>("printing.design", { name }), enabled: allowed, retry: false, gcTime: 0, staleTime: Infinity });
  const document = found.data?.draft?.document ?? found.data?.published ?? null;
  const form = document ? String((document as Node)["form"]) : "";
  const palette = useQuery({ queryKey: ["design-palette", form], queryFn: () => client.run<Palette>("printing.palette", { form }), enabled: form !== "" });
  const offers = useQuery({ queryKey: ["template-holders", form], queryFn: () => client.run<Offers>("printing.holders", { form }), enabled: form !== "" });
  if (!allowed) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const failed = found.error ?? palette.error ?? offers.error;
  if (failed) return <Failure page error={failed} retry={() => void found.refetch()} />;
  if (!found.data || !document || !palette.data || !offers.data) return <Waiting />;
  if (narrow) return <Looked document={document} languages={palette.data.languages} />;
  return <Workshop key={opened} opened={found.data} begun={document} palette={palette.data} offers={offers.data} reopen={() => setOpened(opened + 1)} />;
}
