import { brief, Failure, instant, link, Nothing, Sketch, useNarrow, usePlace, useSpeech, go } from "@lowcode/kit";
import type { Pool, StoredRecord } from "@lowcode/protocol";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Progress } from "antd";
import { blank, fieldOf } from "../fields";
import { useRuntime } from "../runtime";
import { widgetOf } from "../widgets";
import { Left } from "./left";
import { PoolReport } from "./report";

/** The pools of this person: what they may still claim, what lies there, what is theirs and for how long. */
export default function PoolsPage() {
  const { client, session } = useRuntime();
  const { t, w } = useSpeech();
  const place = usePlace();
  const pools = useQuery({ queryKey: ["pools"], queryFn: () => client.run<Pool[]>("rules.pools", {}) });
  if (pools.error) return <Failure error={pools.error} retry={() => void pools.refetch()} />;
  if (!pools.data) return <Sketch rows={8} />;
  const chosen = pools.data.find((each) => each.pool === place.path[1]) ?? pools.data[0];
  if (!chosen) return <Nothing title={t("poolsNone")} />;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("pools")}</h1>
          <span className="lc-grow" />
          {session.actor.administrator === true && <Button href={link(["pools", "design", chosen.pool])}>{t("poolChange")}</Button>}
        </div>
      </header>
      <div className="lc-pools">
        {pools.data.map((each) => (
          <button key={each.pool} type="button" className={each === chosen ? "lc-pool lc-pool-chosen" : "lc-pool"} aria-pressed={each === chosen} onClick={() => go(link(["pools", each.pool]))}>
            <span className="lc-rule-head"><strong>{w(each.title)}</strong><span className="lc-quiet">{t("inPool", { count: counted(each) })}</span></span>
            <Quota title={t("claimedToday")} used={each.claimed_today} most={each.per_day} />
            <Quota title={t("held")} used={each.held} most={each.holding} />
            <Quota title={t("viewedToday")} used={each.viewed_today} most={each.views_per_day} />
          </button>
        ))}
      </div>
      <div className="lc-pool-body">
        <section className="lc-sheet" aria-label={w(chosen.title)}><Lying key={chosen.pool} pool={chosen} /></section>
        <section className="lc-sheet lc-pool-mine" aria-label={t("mineHere")}>
          <h2 className="lc-side-title">{t("mineHere")}</h2>
          <Mine key={chosen.pool} pool={chosen} />
        </section>
      </div>
      {chosen.manager && <PoolReport key={chosen.pool} pool={chosen} />}
    </div>
  );
}

function counted({ records }: Pool): string {
  return records === null ? "0" : `${records.value}${records.capped ? "+" : ""}`;
}

function Quota({ title, used, most }: { title: string; used: number; most: number | null }) {
  if (most === null) return null;
  return (
    <span className="lc-quota">
      <span>{title}</span>
      <Progress aria-label={title} percent={most === 0 ? 100 : Math.min(100, (100 * used) / most)} showInfo={false} size="small" status={used >= most ? "exception" : "normal"} />
      <span className="lc-number">{used} / {most}</span>
    </span>
  );
}

const PAGE = 30;
/** So many lines has a record on a phone. */
const LINES = 4;
const LONG = ["long_text", "rich_text", "markdown", "json", "attachment", "serial"];

/** What lies in a pool, with the first of the fields it shows. */
function Lying({ pool }: { pool: Pool }) {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const form = app.forms[pool.form];
  const query = useInfiniteQuery({
    queryKey: ["pools", pool.pool],
    queryFn: ({ pageParam }) => client.run<{ items: StoredRecord[]; next?: string | null }>("rules.pool_records", { pool: pool.pool, limit: PAGE, after: pageParam || undefined }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const claim = async (record: StoredRecord) => {
    try {
      await client.run("rules.claim", { pool: pool.pool, record: record.id });
      void message.success(t("claimed"));
    } catch (error) {
      void message.error(brief(error, speech));
    }
    await queries.invalidateQueries({ queryKey: ["pools"] });
  };
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  // As much as will come: what stands below is not pushed away under the eye.
  if (query.isPending) return <Sketch rows={Math.min(PAGE, pool.records?.value ?? PAGE) * (narrow ? LINES : 1)} />;
  const items = query.data.pages.flatMap((page) => page.items);
  const known = pool.shown.map((name) => ({ name, field: form && fieldOf(app, form, name) })).filter((each) => each.field && !LONG.includes(each.field.type));
  const fields = [...known.filter((each) => each.name === form?.label), ...known.filter((each) => each.name !== form?.label)].slice(0, 6);
  if (items.length === 0) return <Nothing small title={t("poolEmpty")} />;
  const value = (record: StoredRecord, { name, field }: (typeof fields)[number]) => {
    const { Show } = widgetOf(field!.type);
    return blank(record[name]) ? <span className="lc-blank">—</span> : <Show field={field!} value={record[name]} dense />;
  };
  const button = (record: StoredRecord) => <Button size="small" type="primary" ghost onClick={() => void claim(record)}>{t("claim")}</Button>;
  return (
    <>
      {narrow ? (
        <ul className="lc-runs">
          {items.map((record) => (
            <li key={record.id} className="lc-run">
              <dl className="lc-pool-facts">
                {fields.map((each) => <div key={each.name}><dt>{w(each.field!.title)}</dt><dd>{value(record, each)}</dd></div>)}
              </dl>
              {button(record)}
            </li>
          ))}
        </ul>
      ) : (
        <div className="lc-result lc-panel lc-pool-table" tabIndex={0} role="group" aria-label={w(pool.title)}>
          <table className="lc-plain">
            <thead><tr>{fields.map((each) => <th key={each.name} scope="col">{w(each.field!.title)}</th>)}<th scope="col" aria-label={t("actions")} /></tr></thead>
            <tbody>
              {items.map((record) => (
                <tr key={record.id}>
                  {fields.map((each) => <td key={each.name}>{value(record, each)}</td>)}
                  <td className="lc-right">{button(record)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {query.hasNextPage && <Button type="text" block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("loadMore")}</Button>}
    </>
  );
}

interface Held {
  record: number;
  label: string;
  at: string | null;
  rule: string | null;
}

/** What one has, with the time that is left before it goes back. */
function Mine({ pool }: { pool: Pool }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const query = useQuery({ queryKey: ["pools", pool.pool, "mine"], queryFn: () => client.run<{ items: Held[]; count: number }>("rules.pool_mine", { pool: pool.pool }), refetchInterval: 60_000 });
  const release = (held: Held) =>
    modal.confirm({
      title: t("giveBack"),
      content: held.label,
      okText: t("giveBack"),
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          await client.run("rules.release", { form: pool.form, record: held.record, pool: pool.pool });
          void message.success(t("givenBack"));
        } catch (error) {
          void message.error(brief(error, speech));
        }
        await queries.invalidateQueries({ queryKey: ["pools"] });
      },
    });
  if (query.error) return <Failure small error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={4} />;
  if (query.data.items.length === 0) return <Nothing small title={t("none")} />;
  return (
    <ul className="lc-runs">
      {query.data.items.map((held) => (
        <li key={held.record} className="lc-run">
          <div className="lc-rule-head">
            <a href={link(["records", pool.form, held.record])}>{held.label}</a>
            <Button size="small" type="text" onClick={() => release(held)}>{t("giveBack")}</Button>
          </div>
          <div className="lc-rule-foot" title={held.at ? instant(held.at) : undefined}>{held.at ? <Left at={held.at} /> : t("staysMine")}</div>
        </li>
      ))}
    </ul>
  );
}
