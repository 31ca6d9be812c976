import { Badge, useSpeech } from "@lowcode/kit";
import type { Advice } from "@lowcode/protocol";
import { outcomeColor, outcomeText, WORDS } from "./words";

/** What a program says of the step, for the person who decides it. */
export function AdviceNote({ advice }: { advice: Advice }) {
  const { t, locale } = useSpeech();
  const given = advice.state === "given";
  const state = { asked: t("adviceAsked"), failed: t("adviceFailed"), late: t("adviceLate"), given: advice.decision ? "" : t("adviceNone") }[advice.state];
  return (
    <section className="lc-said" aria-label={t("adviceOf", { name: advice.title })}>
      <div>
        <strong>{t("adviceOf", { name: advice.title })}</strong> {given && advice.decision && <Badge color={outcomeColor(advice.decision)}>{WORDS[advice.decision] ? t(WORDS[advice.decision]!) : outcomeText(advice.decision, locale)}</Badge>}{" "}
        {given && advice.confidence != null && <span className="lc-quiet">{t("adviceSure", { percent: Math.round(advice.confidence * 100) })}</span>}
      </div>
      {state && <div className="lc-quiet">{state}</div>}
      {given && advice.reason && <div>{advice.reason}</div>}
    </section>
  );
}
