import { Failure, Nothing, usePlace, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Fragment, useState } from "react";
import { useBegunHere } from "../kept";
import { placed } from "../named";
import type { Json, Node } from "../tree";
import type { Documents } from "../work";
import { BoardDesk, type BoardPalette } from "./desk";
import { BoardsList, type OwnBoards } from "./list";

/** The designer of a board that everybody has, or the boards there are. */
export default function BoardDesignerPage({ name }: { name?: string }) {
  const { session } = useRuntime();
  const { t } = useSpeech();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  return name ? <Opened key={name} name={name} /> : <BoardsList />;
}

function Opened({ name }: { name: string }) {
  const { client } = useRuntime();
  const { t, locale } = useSpeech();
  const { query } = usePlace();
  const [opened, setOpened] = useState(0);
  const path = `reports/${name}.json`;
  const here = useBegunHere(path);
  const [from, title] = [query.get("from"), query.get("title")];
  const own = from?.startsWith("own:") ? Number(from.slice(4)) : undefined;
  const found = useQuery({ queryKey: ["design", "board", name, opened], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: Infinity });
  const palette = useQuery({ queryKey: ["palette", "reports.board_palette", opened], queryFn: () => client.run<BoardPalette>("reports.board_palette", {}), gcTime: 0, staleTime: Infinity });
  const theirs = useQuery({ queryKey: ["own-boards"], queryFn: () => client.run<OwnBoards>("reports.own_boards", {}), enabled: own !== undefined, staleTime: Infinity });
  const failed = [found, palette, theirs].find((each) => each.error);
  if (failed) return <Failure page error={failed.error} retry={() => void failed.refetch()} />;
  if (!found.data || !palette.data || (own !== undefined && !theirs.data)) return <Waiting />;
  const { documents } = found.data;
  const { languages } = palette.data;
  const spoken: Json = title && languages.length > 1 ? { [locale]: title } : (title ?? name);
  const begun = (): Node | undefined => {
    if (!title) return undefined;
    const begin: Node = { name, title: spoken, type: "dashboard" };
    if (own !== undefined) {
      const board = theirs.data?.items.find((each) => each.id === own);
      return board && { ...begin, filters: board.filters, tiles: board.tiles };
    }
    const copied = from ? documents[`reports/${from}.json`] : undefined;
    return copied === undefined ? { ...begin, filters: [], tiles: [] } : { ...(JSON.parse(copied) as Node), ...begin };
  };
  const text = documents[path];
  const written = text === undefined ? (begun() ?? here()) : (JSON.parse(text) as Node);
  if (written?.["type"] !== "dashboard") return <Nothing page title={t("pageMissing")} hint={t("boardGone", { name })} action={<Button href={placed("boards/design")}>{t("toList", { name: t("designBoards") })}</Button>} />;
  return <Fragment key={opened}><BoardDesk name={name} path={path} base={text ?? ""} begun={written} palette={palette.data} reopen={() => setOpened(opened + 1)} /></Fragment>;
}
