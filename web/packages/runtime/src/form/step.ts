import type { Form, Section } from "@lowcode/protocol";
import { nameOf } from "../fields";
import type { Step } from "../runtime";
import { isTab, layoutOf } from "./layout";

/** The form of one step: the fields the step needs, each of which must be filled in, and nothing else. */
export function formOfStep(form: Form, step: Step): Form {
  const placed = layoutOf(form).flatMap((node) => (isTab(node) ? node.sections : [node])).flatMap((section) => section.fields);
  const order = [...placed.map(nameOf).filter((name) => step.fields.includes(name)), ...step.fields];
  const section: Section = { section: null, columns: 1, fields: [...new Set(order)] };
  return { ...form, layout: [section], checks: [], fields: form.fields.map((field) => (step.fields.includes(field.name) ? { ...field, required: true } : { ...field, required: false })) };
}

/** Names of the fields a form shows, whatever its conditions say now. */
export function placedIn(form: Form): Set<string> {
  return new Set(layoutOf(form).flatMap((node) => (isTab(node) ? node.sections : [node])).flatMap((section) => section.fields.map(nameOf)));
}
