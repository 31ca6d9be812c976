import { Failure, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Palette } from "../design";
import type { Schema } from "../schema";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { CalendarDesk } from "./desk";

export interface CalendarPalette extends Pick<Palette, "schema" | "words" | "functions" | "roles" | "languages"> {
  /** What a calendar of a team may say. */
  team: Schema;
  /** The countries whose holidays are here, each with its parts. */
  countries: Record<string, string[]>;
  departments: string[];
  zone: string;
  today: string;
}

const PATH = "app.json";

/** The designer of the working calendars of the app. */
export default function CalendarDesignerPage() {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  const [opened, setOpened] = useState(0);
  const allowed = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["calendar-design", opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), enabled: allowed, gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["calendar-palette", opened], queryFn: () => client.run<CalendarPalette>("app.calendar_palette", {}), enabled: allowed, gcTime: 0, staleTime: Infinity });
  if (!allowed) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void (found.error ? found : palette).refetch()} />;
  if (!found.data || !palette.data) return <Waiting />;
  const base = found.data.documents[PATH] ?? "{}";
  return <CalendarDesk key={opened} name="app" path={PATH} base={base} begun={JSON.parse(base) as Node} palette={palette.data} reopen={() => setOpened(opened + 1)} />;
}
