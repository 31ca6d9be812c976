import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, MinusCircleOutlined, PauseCircleFilled } from "@ant-design/icons";
import { Badge, instant, link, Person, useSpeech, When, type TextKey } from "@lowcode/kit";
import type { Deed, Instance, Step, StepPerson } from "@lowcode/protocol";
import { MoreActions } from "./act";
import { Coming } from "./coming";
import { Awaited, Later, passing, Votes } from "./standing";
import { nodeTitle, outcomeColor, outcomeText, stepText } from "./words";

/** How far an approval has come, who decided what, and who is being waited for; with what may be done about it, unless
 * that stands elsewhere (`bare`); so does, where it is `told`, that the flow stands still. */
export function Progress({ instance, bare, told }: { instance: Instance; bare?: boolean; told?: boolean }) {
  const { w, t, locale } = useSpeech();
  return (
    <section className="lc-progress" aria-label={t("progress")}>
      <header className="lc-progress-head">
        <h3>
          {w(instance.flow.title)} <Badge color={outcomeColor(instance.state)}>{outcomeText(instance.state, locale)}</Badge>
          {instance.starter && <span className="lc-quiet"> {t("startedBy", { name: instance.starter.label })} · <When at={instance.started_at} /></span>}
        </h3>
        <div className="lc-progress-ways">
          <a href={link(["simulate"], { instance: String(instance.id) })}>{t("flowPicture")}</a>
          {!bare && <MoreActions actions={instance.actions ?? []} />}
        </div>
      </header>
      {instance.suspended && !told && <Still suspended={instance.suspended} />}
      <ol>
        {instance.steps.map((step, index) => !step.ends_part && (
          <StepItem key={`${step.node}${index}`} step={step} />
        ))}
      </ol>
      {!bare && (instance.state === "running" || instance.state === "suspended") && <Coming instance={instance} />}
      <Copies copies={instance.copies ?? []} />
      <Deeds deeds={instance.deeds ?? []} />
    </section>
  );
}

/** That a flow stands still: since when, by whom, and why. */
export function Still({ suspended }: { suspended: NonNullable<Instance["suspended"]> }) {
  const { t } = useSpeech();
  return (
    <div className="lc-said" role="status">
      <PauseCircleFilled className="lc-quiet" aria-hidden /> {t("flowStandsStill")} <span className="lc-quiet">{suspended.by?.label ?? t("application")} <When at={suspended.at} /></span>
      {suspended.opinion && <div>{suspended.opinion}</div>}
    </div>
  );
}

/** What was done beside the answers: who handed on, asked more people, sent back, urged. The last comes first. */
function Deeds({ deeds }: { deeds: Deed[] }) {
  const { t, w } = useSpeech();
  if (deeds.length === 0) return null;
  return (
    <section className="lc-flow-deeds" aria-label={t("flowDeeds")}>
      <h4>{t("flowDeeds")}</h4>
      <ol>
        {[...deeds].reverse().map((each, at) => (
          <li key={at}>
            <strong>{each.by?.label ?? t("application")}</strong> {w(each.text)} <When at={each.at} />
            {each.opinion && <div className="lc-said">{each.opinion}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Copies({ copies }: { copies: NonNullable<Instance["copies"]> }) {
  const { t } = useSpeech();
  if (copies.length === 0) return null;
  return (
    <div className="lc-flow-copies">
      <span className="lc-quiet">{t("copiedTo")}</span>
      {copies.map((each) => (
        <span key={each.person.id}>
          <Person name={each.person.label} size={20} /> <Badge color={each.read_at ? "green" : "grey"}>{t(each.read_at ? "copyRead" : "copyUnread")}</Badge>
        </span>
      ))}
    </div>
  );
}

const ROLES = { before: "askedBefore", after: "askedAfter", next: "askedNext", delegate: "askedInstead", consult: "askedOpinion" } as const;
const WORK = { all: "everyoneDoes", any: "anyoneDoes", in_order: "inOrder", vote: "byVote" } as const;
const MODES = { all: "everyone", any: "anyone", in_order: "inOrder", vote: "byVote" } as const;

function StepItem({ step }: { step: Step }) {
  const speech = useSpeech();
  const { w, t, locale } = speech;
  const voters = (step.people ?? []).filter((each) => !each.role && each.state !== "cancelled");
  return (
    <li className={`lc-flow-step lc-flow-${step.state}`}>
      <span className="lc-flow-mark">
        <Mark state={step.state} />
      </span>
      <div>
        <div className="lc-flow-head">
          <strong>{nodeTitle(step.title, speech)}</strong>
          {step.mode && (step.passes || voters.length > 1) && <span className="lc-quiet">{step.passes ? passing(step.passes, t) : t((step.kind === "task" ? WORK : MODES)[step.mode])}{step.groups === "each" && t("flowEachGroup")}</span>}
          <span className="lc-quiet">{stepText(step.state, locale)}</span>
          {step.state === "active" && !step.votes && voters.length > 1 && <span className="lc-quiet">{t("flowAnswered", { count: voters.filter((each) => each.decision).length, all: voters.length })}</span>}
          {step.at && <When at={step.at} />}
        </div>
        <Votes step={step} />
        <Awaited step={step} />
        {step.people?.map((each) => <PersonItem key={each.task ?? each.person.id} each={each} first={step.people!.some((other) => other.state === "open" && (other.claimed || other.by?.id === each.person.id))} />)}
        <Later step={step} />
        {step.state === "failed" && step.problems?.map((each) => <div key={each} className="lc-flow-problem">{each}</div>)}
        {(step.reasons?.length ?? 0) > 0 && (
          <details className="lc-flow-why">
            <summary>{t("whyStep")}</summary>
            {step.reasons!.map((each, at) => <div key={at}>{w(each)}</div>)}
          </details>
        )}
      </div>
    </li>
  );
}

/** Why something stands as the answer of somebody who gave none. */
const UNASKED: Record<string, TextKey> = { deadline: "flowByTime", same_person: "flowAgreedBefore" };
const ANSWERS: Record<string, string> = { approve: "approved", reject: "rejected", complete: "completed", return: "returned", abstain: "abstain" };

/** `first`: somebody answers before them, whom they asked or who took it for themselves. */
function PersonItem({ each, first }: { each: StepPerson; first: boolean }) {
  const { t, w, locale } = useSpeech();
  const state = first && each.state === "waiting" ? "others" : each.reason === "transferred" ? "transferred" : (ANSWERS[each.decision ?? ""] ?? each.state);
  return (
    <div className="lc-flow-person">
      <Person name={each.person.label} size={20} />
      {each.behalf && <span className="lc-quiet">{t("onBehalf", { name: each.behalf.label })}</span>}
      <Badge color={outcomeColor(each.decision ?? each.state)}>{stepText(state, locale)}</Badge>
      {each.decision && each.reason && UNASKED[each.reason] && <span className="lc-quiet">{t(UNASKED[each.reason]!)}</span>}
      {each.claimed && <span className="lc-quiet">{t("flowClaimed")}</span>}
      {each.at && <When at={each.at} />}
      {each.state === "open" && each.due_at && <span className={new Date(each.due_at) < new Date() ? "lc-bad" : "lc-quiet"}>{t(new Date(each.due_at) < new Date() ? "flowWasDue" : "flowDue", { when: instant(each.due_at) })}</span>}
      {each.by && <span className="lc-quiet">{t(each.role ? ROLES[each.role] : "askedByName", { name: each.by.label })}</span>}
      {each.signed && <span className="lc-quiet">{t("flowSigned")}</span>}
      {each.why && <span className="lc-quiet">{w(each.why)}</span>}
      {(each.actions?.length ?? 0) > 0 && <MoreActions small actions={each.actions!} />}
      {each.opinion && <div className="lc-said">{each.opinion}</div>}
    </div>
  );
}

function Mark({ state }: { state: Step["state"] }) {
  if (state === "done" || state === "approved") return <CheckCircleFilled className="lc-good" aria-hidden />;
  if (state === "rejected" || state === "failed") return <CloseCircleFilled className="lc-bad" aria-hidden />;
  if (state === "active") return <ClockCircleFilled className="lc-now" aria-hidden />;
  return <MinusCircleOutlined className="lc-quiet" aria-hidden />;
}
