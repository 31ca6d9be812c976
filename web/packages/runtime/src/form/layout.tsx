import { Strip, useSpeech } from "@lowcode/kit";
import type { Part, Section, Tab } from "@lowcode/protocol";
import { Alert, Badge, Collapse, Divider } from "antd";
import { startTransition, useEffect, useState } from "react";
import { fieldsOf, isPlaced, nameOf } from "../fields";
import { useFilling } from "./filling";
import { Item } from "./item";
import { isTab, layoutOf } from "./nodes";

export function Layout({ only }: { only?: Tab }) {
  const { form, draft } = useFilling();
  const { w, t } = useSpeech();
  const nodes = layoutOf(form);
  const tabs = nodes.filter(isTab);
  const sections = nodes.filter((node): node is Section => !isTab(node));
  const whole = useWhole();
  const seen = (given: Section[]) => (whole ? given : given.slice(0, begun(given)));
  if (only) return <>{only.sections.map((section, index) => <SectionBody key={index} section={section} />)}</>;
  const body = seen(sections).map((section, index) => <SectionBody key={index} section={section} />);
  if (tabs.length === 0 || (!whole && sections.length > 0)) return <>{body}</>;
  const wrong = (tab: Tab) => {
    const names = new Set(tab.sections.flatMap((section) => section.fields.filter(isPlaced).map(nameOf)));
    return Object.keys(draft.errors).filter((pointer) => names.has(pointer.split("/")[0]!)).length;
  };
  const items = tabs.map((tab, index) => ({
    key: `tab${index}`,
    label: (
      <>
        {w(tab.tab)} {wrong(tab) > 0 && <Badge count={wrong(tab)} size="small" />}
      </>
    ),
    children: whole || index === 0 ? seen(tab.sections).map((section, at) => <SectionBody key={at} section={section} />) : null,
  }));
  return (
    <>
      {body}
      <Strip leaves={items} label={t("details")} kept />
    </>
  );
}

/** So many fields fill what is seen of a form first. */
const SEEN = 6;

/** How many sections have to stand for that. */
function begun(sections: Section[]): number {
  let fields = 0;
  const at = sections.findIndex((section) => (fields += section.fields.filter(isPlaced).length) >= SEEN);
  return at < 0 ? sections.length : at + 1;
}

/** A long form stands with its first sections, or those of its first tab, at once; the others follow with the next frame, and nobody waits for them. */
function useWhole(): boolean {
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => startTransition(() => setWhole(true)));
    return () => cancelAnimationFrame(frame);
  }, []);
  return whole;
}

/** What stands between fields: a line, or words. A button belongs to a record that is there, not to its form. */
export function Between({ part }: { part: Part }) {
  const { w } = useSpeech();
  if (typeof part === "string") return null;
  if ("divider" in part) return <Divider className="lc-item-wide" titlePlacement="start" plain>{w(part.divider)}</Divider>;
  if ("notice" in part) return <Alert className="lc-item-wide" type={part.kind ?? "info"} showIcon title={w(part.notice)} />;
  return null;
}

function SectionBody({ section }: { section: Section }) {
  const { form, live, narrow } = useFilling();
  const { w } = useSpeech();
  if (section.name && live.sections[section.name] === false) return null;
  const fields = fieldsOf(form, section.fields).filter((each) => live.conditions[each.name]?.visible !== false);
  if (fields.length === 0 && !section.fields.some((part) => !isPlaced(part))) return null;
  const title = w(section.section);
  const grid = (
    <div className="lc-grid" style={{ gridTemplateColumns: `repeat(${narrow ? 1 : (section.columns ?? 2)}, minmax(0, 1fr))` }}>
      {section.fields.map((part, index) => {
        if (!isPlaced(part)) return <Between key={index} part={part} />;
        const field = fields.find((each) => each.name === nameOf(part));
        return field && <Item key={field.name} field={field} span={typeof part === "string" ? undefined : part.span} bare={title !== "" && section.fields.length === 1 && field.type === "lines"} />;
      })}
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
