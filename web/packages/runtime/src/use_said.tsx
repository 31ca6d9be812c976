import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { useRuntime } from "./runtime";
import { conditionSaid } from "./said";

/** Conditions in the words of people, with what is usually called in them: today, who looks, a value as it was. */
export function useConditionSaid(): (condition: string, form: Form | undefined) => string {
  const { app } = useRuntime();
  const { t, w, chinese } = useSpeech();
  const usual: Record<string, string> = { TODAY: t("ruleToday"), NOW: t("ruleNow"), ME: t("ruleMe") };
  return (condition, form) =>
    conditionSaid(condition, form, (name) => app.forms[name], w, chinese)
      .replace(/\bOLD\(([^()]+)\)/g, (_, name: string) => t("ruleBeforeOf", { name }))
      .replace(/\bCHANGED\(([^()]+)\)/g, (_, name: string) => `${name} ${t("ruleChanged")}`)
      .replace(/\b(TODAY|NOW|ME)\(\)/g, (_, name: string) => usual[name]!)
      .replace(/\bCOALESCE\(([^(),]+), ([^(),]+)\)/g, (_, one: string, other: string) => t("ruleElse", { one, other }));
}
