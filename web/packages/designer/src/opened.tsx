import { Failure, Nothing, usePlace, useSpeech, Waiting, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Fragment, useState, type ReactNode } from "react";
import type { Palette } from "./design";
import { useBegunHere } from "./kept";
import { placed } from "./named";
import type { Node } from "./tree";
import type { Documents } from "./work";

/** What a desk begins with. */
export interface Begun<Known> {
  name: string;
  path: string;
  base: string;
  begun: Node;
  palette: Known;
  reopen: () => void;
}

interface Props<Known> {
  name?: string;
  place: string;
  /** The folder of its documents; left out, that of rules. */
  folder?: string;
  /** The types of its documents, that of a new one first, and the operation that says what they may hold. */
  type: string | readonly string[];
  palette: string;
  words: { list: TextKey; gone: TextKey };
  list: ReactNode;
  /** What a new one says, about a form, or as the address asks; left out where each is published before it is designed. */
  begin?: (palette: Known, form: string, asked: { query: URLSearchParams; documents: Documents }) => Node;
  /** Whether one can be begun that is about no form itself. */
  formless?: boolean;
  desk: (begun: Begun<Known>) => ReactNode;
}

/** The designer of one document of a folder, or the documents there are. */
export function Designed<Known extends Pick<Palette, "languages">>({ name, list, ...props }: Props<Known>) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  return name ? <Opened key={name} name={name} {...props} /> : list;
}

function Opened<Known extends Pick<Palette, "languages">>({ name, place, folder = "rules", type, palette: operation, words, begin, formless = false, desk }: Omit<Props<Known>, "list" | "name"> & { name: string }) {
  const { client } = useRuntime();
  const { t, locale } = useSpeech();
  const { query } = usePlace();
  const [opened, setOpened] = useState(0);
  const path = `${folder}/${name}.json`;
  const here = useBegunHere(path);
  const found = useQuery({ queryKey: ["design", operation, name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["palette", operation], queryFn: () => client.run<Known>(operation, {}), gcTime: 0, staleTime: Infinity });
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void (found.error ? found : palette).refetch()} />;
  if (!found.data || !palette.data) return <Waiting />;
  const types = typeof type === "string" ? [type] : type;
  const text = found.data.documents[path];
  const [form, title] = [query.get("form"), query.get("title")];
  const known = palette.data;
  const made = (): Node | undefined => (begin && title && (form || formless) ? { name, title: known.languages.length > 1 ? { [locale]: title } : title, type: types[0]!, ...(form && { form }), ...begin(known, form ?? "", { query, documents: found.data.documents }) } : undefined);
  const written = text === undefined ? (made() ?? here()) : (JSON.parse(text) as Node);
  if (!types.includes(String(written?.["type"]))) return <Nothing page title={t("pageMissing")} hint={t(words.gone, { name })} action={<Button href={placed(place)}>{t("toList", { name: t(words.list) })}</Button>} />;
  const begun = { name, path, base: text ?? "", begun: written!, palette: palette.data, reopen: () => setOpened(opened + 1) };
  return <Fragment key={opened}>{desk(begun)}</Fragment>;
}
