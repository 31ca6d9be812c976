import { brief, date, go, instant, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { Backtest } from "@lowcode/protocol";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, DatePicker, Segmented, Select } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useRuntime } from "../runtime";
import { Now } from "./now";
import { useRules } from "./rules";
import { Doings } from "./told";

const MONTH = 30;
const SHOWN = 50;

/** Replays a rule over the past: a rule, a stretch of time, and what would have come of it. */
export function Trial({ rule }: { rule?: string }) {
  const { client, now } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const rules = useRules();
  const [since, setSince] = useState(() => dayjs(now()).subtract(MONTH, "day"));
  const [until, setUntil] = useState(() => dayjs(now()));
  const run = useMutation({ mutationFn: () => client.run<Backtest>("rules.backtest", { rule, since: since.startOf("day").toISOString(), until: until.endOf("day").toISOString() }) });
  const [when, setWhen] = useState<"past" | "now">("past");
  const line = rules.data?.items.find((each) => each.rule === rule);
  useEffect(() => run.reset(), [rule]);
  return (
    <div className="lc-rules">
      <div className="lc-sheet lc-trial">
        <Segmented value={when} onChange={setWhen} options={[{ value: "past", label: t("tryPast") }, { value: "now", label: t("tryNow") }]} />
        {when === "past" && <p className="lc-quiet">{t("backtestHint")}</p>}
        <div className="lc-trial-asked">
          <Select showSearch optionFilterProp="label" aria-label={t("backtestRule")} placeholder={t("backtestRule")} value={rule} onChange={(value: string) => go(link(["automation", "backtest"], { rule: value }))} options={(rules.data?.items ?? []).filter((each) => each.tried || when === "now").map((each) => ({ value: each.rule, label: w(each.title) }))} />
          {when === "past" && <><DatePicker aria-label={t("backtestFrom")} allowClear={false} value={since} onChange={(value) => value && setSince(value)} />
          <DatePicker aria-label={t("backtestTo")} allowClear={false} value={until} onChange={(value) => value && setUntil(value)} />
          <Button type="primary" disabled={rule === undefined} loading={run.isPending} onClick={() => run.mutate()}>{t("backtestRun")}</Button></>}
        </div>
        {line?.when && <code>{line.when}</code>}
        {run.error && <Alert type="error" message={brief(run.error, speech)} />}
      </div>
      {when === "now" && rule !== undefined && line && <Now key={rule} rule={rule} form={line.form ?? ""} assigns={line.actions.includes("assign")} />}
      {when === "past" && run.isPending && <Sketch rows={6} />}
      {when === "past" && run.data && <Found found={run.data} form={line?.form ?? ""} />}
    </div>
  );
}

/** What a replay found. */
export function Found({ found, form }: { found: Backtest; form: string }) {
  const { t } = useSpeech();
  const [more, setMore] = useState(SHOWN);
  if (found.count === 0) return <Nothing title={t("backtestNone")} hint={t("backtestLooked", { count: found.looked_at })} />;
  return (
    <>
      <div className="lc-sheet lc-trial">
        <strong>{t("backtestCount", { count: found.count, records: found.records })}</strong>
        <p className="lc-quiet">{t("backtestLooked", { count: found.looked_at })} · {t("backtestLogged", { count: found.logged.count })}</p>
        <People title={t("wouldTell")} people={found.notices} />
        <People title={t("wouldGive")} people={found.assignments} />
        {found.assumed.length > 0 && <Alert type="info" message={t("backtestAssumed", { names: found.assumed.join(", ") })} />}
      </div>
      <ul className="lc-sheet lc-runs">
        {found.firings.slice(0, more).map((each, at) => (
          <li key={at} className="lc-run">
            <div className="lc-rule-head">
              <a href={link(["records", form, each.record])}>{found.labels[String(each.record)] ?? `#${each.record}`}</a>
              <time dateTime={each.at}>{instant(each.at)}</time>
            </div>
            <Doings actions={each.actions} form={form} people={found.people} />
          </li>
        ))}
      </ul>
      {found.firings.length > more && <Button type="text" block onClick={() => setMore(more + SHOWN)}>{t("loadMore")}</Button>}
      <p className="lc-quiet">{date(found.since)} – {date(found.until)}</p>
    </>
  );
}

function People({ title, people }: { title: string; people: Backtest["notices"] }) {
  const { t } = useSpeech();
  if (people.length === 0) return null;
  return <p>{title}: {people.map((each) => `${each.name ?? each.user} (${t("times", { count: each.count })})`).join(", ")}</p>;
}
