import { Badge, brief, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { AskedCondition, Text, Values } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Conditions, Doings } from "./told";

interface Step {
  step: number;
  matches: boolean;
  reason?: string;
  conditions?: AskedCondition[];
  actions?: Values[];
}

interface Simulated {
  looked_at: number;
  matching: number[];
  results: { record: number | null; matches: boolean; steps: Step[] }[];
  labels: Record<string, string>;
  people: Record<string, string>;
}

interface Assigned {
  results: { record: number; user?: number | null; name: string | null; reason?: Text; passed_over?: Record<string, string> }[];
  people: { user: number | null; name: string | null; records: number }[];
  labels: Record<string, string>;
}

const SHOWN = 20;

/** What a rule would do at this moment, record by record, and to whom it would give them: nothing is done. */
export function Now({ rule, form, assigns }: { rule: string; form: string; assigns: boolean }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const [where, setWhere] = useState("");
  /** What was asked for, and the how-manieth press it was: each asks anew, as records change meanwhile. */
  const [asked, setAsked] = useState<{ where?: string; press: number } | null>(null);
  const values = { rule, ...(asked?.where ? { where: asked.where } : {}) };
  const often = { enabled: asked !== null, gcTime: 0, staleTime: Infinity, retry: false } as const;
  const found = useQuery({ ...often, queryKey: ["rule-now", values, asked?.press], queryFn: () => client.run<Simulated>("rules.simulate", values) });
  const given = useQuery({ ...often, enabled: asked !== null && assigns, queryKey: ["rule-assigns", values, asked?.press], queryFn: () => client.run<Assigned>("rules.simulate_assignment", { ...values, matching: true }) });
  const error = found.error ?? given.error;
  const first = found.data ? [...found.data.results].sort((one, other) => Number(other.matches) - Number(one.matches)).slice(0, SHOWN) : [];
  const name = (id: number | null) => (id === null ? t("nowNoRecord") : (found.data?.labels[String(id)] ?? given.data?.labels[String(id)] ?? `#${id}`));
  return (
    <>
      <form className="lc-sheet lc-trial" onSubmit={(event) => { event.preventDefault(); setAsked({ where: where.trim(), press: (asked?.press ?? 0) + 1 }); }}>
        <p className="lc-quiet">{t("nowHint")}</p>
        <div className="lc-trial-asked">
          {form && <Input aria-label={t("nowWhere")} placeholder={t("nowWhere")} value={where} onChange={(event) => setWhere(event.target.value)} />}
          <Button type="primary" htmlType="submit" loading={found.isFetching || given.isFetching}>{t("nowRun")}</Button>
        </div>
        {error && <Alert type="error" message={brief(error, speech)} />}
      </form>
      {found.isFetching && <Sketch rows={6} />}
      {given.data && given.data.results.length > 0 && (
        <section className="lc-sheet lc-trial" aria-label={t("nowGiven")}>
          <strong>{t("nowGiven")}</strong>
          <p>{given.data.people.map((each) => `${each.name ?? t("nowNobody")} (${t("times", { count: each.records })})`).join(", ")}</p>
          <ul className="lc-runs">
            {given.data.results.slice(0, SHOWN).map((each, at) => (
              <li key={at} className="lc-run">
                <div className="lc-rule-head"><a href={link(["records", form, each.record])}>{name(each.record)}</a><span>→ {each.name ?? t("nowNobody")}</span></div>
                {each.reason && <p className="lc-quiet">{w(each.reason)}{each.passed_over && Object.keys(each.passed_over).length > 0 && ` · ${t("nowPassed", { count: Object.keys(each.passed_over).length })}: ${[...new Set(Object.values(each.passed_over))].join(", ")}`}</p>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.data && (
        <section className="lc-sheet lc-trial" aria-label={t("nowFound")}>
          <strong>{t("nowMatches", { count: found.data.matching.length, all: found.data.looked_at || 1 })}</strong>
          {first.length === 0 && <Nothing small title={t("none")} />}
          <ul className="lc-runs">
            {first.map((each, at) => (
              <li key={at} className="lc-run">
                <div className="lc-rule-head">
                  {each.record === null ? <span>{name(null)}</span> : <a href={link(["records", form, each.record])}>{name(each.record)}</a>}
                  <Badge color={each.matches ? "green" : "gray"}>{t(each.matches ? "nowWould" : "nowWouldNot")}</Badge>
                </div>
                {each.steps.map((step) => (
                  <div key={step.step}>
                    {step.reason && <p className="lc-quiet">{step.reason}</p>}
                    {step.conditions && step.conditions.length > 0 && <Conditions asked={step.conditions} form={form} people={found.data.people} labels={{}} />}
                    {step.actions && step.actions.length > 0 && <Doings actions={step.actions} form={form} people={found.data.people} labels={{}} />}
                  </div>
                ))}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
