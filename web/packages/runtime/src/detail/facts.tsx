import { useSpeech } from "@lowcode/kit";
import type { Field, Form, Section, StoredRecord } from "@lowcode/protocol";
import { useMemo } from "react";
import { blank, fieldsOf, rangeTitle } from "../fields";
import { LiveForm } from "../form/live";
import { isTab, layoutOf } from "../form/nodes";
import { useRuntime } from "../runtime";
import { PlacedButtons } from "./actions";
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
        const fields = fieldsOf(form, section.fields).filter((field) => field.name in record && live.conditions[field.name]?.visible !== false);
        if (fields.length === 0) return null;
        const buttons = section.fields.flatMap((part) => (typeof part !== "string" && "button" in part ? [part.button] : []));
        return (
          <section key={index} className="lc-facts">
            {title && <h2 className="lc-section-title">{title}</h2>}
            <dl>
              {fields.map((field) => (
                <Fact key={field.name} form={form} field={field} record={record} bare={title !== "" && fields.length === 1 && field.type === "lines"} />
              ))}
            </dl>
            {buttons.length > 0 && <PlacedButtons form={form} record={record} rules={buttons} />}
          </section>
        );
      })}
    </>
  );
}

/** A field by its name and value; a range by both its ends. `bare`: the heading above says what it is. */
function Fact({ form, field, record, bare }: { form: Form; field: Field; record: StoredRecord; bare: boolean }) {
  const { w } = useSpeech();
  const { Show, wide } = widgetOf(field.type);
  const end = form.fields.find((each) => each.name === field.until);
  const show = (each: Field) => (blank(record[each.name]) ? <span className="lc-blank">—</span> : <Show field={each} value={record[each.name]} source={{ form: form.name, id: record.id }} beside={each.currency_from ? record[each.currency_from] : undefined} />);
  return (
    <div className={wide ? "lc-fact lc-fact-wide" : "lc-fact"}>
      <dt className={bare ? "lc-hidden" : undefined}>{rangeTitle(field, end, w)}</dt>
      <dd>
        {show(field)}
        {end && <> ～ {show(end)}</>}
      </dd>
    </div>
  );
}
