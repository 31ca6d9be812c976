import { useSpeech } from "@lowcode/kit";
import type { Tab } from "@lowcode/protocol";
import { Steps } from "antd";
import { useRef, useState } from "react";
import { isPlaced, nameOf } from "../fields";
import { useRuntime } from "../runtime";
import { ready } from "./before";
import { check } from "./check";
import type { Filling } from "./filling";
import { isTab, layoutOf } from "./nodes";
import { changes, errorsOf } from "./model";

/** A form that is filled in step by step. */
export interface Wizard {
  steps: Tab[];
  at: number;
  busy: boolean;
  next: () => Promise<boolean>;
  go: (at: number) => void;
}

export const namesOf = (tab: Tab): Set<string> => new Set(tab.sections.flatMap((section) => section.fields.filter(isPlaced).map(nameOf)));

/** The steps of a new record, where its form has any; the next opens when this one is right. */
export function useWizard(filling: Filling, on: boolean): Wizard | null {
  const { client } = useRuntime();
  const speech = useSpeech();
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const { form, draft, before } = filling;
  const latest = useRef(filling);
  latest.current = filling;
  const walks = useRef(false);
  const steps = layoutOf(form).filter(isTab);
  if (!on || draft.record !== null || !steps.some((tab) => tab.step)) return null;
  /** Leaves the step once all is there that is on its way into it: it goes with the fields that it goes into. */
  const walk = async (leave: () => boolean | Promise<boolean>): Promise<boolean> => {
    if (walks.current) return false; // Enter once more
    walks.current = true;
    setBusy(before.size > 0);
    try {
      return (before.size === 0 || (await ready(before))) && (await leave());
    } finally {
      walks.current = false;
      setBusy(false);
    }
  };
  const next = async () => {
    const { draft, live, step } = latest.current; // with what came meanwhile
    const names = namesOf(steps[at]!);
    const own = (errors: Record<string, string>) => Object.fromEntries(Object.entries(errors).filter(([pointer]) => names.has(pointer.split("/")[0]!)));
    let errors = own(check(latest.current, speech));
    if (Object.keys(errors).length === 0) {
      setBusy(true);
      // The server knows more; when it cannot be asked, it is asked again when the record is saved.
      errors = await client.run<{ errors: { pointer: string; code: string; detail: string }[] }>("forms.check", { form: form.name, values: changes(form, draft, live) }).then(
        (answer) => own(errorsOf(form, answer.errors)),
        () => ({}),
      );
    }
    step({ kind: "errors", errors });
    if (Object.keys(errors).length > 0) return false;
    setAt(Math.min(at + 1, steps.length - 1));
    return true;
  };
  return { steps, at: Math.min(at, steps.length - 1), busy, next: () => walk(next), go: (to) => void walk(() => (setAt(to), true)) };
}

export function WizardHead({ wizard, narrow }: { wizard: Wizard; narrow: boolean }) {
  const { t, w } = useSpeech();
  const { steps, at, go } = wizard;
  if (narrow)
    return (
      <p className="lc-step-narrow" aria-live="polite">
        <span className="lc-quiet">{t("stepOf", { at: at + 1, count: steps.length })}</span> <strong>{w(steps[at]!.tab)}</strong>
      </p>
    );
  return <Steps className="lc-steps" size="small" current={at} onChange={(to) => to < at && go(to)} items={steps.map((tab, index) => ({ title: w(tab.tab), disabled: index > at }))} />;
}
