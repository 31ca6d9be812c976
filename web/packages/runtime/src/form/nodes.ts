import type { Form, LayoutNode, Tab } from "@lowcode/protocol";

export const isTab = (node: LayoutNode): node is Tab => "tab" in node;

/** The layout of a form; one that says nothing gets one section with everything. */
export function layoutOf(form: Form): LayoutNode[] {
  if (form.layout?.length) return form.layout;
  return [{ section: null, columns: 2, fields: form.fields.filter((field) => !field.system && !field.hidden).map((field) => field.name) }];
}
