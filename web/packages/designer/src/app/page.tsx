import { CalendarOutlined } from "@ant-design/icons";
import { Failure, Nothing, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import type { Palette } from "../design";
import { placed } from "../named";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { AppDesk } from "./desk";

/** What of the app a menu or a first page may name. */
export interface AppPalette extends Palette {
  own: Record<"form" | "dashboard" | "report", Record<string, Text>>;
  views: Record<string, { name: string; title: Text }[]>;
}

/** The designer of the app as a whole. */
export default function AppDesignerPage() {
  const { session, client } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [opened, setOpened] = useState(0);
  const may = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["app-design", opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), enabled: may, gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["app-palette", opened], queryFn: () => client.run<AppPalette>("app.palette", {}), enabled: may, gcTime: 0, staleTime: Infinity });
  if (!may) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  if (narrow) return <Nothing page title={t("designApp")} hint={t("appOnPhone")} action={<Button icon={<CalendarOutlined />} href={placed("app/calendars")}>{t("designCalendars")}</Button>} />;
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void (found.error ? found : palette).refetch()} />;
  const text = found.data?.documents["app.json"];
  if (text === undefined || !palette.data) return <Waiting />;
  return <AppDesk key={opened} base={text} begun={JSON.parse(text) as Node} palette={{ ...palette.data, variables: [], pictures: [], reports: [], outputs: [] }} reopen={() => setOpened(opened + 1)} />;
}
