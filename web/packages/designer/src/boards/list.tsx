import { go, link, usePlace, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Form, Input, Modal, Segmented, Select } from "antd";
import { useMemo, useState } from "react";
import { Listed } from "../listed";
import { namedBy, placed } from "../named";
import { isNode, type Json, type Node } from "../tree";
import type { Documents } from "../work";
import { filtersOf, tilesOf } from "./board";

/** Boards that people made for themselves. */
export interface OwnBoards {
  items: { id: number; title: string; tiles: Json[]; filters: Json[]; person: string | null }[];
}

interface Line {
  name: string;
  title: string;
  document: Node;
}

/** The boards that everybody has: who sees each, and a new one. */
export function BoardsList() {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const { query } = usePlace();
  const found = useQuery({ queryKey: ["design", "documents"], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), staleTime: 0 });
  const lines = useMemo(() => found.data && { items: boardsOf(found.data.documents) }, [found.data]);
  const roleTitle = (name: Json) => w(app.roles?.find((each) => each.name === name)?.title) || String(name);
  const describe = ({ name, document }: Line) => {
    const roles = Array.isArray(document["roles"]) ? document["roles"].map(roleTitle) : [];
    return (
      <>
        {roles.length > 0 ? roles.join(w({ "zh-CN": "、", en: ", " })) : t("formEverybody")} · {t("boardTiles", { count: tilesOf(document).length })}
        {filtersOf(document).length > 0 && ` · ${t("boardFiltersCount", { count: filtersOf(document).length })}`} · <a href={link(["dashboard", name])}>{t("boardLook")}</a>
      </>
    );
  };
  const words = { title: t("designBoards"), hint: t("designBoardsHint"), none: t("boardsNone"), begin: t("boardNew") };
  const taken = (name: string) => `reports/${name}.json` in (found.data?.documents ?? {});
  return <Listed<Line> place="boards/design" begins={query.get("own") !== null} words={words} found={{ data: lines, error: found.error, refetch: found.refetch }} nameOf={(each) => each.name} describe={describe} beginning={(_, close) => <BeginBoard boards={lines?.items ?? []} own={Number(query.get("own")) || undefined} taken={taken} close={close} />} />;
}

function boardsOf(documents: Documents): Line[] {
  return Object.entries(documents)
    .filter(([path]) => path.startsWith("reports/"))
    .map(([, text]) => JSON.parse(text) as Json)
    .filter((each): each is Node => isNode(each) && each["type"] === "dashboard")
    .map((document) => ({ name: String(document["name"]), title: (document["title"] ?? document["name"]) as string, document }));
}

type From = "nothing" | "copy" | "own";

interface Wish {
  title: string;
  name: string;
  copy?: string;
  own?: number;
}

/** A new board: from nothing, from another one, or from what somebody made for themselves. It is nobody's before it is
 * published. */
function BeginBoard({ boards, own, taken, close }: { boards: Line[]; own: number | undefined; taken: (name: string) => boolean; close: () => void }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const [from, setFrom] = useState<From>(own === undefined ? "nothing" : "own");
  const theirs = useQuery({ queryKey: ["own-boards"], queryFn: () => client.run<OwnBoards>("reports.own_boards", {}), staleTime: 0 });
  const called = namedBy(form, "board", taken);
  const named = (title: string | undefined) => {
    if (!title || form.isFieldTouched("title")) return;
    form.setFieldValue("title", title);
    called({ title });
  };
  const begin = ({ title, name, copy, own: board }: Wish) => go(placed("boards/design", name, { title, from: from === "copy" ? copy : from === "own" ? `own:${board}` : undefined }));
  const owned = theirs.data?.items ?? [];
  const required = (name: string) => [{ required: true, message: t("required", { name }) }];
  return (
    <Modal open title={t("boardNew")} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <div className="lc-ruled-from">
        <Segmented<From> value={from} onChange={setFrom} options={[{ value: "nothing", label: t("ruleFromNothing") }, { value: "copy", label: t("ruleFromCopy") }, { value: "own", label: t("boardFromOwn") }]} />
      </div>
      <Form form={form} layout="vertical" initialValues={{ own }} onFinish={begin} onValuesChange={called}>
        {from === "copy" && (
          <Form.Item name="copy" label={t("ruleFromCopy")} rules={required(t("ruleFromCopy"))}>
            <Select showSearch={{ optionFilterProp: "label" }} options={boards.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
          </Form.Item>
        )}
        {from === "own" && (
          <Form.Item name="own" label={t("boardFromOwn")} rules={required(t("boardFromOwn"))} extra={theirs.data && owned.length === 0 ? t("boardsOwnNone") : undefined}>
            <Select loading={theirs.isPending} showSearch={{ optionFilterProp: "label" }} options={theirs.data ? owned.map((each) => ({ value: each.id, label: `${each.title} · ${each.person ?? "–"}` })) : []} onChange={(id: number) => named(owned.find((each) => each.id === id)?.title)} />
          </Form.Item>
        )}
        <Form.Item name="title" label={t("boardTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("boardTitle") }) }]}>
          <Input onPressEnter={() => form.submit()} />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken(value) ? Promise.reject(new Error(t("boardTaken"))) : Promise.resolve()) }]}>
          <Input onPressEnter={() => form.submit()} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
