import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import { Badge, Person, useSpeech, When } from "@lowcode/kit";
import type { Instance, Step, StepPerson } from "@lowcode/protocol";
import { outcomeColor, outcomeText, stepText } from "./words";

/** How far an approval has come, who decided what, and who is being waited for. */
export function Progress({ instance }: { instance: Instance }) {
  const { w, t, locale } = useSpeech();
  return (
    <section className="lc-progress" aria-label={t("progress")}>
      <h3>
        {w(instance.flow.title)} <Badge color={outcomeColor(instance.state)}>{outcomeText(instance.state, locale)}</Badge>
        {instance.starter && <span className="lc-quiet"> {t("startedBy", { name: instance.starter.label })} · <When at={instance.started_at} /></span>}
      </h3>
      <ol>
        {instance.steps.map((step, index) => (
          <StepItem key={`${step.node}${index}`} step={step} />
        ))}
      </ol>
    </section>
  );
}

const MODES = { all: "everyone", any: "anyone", in_order: "inOrder", vote: "byVote" } as const;

function StepItem({ step }: { step: Step }) {
  const { w, t, locale } = useSpeech();
  return (
    <li className={`lc-flow-step lc-flow-${step.state}`}>
      <span className="lc-flow-mark">
        <Mark state={step.state} />
      </span>
      <div>
        <div className="lc-flow-head">
          <strong>{w(step.title) || (step.kind === "start" ? t("flowStart") : step.node)}</strong>
          {step.mode && (step.people?.length ?? 0) > 1 && <span className="lc-quiet">{t(MODES[step.mode])}</span>}
          <span className="lc-quiet">{stepText(step.state, locale)}</span>
          {step.at && <When at={step.at} />}
        </div>
        {step.people?.map((each) => <PersonItem key={each.task ?? each.person.id} each={each} />)}
      </div>
    </li>
  );
}

function PersonItem({ each }: { each: StepPerson }) {
  const { locale } = useSpeech();
  return (
    <div className="lc-flow-person">
      <Person name={each.person.label} size={20} />
      <Badge color={outcomeColor(each.decision ?? each.state)}>{stepText(each.decision === "approve" ? "approved" : each.decision === "reject" ? "rejected" : each.decision === "complete" ? "done" : each.decision === "return" ? "returned" : each.decision === "abstain" ? "abstain" : each.state, locale)}</Badge>
      {each.at && <When at={each.at} />}
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
