import { useSpeech } from "@lowcode/kit";
import type { Form, LayoutNode, Section, Tab } from "@lowcode/protocol";
import { Badge, Collapse, Tabs } from "antd";
import { nameOf } from "../fields";
import { useFilling } from "./draft";
import { Item } from "./item";

export const isTab = (node: LayoutNode): node is Tab => "tab" in node;

/** The layout of a form; one that says nothing gets one section with everything. */
export function layoutOf(form: Form): LayoutNode[] {
  if (form.layout?.length) return form.layout;
  return [{ section: null, columns: 2, fields: form.fields.filter((field) => !field.system).map((field) => field.name) }];
}

export function Layout() {
  const { form, draft } = useFilling();
  const { w, t } = useSpeech();
  const nodes = layoutOf(form);
  const tabs = nodes.filter(isTab);
  const sections = nodes.filter((node): node is Section => !isTab(node));
  const body = sections.map((section, index) => <SectionBody key={index} section={section} />);
  if (tabs.length === 0) return <>{body}</>;
  const wrong = (tab: Tab) => {
    const names = new Set(tab.sections.flatMap((section) => section.fields.map(nameOf)));
    return Object.keys(draft.errors).filter((pointer) => names.has(pointer.split("/")[0]!)).length;
  };
  const items = tabs.map((tab, index) => ({
    key: `tab${index}`,
    label: (
      <>
        {w(tab.tab)} {wrong(tab) > 0 && <Badge count={wrong(tab)} size="small" />}
      </>
    ),
    forceRender: true,
    children: tab.sections.map((section, at) => <SectionBody key={at} section={section} />),
  }));
  if (sections.length > 0 && tabs.length > 0) return (<>{body}<Tabs items={items} /></>);
  return <Tabs items={items} aria-label={t("details")} />;
}

function SectionBody({ section }: { section: Section }) {
  const { form, live, narrow } = useFilling();
  const { w } = useSpeech();
  if (section.name && live.sections[section.name] === false) return null;
  const fields = section.fields
    .map((placed) => ({ field: form.fields.find((each) => each.name === nameOf(placed)), span: typeof placed === "string" ? undefined : placed.span }))
    .filter((each) => each.field !== undefined && live.conditions[each.field.name]?.visible !== false);
  if (fields.length === 0) return null;
  const title = w(section.section);
  const grid = (
    <div className="lc-grid" style={{ gridTemplateColumns: `repeat(${narrow ? 1 : (section.columns ?? 2)}, minmax(0, 1fr))` }}>
      {fields.map(({ field, span }) => (
        <Item key={field!.name} field={field!} span={span} />
      ))}
    </div>
  );
  if (!title) return <section className="lc-section">{grid}</section>;
  if (section.collapsed) return <Collapse ghost className="lc-section" items={[{ key: "body", label: title, children: grid, forceRender: true }]} />;
  return (
    <section className="lc-section">
      <h3 className="lc-section-title">{title}</h3>
      {grid}
    </section>
  );
}
