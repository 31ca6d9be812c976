import { useSpeech } from "@lowcode/kit";
import { words, type Form, type StoredRecord, type Wanted } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Ask, Seek } from "../detail/asked";
import { blank } from "../fields";
import { useRuntime, type Step } from "../runtime";
import { useFilling } from "./filling";
import { reveal } from "./reveal";
import { placedIn } from "./step";

export const nameOfState = (form: Form, step: Step): string =>
  words(form.fields.find((field) => field.name === step.field)?.states?.find((state) => state.name === step.to)?.title, document.documentElement.lang) || step.to;

const keyOf = (each: Wanted): string => [each.kind, each.field ?? "", each.key ?? "", each.title].join(".");

/** What a step still needs, said before it is tried: each with the way to it, ticked off as it comes. `whole`: the form,
 * of which the step shows a part. */
export function Needed({ whole, record, step, show }: { whole: Form; record: StoredRecord; step: Step; show: (field: string) => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const { form, live } = useFilling();
  const found = useQuery({ queryKey: ["record", whole.name, record.id], queryFn: () => client.get(whole.name, record.id), initialData: record._meta ? record : undefined });
  const unmet = found.data?._meta?.transitions?.[step.field]?.find((each) => each.to === step.to)?.unmet ?? [];
  const [first, setFirst] = useState(unmet);
  const seen = [...first, ...unmet.filter((each) => !first.some((other) => keyOf(other) === keyOf(each)))];
  if (seen.length > first.length) setFirst(seen);
  if (seen.length === 0) return null;
  const open = new Set(unmet.map(keyOf));
  const filled = ({ field, key }: Wanted): boolean => {
    const value = field === null ? null : live.values[field];
    return key === null ? !blank(value) : Array.isArray(value) && value.includes(key);
  };
  const met = (each: Wanted): boolean => (each.field === null ? !open.has(keyOf(each)) : filled(each));
  const name = nameOfState(whole, step);
  const go = (field: string) => {
    if (placedIn(form).has(field)) return reveal(field);
    show(field);
    requestAnimationFrame(() => reveal(field));
  };
  return (
    <section className="lc-step-needs" aria-label={t("stepHint", { name })}>
      <p className="lc-quiet" role="status">
        {t(seen.every(met) ? "stepReady" : "stepHint", { name })}
      </p>
      <ul className="lc-stage-list">
        {seen.map((each) => (
          <li key={keyOf(each)}>
            <Ask each={{ ...each, met: met(each) }}>
              <Seek form={whole} record={record} each={each} go={go} />
            </Ask>
          </li>
        ))}
      </ul>
    </section>
  );
}
