import { PlusOutlined, SearchOutlined } from "@ant-design/icons";
import { useNarrow, useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { manyOf } from "../fields";
import { Button, Input, Select, Tabs } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { Filter } from "./filter";
import { useRuntime } from "../runtime";
import { viewsOf, type ListState } from "./state";
import { TransferMenu } from "./transfer_menu";

/** Above a list: its views, the search, the filter, and what can be done. */
export function Toolbar({ form, state, refresh, count, tools }: { form: Form; state: ListState; refresh: () => void; count?: ReactNode; tools?: ReactNode }) {
  const { t, w } = useSpeech();
  const { openForm } = useRuntime();
  const narrow = useNarrow();
  const views = viewsOf(form);
  const create = form.permissions["create"] && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => openForm({ form: form.name })}>
      {narrow ? null : t("create")}
      {narrow && <span className="lc-hidden">{t("create")}</span>}
    </Button>
  );
  return (
    <header className="lc-head">
      <div className="lc-head-title">
        <h1>{w(manyOf(form))}</h1>
        {count}
        <span className="lc-grow" />
        {create}
      </div>
      {views.length > 1 &&
        (narrow ? (
          <Select aria-label={t("views")} className="lc-fill lc-views" value={state.view?.name ?? null} placeholder={t("views")} options={views.map((view) => ({ value: view.name, label: w(view.title) }))} onChange={(view: string) => state.change({ view, drill: "" })} />
        ) : (
          <Tabs className="lc-views" aria-label={t("views")} activeKey={state.view?.name ?? "none"} items={views.map((view) => ({ key: view.name, label: w(view.title) }))} onChange={(view) => state.change({ view, drill: "" })} />
        ))}
      <div className="lc-tools">
        <Search value={state.search} change={(search) => state.change({ search })} label={t("searchIn", { name: w(manyOf(form)) })} />
        <Filter form={form} conditions={state.conditions} change={(conditions) => state.change({ conditions })} narrow={narrow} />
        <span className="lc-grow" />
        {tools}
        <TransferMenu form={form} state={state} refresh={refresh} />
      </div>
    </header>
  );
}

function Search({ value, change, label }: { value: string; change: (value: string) => void; label: string }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, value, change]);
  return <Input className="lc-search" prefix={<SearchOutlined aria-hidden />} allowClear aria-label={label} placeholder={label} value={text} onChange={(event) => setText(event.target.value)} onPressEnter={() => change(text.trim())} />;
}
