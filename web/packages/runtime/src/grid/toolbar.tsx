import { PlusOutlined, SearchOutlined, TeamOutlined } from "@ant-design/icons";
import { Strip, useComposing, useNarrow, useSettled, useSpeech } from "@lowcode/kit";
import type { Form, View } from "@lowcode/protocol";
import { manyOf } from "../fields";
import { Alert, Button, Input } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { Star } from "../favourites/star";
import { Filter } from "./filter";
import { useRuntime } from "../runtime";
import type { Columns } from "./columns";
import type { ListState } from "./state";
import { TransferMenu } from "./transfer_menu";
import { ViewMenu } from "./view_menu";
import { isSaved } from "./views";

/** Above a list: its views, the search, the filter, and what can be done. */
export function Toolbar({ form, state, refresh, count, ahead, tools, columns }: { form: Form; state: ListState; refresh: () => void; count?: ReactNode; ahead?: ReactNode; tools?: ReactNode; columns?: Columns }) {
  const { t, w } = useSpeech();
  const { openForm } = useRuntime();
  const narrow = useNarrow();
  const views = state.views.all;
  const menu = <ViewMenu form={form} state={state} columns={columns} />;
  const named = (view: View) => (isSaved(view) ? view.title : w(view.title) || w(manyOf(form)));
  const create = form.permissions["create"] && (
    <Button type="primary" icon={<PlusOutlined />} data-shortcut="n" aria-keyshortcuts="n" onClick={() => openForm({ form: form.name })}>
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
        {ahead}
        {create}
      </div>
      <div className="lc-view-row">
        {narrow ? (
          <select className="lc-native lc-views" aria-label={t("views")} value={state.view?.name ?? "none"} onChange={(event) => state.change({ view: event.target.value, drill: "" })}>
            {!state.view && (
              <option value="none" disabled>
                {t("views")}
              </option>
            )}
            {views.map((view) => (
              <option key={view.name} value={view.name}>
                {named(view)}
              </option>
            ))}
          </select>
        ) : (
          <Strip
            label={t("views")}
            at={state.view?.name ?? "none"}
            leaves={views.map((view) => ({ key: view.name, label: isSaved(view) && (view.roles.length > 0 || view.departments.length > 0) ? <span title={t("viewSharedBy", { name: view.by_whom })}><TeamOutlined aria-hidden /> {named(view)}</span> : named(view) }))}
            onTurn={(view) => state.change({ view, drill: "" })}
          />
        )}
        {state.view && <Star of={{ form: form.name, record: null, view: state.view.name }} name={named(state.view)} />}
        {menu}
      </div>
      {isSaved(state.view) && state.view.broken && <Alert type="warning" showIcon title={t("viewBroken")} description={state.view.broken} />}
      <div className="lc-tools">
        <Search value={state.search} change={(search) => state.change({ search })} label={t("searchIn", { name: w(manyOf(form)) })} />
        <Filter form={form} filter={state.filter} change={(filter) => state.change({ filter })} narrow={narrow} />
        <span className="lc-grow" />
        {tools}
        <TransferMenu form={form} state={state} refresh={refresh} />
      </div>
    </header>
  );
}

const PAUSE = 300;

function Search({ value, change, label }: { value: string; change: (value: string) => void; label: string }) {
  const [text, setText] = useState(value);
  const [composing, telling] = useComposing();
  const asked = useSettled(text.trim(), PAUSE, composing);
  useEffect(() => setText((before) => (before.trim() === value ? before : value)), [value]); // a blank at the end is on its way to the next word
  useEffect(() => {
    if (asked !== value) change(asked);
  }, [asked]);
  return <Input className="lc-search" prefix={<SearchOutlined aria-hidden />} allowClear aria-label={label} placeholder={label} value={text} {...telling} onChange={(event) => setText(event.target.value)} onPressEnter={() => change(text.trim())} />;
}
