import { Failure, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import type { Palette } from "../design";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { Desk } from "./desk";
import { TablesList } from "./list";

interface TablePalette extends Palette {
  forms: string[];
}

/** The designer of one decision table, or the tables there are. */
export default function TableDesignerPage({ name }: { name?: string }) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  return name ? <Opened key={name} name={name} /> : <TablesList />;
}

function Opened({ name }: { name: string }) {
  const { client, app } = useRuntime();
  const { t } = useSpeech();
  const [opened, setOpened] = useState(0);
  const found = useQuery({ queryKey: ["table-design", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["table-palette"], queryFn: () => client.run<TablePalette>("rules.table_palette", {}), staleTime: Infinity });
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void (found.error ? found : palette).refetch()} />;
  if (!found.data || !palette.data) return <Waiting />;
  const path = `rules/${name}.json`;
  const text = found.data.documents[path];
  const written = text === undefined ? undefined : (JSON.parse(text) as Node);
  if (written?.["type"] !== "table") return <Nothing page title={t("pageMissing")} hint={t("tableGone", { name })} action={<Button href={link(["tables"])}>{t("toList", { name: t("designTables") })}</Button>} />;
  const titled = palette.data.forms.map((value) => ({ value, title: app.forms[value]?.title ?? value }));
  return <Desk key={opened} name={name} path={path} base={text!} begun={written} palette={{ ...palette.data, variables: [], pictures: [], reports: [], outputs: [], names: { form: titled } }} reopen={() => setOpened(opened + 1)} />;
}
