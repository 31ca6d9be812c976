import { MinusCircleOutlined } from "@ant-design/icons";
import { Badge, instant, Person, useSpeech } from "@lowcode/kit";
import type { Foreseen, ForeseenStep, Instance, Otherwise } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { NodeIcon } from "../flows/kinds";
import { useRuntime } from "../runtime";
import { nested, type Nested } from "./nested";
import { nodeTitle, outcomeColor, outcomeText } from "./words";

/** What comes next if everybody agrees and what is waited for happens: which steps on which branches, who will be
 * asked, and what comes of it; and beside it what comes of a wait in which nothing does. */
export function Coming({ instance }: { instance: Instance }) {
  const { client } = useRuntime();
  const { t, w, locale } = useSpeech();
  const found = useQuery({ queryKey: ["flows", "ahead", instance.id, {}], queryFn: () => client.run<Foreseen>("flows.ahead", { instance: instance.id, answers: {} }), retry: false });
  if (!found.data) return null; // what is foreseen is no fact: where it cannot be, nothing is said
  const { steps, state, incidents, otherwise = [], repeats } = found.data;
  return (
    <section className="lc-flow-coming" aria-label={t("flowComing")}>
      <h4>{t("flowComing")}</h4>
      {otherwise.filter(({ node }) => steps.every((each) => each.node !== node)).map((each) => <Unless key={each.node} otherwise={each} />)}
      <ol>
        <Following items={nested(steps.filter((each) => !each.ends_part))} otherwise={otherwise} />
        <li className="lc-flow-step">
          <span className="lc-flow-mark"><MinusCircleOutlined className="lc-quiet" aria-hidden /></span>
          <div className="lc-flow-head">{incidents.length > 0 ? t("simulateStops") : repeats ? t("flowRepeats", { step: w(repeats) }) : <Badge color={outcomeColor(state)}>{outcomeText(state, locale)}</Badge>}</div>
        </li>
      </ol>
    </section>
  );
}

/** What comes of a wait when nothing happens until its time. */
export function Unless({ otherwise: { at, to, state } }: { otherwise: Otherwise }) {
  const { t, w, locale } = useSpeech();
  if (state === "running") return <div className="lc-flow-note">{t("flowOtherwiseOn", { when: instant(at), to: w(to) })}</div>; // it goes round
  return (
    <div className="lc-flow-note">
      {t("flowOtherwise", { when: instant(at), to: w(to) })} <Badge color={outcomeColor(state)}>{outcomeText(state, locale)}</Badge>
    </div>
  );
}

function Following({ items, otherwise }: { items: Nested[]; otherwise: Otherwise[] }) {
  const { t } = useSpeech();
  return items.map((each, at) =>
    "step" in each ? (
      <ComingStep key={at} step={each.step} otherwise={otherwise.filter(({ node }) => node === each.step.node)} />
    ) : (
      <li key={at} className="lc-flow-branches">
        {each.branches.map((branch, index) => (
          <section key={index} className="lc-flow-branch" aria-label={t("flowBranch", { count: index + 1 })}>
            {each.branches.length > 1 && <h5>{t("flowBranch", { count: index + 1 })}</h5>}
            <ol>
              <Following items={branch} otherwise={otherwise} />
            </ol>
          </section>
        ))}
      </li>
    ),
  );
}

function ComingStep({ step, otherwise }: { step: ForeseenStep; otherwise: Otherwise[] }) {
  const speech = useSpeech();
  const { t, w } = speech;
  return (
    <li className="lc-flow-step">
      <span className="lc-flow-mark lc-quiet"><NodeIcon kind={step.kind} /></span>
      <div>
        <div className="lc-flow-head">
          <strong>{nodeTitle(step.title, speech)}</strong>
          {step.people.length === 0 && otherwise.length === 0 && step.why?.until && <span className="lc-quiet">{t("flowUntil", { when: instant(step.why.until) })}</span>}
        </div>
        {step.people.length > 0 && (
          <div className="lc-flow-person">
            {step.people.map((each) => <span key={each.person.id} title={w(each.why)}><Person name={each.person.label} size={20} /></span>)}
          </div>
        )}
        {step.reasons.map((each, at) => <div key={at} className="lc-flow-note">{w(each)}</div>)}
        {step.awaits?.map(({ text }, at) => <div key={at} className="lc-flow-note">{w(text)}</div>)}
        {otherwise.map((each) => <Unless key={each.node} otherwise={each} />)}
      </div>
    </li>
  );
}
