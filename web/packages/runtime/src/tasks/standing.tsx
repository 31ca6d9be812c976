import { instant, useSpeech, type Speech } from "@lowcode/kit";
import type { Span, Step } from "@lowcode/protocol";

type Say = Speech["t"];

/** When a vote passes, in words. */
export function passing({ count, share, more_than: more, weighted }: NonNullable<Step["passes"]>, t: Say): string {
  const key = weighted ? (more ? "flowVoteWeightMore" : "flowVoteWeight") : more ? "flowVoteMore" : "flowVote";
  return t(key, { needed: share ?? String(count ?? "") });
}

/** How far a vote has come: what agreed, and how much is still needed. */
export function Votes({ step: { votes, passes } }: { step: Step }) {
  const { t } = useSpeech();
  return (votes ?? []).map(({ agreed, needed, everybody }, at) => (
    <div key={at} className="lc-flow-note">
      {t(passes?.weighted ? "flowWeightStands" : "flowVoteStands", { agreed, needed, everybody })}
      {needed > agreed && <strong>{t(passes?.weighted ? "flowWeightLeft" : "flowVoteLeft", { count: needed - agreed })}</strong>}
    </div>
  ));
}

/** Until when a step waits, and for what. */
export function Awaited({ step: { until, awaits } }: { step: Step }) {
  const { t, w } = useSpeech();
  return (
    <>
      {until && <div className="lc-flow-note">{t("flowUntil", { when: instant(until) })}</div>}
      {awaits?.map(({ text, at }, index) => (
        <div key={index} className="lc-flow-note">
          {at && `${instant(at)} `}
          {w(text)}
        </div>
      ))}
    </>
  );
}

/** What happens when nobody answers in time, rung by rung. */
export function Later({ step: { later } }: { step: Step }) {
  const { t, w } = useSpeech();
  if (!later?.length) return null;
  const said = later.map(({ at, after, text, times }) => {
    const what = times > 1 ? t("flowTimes", { what: w(text), count: times, span: spanOf(after, t) }) : w(text);
    return at ? t("flowAt", { when: instant(at), what }) : t("flowAfter", { span: spanOf(after, t), what });
  });
  return (
    <div className="lc-flow-note">
      {t("flowUnanswered")} {said.join(t("flowLaterThen"))}
    </div>
  );
}

/** A length of time in words: 3 days, 24 hours, 2 working days. */
export function spanOf({ days, hours, minutes, working }: Span, t: Say): string {
  const parts = [days && t(working ? "spanWorkingDays" : "spanDays", { count: days }), hours && t(working ? "spanWorkingHours" : "spanHours", { count: hours }), minutes && t("spanMinutes", { count: minutes })];
  return parts.filter(Boolean).join(" ");
}
