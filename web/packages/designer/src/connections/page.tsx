import { Failure, link, Nothing, usePlace, useSpeech, Waiting } from "@lowcode/kit";
import type { NamedSecret, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState } from "react";
import type { Palette } from "../design";
import { useBegunHere } from "../kept";
import type { Schema } from "../schema";
import type { Node } from "../tree";
import type { Documents } from "../work";
import { ConnectionDesk } from "./desk";
import { Kinds } from "./kinds";

export interface ConnectionKind {
  name: string;
  group: string;
  /** What it needs, in a sentence. */
  help: Text;
  begin: Node;
  schema: Schema;
  /** What it calls an option that others call otherwise. */
  words: Record<string, Text>;
}

/** What often sends something in: the beginning of a document of a kind, with a sample of what is sent. */
export interface Preset {
  name: string;
  title: Text;
  help: Text;
  begin: Node;
  sample: Node;
}

export interface ConnectionPalette extends Pick<Palette, "words" | "functions" | "roles" | "languages"> {
  kinds: ConnectionKind[];
  presets: Preset[];
  forms: string[];
  files: string[];
  flows: string[];
  reports: string[];
  people: { login: string; name: string }[];
  /** By whose applications people may sign in or be followed. */
  connections: { name: string; title: Text; type: string }[];
  departments: string[];
  secrets: NamedSecret[];
}

/** The kinds of connections to begin with, or one connection: of the app, or a new one that the address names. */
export default function ConnectionDesignerPage({ name }: { name?: string }) {
  const { client, session } = useRuntime();
  const { t, locale } = useSpeech();
  const { query } = usePlace();
  const [opened, setOpened] = useState(0);
  const allowed = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["connection-design", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), enabled: allowed, gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["connection-palette", opened], queryFn: () => client.run<ConnectionPalette>("api.connection_palette", {}), enabled: allowed, gcTime: 0, staleTime: Infinity });
  const here = useBegunHere(`api/${name}.json`);
  const [type, title, of] = [query.get("type"), query.get("title"), query.get("of")];
  const begun = useMemo(() => {
    if (!name || !found.data || !palette.data) return null;
    const there = written(found.data.documents)[name];
    if (there) return there;
    const kind = palette.data.kinds.find((each) => each.name === type);
    const preset = palette.data.presets.find((each) => each.name === of && each.begin["type"] === type);
    const begin: Node | undefined = preset ? ({ ...preset.begin, payload: { examples: [preset.sample] } } as Node) : kind?.begin;
    const own = begin?.["path"] === "" ? { path: name } : {};
    const document = begin ? ({ name, title: palette.data.languages.length > 1 ? { [locale]: title ?? name } : (title ?? name), ...begin, ...own } as Node) : here();
    return document ? { path: `api/${name}.json`, base: "", document } : null;
  }, [found.data, palette.data, name, type, title, of, locale]); // eslint-disable-line react-hooks/exhaustive-deps
  if (!allowed) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const failed = found.error ?? palette.error;
  if (failed) return <Failure page error={failed} retry={() => void (found.error ? found : palette).refetch()} />;
  if (!found.data || !palette.data) return <Waiting />;
  if (!name) return <Kinds palette={palette.data} taken={Object.keys(written(found.data.documents))} />;
  const kind = palette.data.kinds.find((each) => each.name === begun?.document["type"]);
  if (!begun || !kind) return <Nothing page title={t("pageMissing")} hint={t("connectionGone", { name })} action={<Button href={link(["connections"])}>{t("connections")}</Button>} />;
  return <ConnectionDesk key={opened} name={name} path={begun.path} base={begun.base} begun={begun.document} palette={palette.data} kind={kind} reopen={() => setOpened(opened + 1)} />;
}

/** The documents of the folder by their names. */
function written(documents: Documents): Record<string, { path: string; base: string; document: Node }> {
  const found = Object.entries(documents).filter(([path]) => /^api\/[^/]+\.json$/.test(path)).map(([path, base]) => ({ path, base, document: JSON.parse(base) as Node }));
  return Object.fromEntries(found.map((each) => [String(each.document["name"]), each]));
}
