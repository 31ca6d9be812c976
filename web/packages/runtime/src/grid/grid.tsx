import { decimal, Failure, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useCallback, useState, type ReactNode } from "react";
import { fieldOf, manyOf, nameOf, shown as looksOf } from "../fields";
import { useRuntime } from "../runtime";
import { Cards, type Choosing } from "./cards";
import { Chips } from "./chips";
import { useChosenColumns, useShown, type Columns, type Shown } from "./columns";
import { ColumnsMenu } from "./columns_menu";
import { NOTHING } from "./conditions";
import { Count } from "./count";
import { Heading, useGroups } from "./groups";
import { More } from "./more";
import type { Together } from "./placed";
import { FlatList, GroupedList } from "./lists";
import { Order } from "./order";
import { fieldsFor, useRecords } from "./records";
import { choosable, Selection } from "./selection";
import type { ListState } from "./state";
import { Toolbar } from "./toolbar";
import { isSaved } from "./views";

const Import = lazy(() => import("../transfer/import"));

export interface ListProps {
  form: Form;
  state: ListState;
  shown: Shown[];
  resize: (name: string, width: number) => void;
  chosen: StoredRecord[];
  choose: (rows: StoredRecord[]) => void;
  /** On a phone: cards that are tapped to choose several. */
  choosing?: Choosing;
  /** The page around the rows. */
  frame: (around: Around, body: ReactNode) => ReactNode;
}

/** What a list tells the page that stands around it. */
export interface Around {
  total: { value: number; capped: boolean } | undefined;
  fetching: boolean;
  pending: boolean;
  error: unknown;
  refetch: () => void;
}

/** A list of records: a table, on a phone cards. */
export function Grid({ form, state }: { form: Form; state: ListState }) {
  const narrow = useNarrow();
  const columns = useChosenColumns(form, state.view);
  const shown = useShown(form, columns.columns);
  const [chosen, choose] = useState<StoredRecord[]>([]);
  const [on, setOn] = useState(false);
  const { columns: placed, choose: place } = columns;
  const resize = useCallback((name: string, width: number) => place(placed.map((each) => (nameOf(each) === name ? { ...(typeof each === "string" ? { field: each } : each), width } : each))), [placed, place]);
  const begin = (first?: StoredRecord) => (setOn(true), choose(first ? [first] : []));
  const choosing = narrow && choosable(form) ? { on, chosen, choose, begin } : undefined;
  const clear = () => (setOn(false), choose([]));
  const frame = (around: Around, body: ReactNode) => <Frame form={form} state={state} columns={columns} chosen={chosen} choosing={choosing} clear={clear} keep={choose} around={around} body={body} />;
  const List = state.group ? (narrow ? GroupedCards : GroupedList) : narrow ? CardList : FlatList;
  return <List form={form} state={state} shown={shown} resize={resize} chosen={chosen} choose={choose} choosing={choosing} frame={frame} />;
}

interface FrameProps {
  form: Form;
  state: ListState;
  columns: Columns;
  chosen: StoredRecord[];
  choosing: Choosing | undefined;
  clear: () => void;
  keep: (rows: StoredRecord[]) => void;
  around: Around;
  body: ReactNode;
}

function Frame({ form, state, columns, chosen, choosing, clear, keep, around, body }: FrameProps) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const { total, fetching, pending, error, refetch } = around;
  return (
    <div className={narrow ? "lc-page" : "lc-page lc-page-list"}>
      <Toolbar form={form} state={state} ahead={choosing && total !== undefined && total.value > 0 && <Button type="text" onClick={() => (choosing.on ? clear() : choosing.begin())}>{t(choosing.on ? "cancel" : "chooseBegin")}</Button>} refresh={refetch} count={<Count total={total} />} columns={columns} tools={<><Order form={form} state={state} grouping />{!narrow && <ColumnsMenu form={form} columns={columns} />}</>} />
      <Chips form={form} state={state} />
      {(chosen.length > 0 || choosing?.on) && <Selection form={form} chosen={chosen} clear={clear} keep={keep} />}
      {error ? <Failure error={error} retry={refetch} /> : pending ? <Sketch rows={10} /> : total?.value === 0 ? <Empty form={form} state={state} clear={() => state.change({ filter: NOTHING, search: "", drill: "" })} /> : body}
      <span className="lc-hidden" role="status">
        {fetching ? t("loading") : ""}
      </span>
    </div>
  );
}

/** On a phone: cards, one below the other. */
function CardList({ form, state, shown, choosing, frame }: ListProps) {
  const records = useRecords({ form, ...state.asked, where: state.where, fields: fieldsFor(shown) });
  const around = { total: records.total, fetching: records.isFetching, pending: records.isPending, error: records.error, refetch: () => void records.refetch() };
  return frame(
    around,
    <div aria-busy={records.isFetching}>
      <Cards form={form} items={records.items} columns={shown} choosing={choosing} />
      <More records={records} />
    </div>,
  );
}

/** On a phone with groups: their headings, and the cards of those that lie open. */
function GroupedCards({ form, state, shown, choosing, frame }: ListProps) {
  const { app } = useRuntime();
  const { groups, total, fold, fetching, error, refetch } = useGroups(form, state, false);
  const by = fieldOf(app, form, state.group);
  // The first lies open, the others when they are pressed: a phone shows one thing at a time.
  const open = (group: Together, index: number) => group.folded !== (index === 0);
  return frame(
    { total: groups && { value: total, capped: false }, fetching, pending: groups === undefined, error, refetch },
    <div aria-busy={fetching}>
      {groups?.map((group, index) => (
        <section key={group.key}>
          <Heading field={by && looksOf(by)} group={group} folded={!open(group, index)} fold={() => fold(group.key)} />
          {open(group, index) && <CardsOf form={form} state={state} shown={shown} choosing={choosing} group={group} />}
        </section>
      ))}
    </div>,
  );
}

/** The cards of one group: those records of the whole list that stand where the group does. */
function CardsOf({ form, state, shown, choosing, group }: Pick<ListProps, "form" | "state" | "shown" | "choosing"> & { group: Together }) {
  const records = useRecords({ form, ...state.asked, where: state.where, fields: fieldsFor(shown), part: { first: group.from, last: group.from + group.count } });
  if (records.error) return <Failure error={records.error} retry={() => void records.refetch()} />;
  if (records.isPending) return <Sketch rows={4} />;
  return (
    <>
      <Cards form={form} items={records.items} columns={shown} choosing={choosing} />
      <More records={records} />
    </>
  );
}

/** Nothing to list: of the whole form, or of a view that leaves out what there is, which is then one press away. */
function Empty({ form, state, clear }: { form: Form; state: ListState; clear: () => void }) {
  const { t, w } = useSpeech();
  const { client, openForm } = useRuntime();
  const name = w(form.title);
  const many = w(manyOf(form));
  const view = state.view;
  const narrow = !state.filtered && view !== undefined && (view.narrow === true || isSaved(view));
  const whole = useQuery({ queryKey: ["records", form.name, "whole"], queryFn: () => client.list(form.name, { limit: 1, count: true }), enabled: narrow });
  if (state.filtered) return <Nothing title={t("emptyFilter")} hint={t("emptyFilterHint")} action={<Button onClick={clear}>{t("filterClear")}</Button>} />;
  if (narrow && whole.isPending) return null;
  const count = narrow ? whole.data?.count : undefined;
  const others = count !== undefined && count.value > 0;
  const all = others ? state.views.all.find((each) => each.type === "grid" && each.narrow === false) : undefined;
  const create = form.permissions["create"];
  return (
    <Nothing
      title={others ? t("emptyView", { name: many, view: w(view?.title) || view!.name }) : t("emptyList", { name: many })}
      hint={others ? t("emptyViewHint", { count: decimal(count.value, 0) + (count.capped ? "+" : "") }) : create ? t("emptyListHint", { name: many }) : undefined}
      action={
        (all || create) && (
          <span className="lc-nothing-ways">
            {all && (
              <Button type="primary" onClick={() => state.change({ view: all.name })}>
                {t("emptyViewShow", { view: w(all.title) || all.name })}
              </Button>
            )}
            {create && (
              <Button type={all ? "default" : "primary"} onClick={() => openForm({ form: form.name })}>
                {t("newRecord", { name })}
              </Button>
            )}
            {!others && form.permissions["import"] && <ImportFirst form={form} />}
          </span>
        )
      }
    />
  );
}

/** Where nothing is yet, much may be somewhere else: in a workbook. */
function ImportFirst({ form }: { form: Form }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("importFirst")}</Button>
      {open && (
        <Suspense fallback={null}>
          <Import form={form} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
