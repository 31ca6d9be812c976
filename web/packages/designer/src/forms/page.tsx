import { Failure, link, Nothing, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import type { Palette } from "../design";
import type { Node } from "../tree";
import { Desk } from "./desk";
import type { Documents } from "../work";
import { FormsList } from "./list";
import type { Needed } from "./settings/parts";

export interface FormPalette extends Palette {
  forms: string[];
  /** What a role may be permitted to do. */
  verbs: string[];
  /** The fields a kind of view is drawn by. */
  views: Record<string, Needed[]>;
}

/** The designer of one form, or the forms there are. */
export default function FormDesignerPage({ name }: { name?: string }) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  return name ? <Opened key={name} name={name} /> : <FormsList />;
}

function Opened({ name }: { name: string }) {
  const { client, app } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [opened, setOpened] = useState(0);
  const found = useQuery({ queryKey: ["form-design", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["form-palette", name], queryFn: () => client.run<FormPalette>("forms.palette", { form: name }), gcTime: 0, staleTime: Infinity });
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void found.refetch()} />;
  if (!found.data || !palette.data) return <Waiting />;
  const back = <Button href={link(["forms"])}>{t("toList", { name: t("designForms") })}</Button>;
  const text = found.data.documents[`forms/${name}.json`];
  if (text === undefined) return <Nothing page title={t("pageMissing")} hint={t("formGone", { name })} action={back} />;
  if (narrow) return <Nothing page title={t("designForms")} hint={t("designFormOnPhone")} action={back} />;
  return <Desk key={opened} name={name} base={text} begun={JSON.parse(text) as Node} palette={{ ...palette.data, variables: [], pictures: [], reports: [], outputs: [], names: { to: palette.data.forms.map((value) => ({ value, title: app.forms[value]?.title ?? value })), role: palette.data.roles.map((value) => ({ value, title: app.roles?.find((each) => each.name === value)?.title ?? value })) } }} reopen={() => setOpened(opened + 1)} />;
}
