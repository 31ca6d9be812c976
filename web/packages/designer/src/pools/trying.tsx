import { Badge, brief, instant, link, useSpeech, type TextKey } from "@lowcode/kit";
import type { Pool, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState, type ReactNode } from "react";
import { Section } from "../connections/mapping";
import { useDesign } from "../design";
import { useRule } from "../rules/about";
import { isNode, type Node } from "../tree";
import { useRested } from "../work";

interface Counted {
  value: number;
  capped: boolean;
}

interface Listed {
  record: number;
  label: string | null;
}

/** What a member may still do with it, and what they have used up. */
interface Standing extends Omit<Pool, "pool" | "title" | "form" | "records" | "shown"> {
  member: boolean;
  reached: string[];
}

interface Tried {
  lying: { count: Counted; items: Listed[] };
  held: Counted;
  looked_at: number;
  overdue: number;
  week: number;
  month: number;
  going: (Listed & { at: string; rule: Text; owner: string | null })[];
  person: Standing | null;
}

const PAUSE = 500;
const told = ({ value, capped }: Counted): string => `${value}${capped ? "+" : ""}`;

/** Whether what was overdue before goes back as well. */
const swept = (document: Node): boolean => {
  const found = document["reclaim"];
  return (Array.isArray(found) ? found : []).every((each) => !isNode(each) || !isNode(each["inactive"]) || each["inactive"]["overdue"] === true);
};

/** What the pool as it stands would mean now. Nothing is done. */
export function PoolTrying() {
  const { client } = useRuntime();
  const { document, findings } = useDesign();
  const { palette } = useRule();
  const speech = useSpeech();
  const { t, w } = speech;
  const [login, setLogin] = useState<string>();
  const wanted = useRested(document, PAUSE);
  const faulty = findings.length > 0;
  const asked = { document: wanted, login };
  const found = useQuery({ queryKey: ["pool-try", asked], queryFn: ({ signal }) => client.run<Tried>("rules.try_pool", asked, { signal }), enabled: !faulty, placeholderData: (before) => before, gcTime: 30_000, staleTime: Infinity, retry: false });
  const answer = !faulty && !found.error ? found.data : undefined;
  const form = String(wanted["form"] ?? "");
  return (
    <Section title={t("poolTry")} hint={t("poolTryHint")}>
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {!faulty && found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {answer && (
        <div role="status" className="lc-pool-tried">
          <h3>{t("poolLies", { count: told(answer.lying.count) })}</h3>
          <Lines>{answer.lying.items.map((each) => <li key={each.record}><Named form={form} {...each} /></li>)}</Lines>
          <h3>{t("poolHeld", { count: told(answer.held) })}</h3>
          <p>
            <Badge color={answer.overdue > 0 ? "red" : "gray"}>{t("poolOverdue", { count: answer.overdue })}</Badge> <Badge color={answer.week > 0 ? "orange" : "gray"}>{t("poolWeek", { count: answer.week })}</Badge> <Badge color="gray">{t("poolMonth", { count: answer.month })}</Badge>
          </p>
          {answer.overdue > 0 && !swept(wanted) && <p className="lc-quiet">{t("poolOverdueHint")}</p>}
          {answer.looked_at < answer.held.value && <p className="lc-quiet">{t("poolLooked", { count: answer.looked_at })}</p>}
          <Lines>
            {answer.going.map((each) => (
              <li key={each.record}>
                <Named form={form} {...each} />
                <span className="lc-quiet">{[each.owner, instant(each.at), w(each.rule)].filter(Boolean).join(" · ")}</span>
              </li>
            ))}
          </Lines>
        </div>
      )}
      <div className="lc-design-option">
        <div className="lc-design-label">{t("poolSomebody")}</div>
        <Select allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t("poolSomebody")} placeholder={t("choose")} value={login ?? null} options={palette.people.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} onChange={(next?: string | null) => setLogin(next ?? undefined)} />
      </div>
      {answer?.person && <OfPerson person={answer.person} />}
    </Section>
  );
}

const Lines = ({ children }: { children: ReactNode }) => <ul className="lc-score-moves lc-pool-lines">{children}</ul>;

function Named({ form, record, label }: Listed & { form: string }) {
  return <a href={link(["records", form, record])}>{label ?? record}</a>;
}

function OfPerson({ person }: { person: Standing }) {
  const { t } = useSpeech();
  const of = (used: number, most: number | null) => (most === null ? String(used) : `${used} / ${most}`);
  if (!person.member) return <p role="status"><Badge color="red">{t("poolNoMember")}</Badge></p>;
  return (
    <div role="status">
      <p>{person.manager ? <Badge color="green">{t("poolFree")}</Badge> : person.reached.length === 0 ? <Badge color="green">{t("poolMay")}</Badge> : person.reached.map((each) => <Badge key={each} color="red">{t(`poolReached_${each}` as TextKey)}</Badge>)}</p>
      <ul className="lc-pool-lines lc-score-moves">
        <li><span>{t("claimedToday")}</span><span className="lc-number">{of(person.claimed_today, person.per_day)}</span></li>
        {person.holding !== null && <li><span>{t("held")}</span><span className="lc-number">{of(person.held, person.holding)}</span></li>}
        {person.views_per_day !== null && <li><span>{t("viewedToday")}</span><span className="lc-number">{of(person.viewed_today, person.views_per_day)}</span></li>}
      </ul>
    </div>
  );
}
