import { useSpeech } from "@lowcode/kit";
import type { Form, Section, StoredRecord } from "@lowcode/protocol";
import { useMemo } from "react";
import { blank, nameOf } from "../fields";
import { LiveForm } from "../form/live";
import { isTab, layoutOf } from "../form/layout";
import { useRuntime } from "../runtime";
import { widgetOf } from "../widgets";

/** All fields of a record in the order of its form; what its conditions hide stays hidden. */
export function Facts({ form, record }: { form: Form; record: StoredRecord }) {
  const { emitted, session, now } = useRuntime();
  const { w } = useSpeech();
  const live = useMemo(() => new LiveForm(form, emitted[form.name], session.moment, now(), false, () => null).state(record), [form, emitted, session, now, record]);
  const nodes = layoutOf(form);
  const sections: { title: string; section: Section }[] = nodes.flatMap((node) =>
    isTab(node) ? node.sections.map((section) => ({ title: w(section.section) || w(node.tab), section })) : [{ title: w(node.section), section: node }],
  );
  return (
    <>
      {sections.map(({ title, section }, index) => {
        if (section.name && live.sections[section.name] === false) return null;
        const fields = section.fields
          .map((placed) => form.fields.find((each) => each.name === nameOf(placed)))
          .filter((field) => field !== undefined && field.name in record && live.conditions[field.name]?.visible !== false);
        if (fields.length === 0) return null;
        return (
          <section key={index} className="lc-facts">
            {title && <h2 className="lc-section-title">{title}</h2>}
            <dl>
              {fields.map((field) => {
                const { Show, wide } = widgetOf(field!.type);
                const value = record[field!.name];
                return (
                  <div key={field!.name} className={wide ? "lc-fact lc-fact-wide" : "lc-fact"}>
                    <dt>{w(field!.title) || field!.name}</dt>
                    <dd>{blank(value) ? <span className="lc-blank">—</span> : <Show field={field!} value={value} />}</dd>
                  </div>
                );
              })}
            </dl>
          </section>
        );
      })}
    </>
  );
}
