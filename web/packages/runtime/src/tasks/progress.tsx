import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import { Badge, link, Person, useSpeech, When } from "@lowcode/kit";
import type { Instance, Step, StepPerson } from "@lowcode/protocol";
import { MoreActions } from "./act";
import { nodeTitle, outcomeColor, outcomeText, stepText } from "./words";

/** How far an approval has come, who decided what, and who is being waited for; with what may be done about it, unless
 * that stands elsewhere (`bare`). */
export function Progress({ instance, bare }: { instance: Instance; bare?: boolean }) {
  const { w, t, locale } = useSpeech();
  return (
    <section className="lc-progress" aria-label={t("progress")}>
      <div className="lc-progress-ways">
        <a href={link(["simulate"], { instance: String(instance.id) })}>{t("flowPicture")}</a>
        {!bare && <MoreActions actions={instance.actions ?? []} />}
      </div>
      <h3>
        {w(instance.flow.title)} <Badge color={outcomeColor(instance.state)}>{outcomeText(instance.state, locale)}</Badge>
        {instance.starter && <span className="lc-quiet"> {t("startedBy", { name: instance.starter.label })} · <When at={instance.started_at} /></span>}
      </h3>
      <ol>
        {instance.steps.map((step, index) => (
          <StepItem key={`${step.node}${index}`} step={step} />
        ))}
      </ol>
      <Copies copies={instance.copies ?? []} />
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

const MODES = { all: "everyone", any: "anyone", in_order: "inOrder", vote: "byVote" } as const;

function StepItem({ step }: { step: Step }) {
  const speech = useSpeech();
  const { w, t, locale } = speech;
  return (
    <li className={`lc-flow-step lc-flow-${step.state}`}>
      <span className="lc-flow-mark">
        <Mark state={step.state} />
      </span>
      <div>
        <div className="lc-flow-head">
          <strong>{nodeTitle(step.node, step.kind, step.title, speech)}</strong>
          {step.mode && (step.people?.length ?? 0) > 1 && <span className="lc-quiet">{t(MODES[step.mode])}</span>}
          <span className="lc-quiet">{stepText(step.state, locale)}</span>
          {step.at && <When at={step.at} />}
        </div>
        {step.people?.map((each) => <PersonItem key={each.task ?? each.person.id} each={each} />)}
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

function PersonItem({ each }: { each: StepPerson }) {
  const { w, locale } = useSpeech();
  return (
    <div className="lc-flow-person">
      <Person name={each.person.label} size={20} />
      <Badge color={outcomeColor(each.decision ?? each.state)}>{stepText(each.decision === "approve" ? "approved" : each.decision === "reject" ? "rejected" : each.decision === "complete" ? "done" : each.decision === "return" ? "returned" : each.decision === "abstain" ? "abstain" : each.state, locale)}</Badge>
      {each.at && <When at={each.at} />}
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
