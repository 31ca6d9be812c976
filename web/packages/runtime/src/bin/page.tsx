import { DeleteOutlined, RollbackOutlined, SplitCellsOutlined } from "@ant-design/icons";
import { ago, brief, Failure, Icon, instant, Nothing, Sketch, useNarrow, useSpeech, When } from "@lowcode/kit";
import { useInfiniteQuery } from "@tanstack/react-query";
import { App, Button, Checkbox, Input, Select } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";
import { useReturn, type Deleted } from "./return";

const BringBack = lazy(() => import("./bring_back"));
const Purge = lazy(() => import("./purge"));
const UndoMerge = lazy(() => import("./undo_merge"));

interface Page {
  items: Deleted[];
  next: string | null;
  forms: string[];
}

const keyOf = ({ form, id }: Deleted): string => `${form}/${id}`;

/** What was deleted: found by form and words, brought back, or gone for good. */
export default function BinPage() {
  const { app, client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const { message } = App.useApp();
  const [form, setForm] = useState<string | undefined>(undefined);
  const [words, setWords] = useState("");
  const [mine, setMine] = useState(false);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [purging, setPurging] = useState<Deleted[] | null>(null);
  const [unmerging, setUnmerging] = useState<Deleted | null>(null);
  const { asked, look, close, busy } = useReturn();
  const found = useInfiniteQuery({
    queryKey: ["records", "bin", form, words, mine],
    queryFn: ({ pageParam }) => client.run<Page>("forms.list_deleted", { form, search: words || undefined, mine, after: pageParam || undefined }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => choose(new Set()), [form, words, mine]);
  const items = (found.data?.pages.flatMap((page) => page.items) ?? []).filter((each) => app.forms[each.form]);
  const forms = (found.data?.pages[0]?.forms ?? []).filter((each) => app.forms[each]);
  const picked = items.filter((each) => chosen.has(keyOf(each)));
  const clear = () => choose(new Set());
  const turn = (each: Deleted, on: boolean) => choose(new Set(on ? [...chosen, keyOf(each)] : [...chosen].filter((key) => key !== keyOf(each))));
  const back = (some: Deleted[]) => void look(some).then((done) => done && clear(), (error: unknown) => void message.error(brief(error, speech), 6));
  const filtered = form !== undefined || words !== "" || mine;
  return (
    <div className="lc-page lc-bin">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("bin")}</h1>
        </div>
        <p className="lc-quiet">{t("binHint")}</p>
      </header>
      <div className="lc-bin-bar" role="search">
        <Select
          className="lc-bin-form"
          aria-label={t("binForm")}
          value={form ?? ""}
          onChange={(value) => setForm(value || undefined)}
          options={[{ value: "", label: t("binEvery") }, ...forms.map((each) => ({ value: each, label: w(manyOf(app.forms[each]!)) }))]}
        />
        <Input.Search className="lc-bin-search" aria-label={t("binSearch")} placeholder={t("binSearch")} allowClear onSearch={(text) => setWords(text.trim())} />
        <Checkbox checked={mine} onChange={(event) => setMine(event.target.checked)}>
          {t("binMine")}
        </Checkbox>
      </div>
      {found.error ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Sketch rows={6} />
      ) : items.length === 0 ? (
        <div className="lc-sheet"><Nothing title={t(filtered ? "binNone" : "binEmpty")} hint={filtered ? undefined : t("binEmptyHint")} /></div>
      ) : (
        <>
          <Chosen items={items} picked={picked} busy={busy} all={(on) => choose(new Set(on ? items.map(keyOf) : []))} back={() => back(picked)} purge={() => setPurging(picked.filter((each) => each.can.purge))} />
          <ul className="lc-bin-list">
            {items.map((each) => (
              <Line key={keyOf(each)} item={each} on={chosen.has(keyOf(each))} turn={(on) => turn(each, on)} busy={busy} back={() => back([each])} purge={() => setPurging([each])} unmerge={() => setUnmerging(each)} />
            ))}
          </ul>
          {found.hasNextPage && (
            <Button type="text" block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t("loadMore")}
            </Button>
          )}
        </>
      )}
      <Suspense fallback={null}>
        {asked && <BringBack asked={asked} close={(done) => { close(); if (done) clear(); }} />}
        {purging && purging.length > 0 && <Purge items={purging} close={(done) => { setPurging(null); if (done) clear(); }} />}
        {unmerging && <UndoMerge merge={unmerging.of!} form={unmerging.form} close={() => setUnmerging(null)} />}
      </Suspense>
    </div>
  );
}

/** What is done with the chosen ones. */
function Chosen({ items, picked, busy, all, back, purge }: { items: Deleted[]; picked: Deleted[]; busy: boolean; all: (on: boolean) => void; back: () => void; purge: () => void }) {
  const { t } = useSpeech();
  const some = picked.length > 0;
  return (
    <div className="lc-bin-chosen">
      <Checkbox aria-label={t("binChooseAll")} checked={picked.length === items.length} indeterminate={some && picked.length < items.length} onChange={(event) => all(event.target.checked)} />
      <span role="status">{some ? t("selected", { count: picked.length }) : t("chooseNone")}</span>
      <Button size="small" icon={<RollbackOutlined />} loading={busy} disabled={!some || picked.some((each) => !each.can.restore)} onClick={back}>
        {t("bringBack")}
      </Button>
      {items.some((each) => each.can.purge) && (
        <Button size="small" danger icon={<DeleteOutlined />} disabled={!some || picked.some((each) => !each.can.purge)} onClick={purge}>
          {t("purge")}
        </Button>
      )}
    </div>
  );
}

/** One of them: what it is called, when it was deleted, by whom and why. */
function Line({ item, on, turn, busy, back, purge, unmerge }: { item: Deleted; on: boolean; turn: (on: boolean) => void; busy: boolean; back: () => void; purge: () => void; unmerge: () => void }) {
  const { app } = useRuntime();
  const { t, w, chinese } = useSpeech();
  const narrow = useNarrow();
  const form = app.forms[item.form]!;
  const merged = item.cause === "merge" && item.of !== null;
  return (
    <li>
      <Checkbox aria-label={t("binChoose", { name: item.label })} checked={on} onChange={(event) => turn(event.target.checked)} />
      <Icon name={form.icon} fallback={form.name} />
      <div className="lc-bin-words">
        <strong>{item.label}</strong>
        <span className="lc-quiet">
          {w(form.title)} · <When at={item.at} /> · {item.by?.label ?? t("application")} · {item.with ? t("binWithWhich", { name: item.with.label }) : t(`binWhy_${item.cause}`)}
          {item.goes_at && <span title={instant(item.goes_at, true)}> · {t("binGoes", { when: ago(item.goes_at, chinese) })}</span>}
        </span>
      </div>
      {merged && (
        <Button size={narrow ? "middle" : "small"} icon={<SplitCellsOutlined />} aria-label={t("undoMergeOf", { name: item.label })} title={t("undoMerge")} onClick={unmerge}>
          {!narrow && t("undoMerge")}
        </Button>
      )}
      {item.can.restore && (
        <Button size={narrow ? "middle" : "small"} icon={<RollbackOutlined />} disabled={busy} aria-label={t("bringBackOf", { name: item.label })} title={t("bringBack")} onClick={back}>
          {!narrow && t("bringBack")}
        </Button>
      )}
      {item.can.purge && <Button type="text" danger size={narrow ? "middle" : "small"} icon={<DeleteOutlined />} aria-label={t("purgeOf", { name: item.label })} title={t("purge")} onClick={purge} />}
    </li>
  );
}
