import type { Form, Section } from "@lowcode/protocol";
import { isPlaced, nameOf } from "../fields";
import type { Step } from "../runtime";
import { isTab, layoutOf } from "./nodes";

/** Names of the fields a form shows, whatever its conditions say now, in their order. */
export function placedIn(form: Form): Set<string> {
  const sections = layoutOf(form).flatMap((node) => (isTab(node) ? node.sections : [node]));
  return new Set(sections.flatMap((section) => section.fields.filter(isPlaced).map(nameOf)));
}

/** The form of one step: the fields the step needs, each of which must be filled in, those that somebody wanted to see
 * `beside` them, and nothing else. */
export function formOfStep(form: Form, step: Step, beside: string[] = []): Form {
  const shown = [...step.fields, ...beside];
  const order = [...[...placedIn(form)].filter((name) => shown.includes(name)), ...shown];
  const section: Section = { section: null, columns: 1, fields: [...new Set(order)] };
  return { ...form, layout: [section], checks: [], fields: form.fields.map((field) => ({ ...field, required: step.fields.includes(field.name) })) };
}
