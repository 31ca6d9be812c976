import type { Field, Form, StoredRecord, Values } from "@lowcode/protocol";
import { useCallback, useEffect, useMemo, useReducer, useState } from "react";
import { useRuntime } from "../runtime";
import { Counted } from "./before";
import { remember } from "./convert";
import { useFar } from "./far";
import type { Filling } from "./filling";
import { LiveForm, rowsOf, same, type OpenedFields } from "./live";
import { advance, draftOf, ROW, type Draft } from "./model";

/** A form being filled in, kept in step with its formulas, conditions and defaults. `placing`: the form whose sections
 * hide fields, where this one is only a part of it. */
export function useDraft(form: Form, record: StoredRecord | null, preset: Values, narrow: boolean, opened?: OpenedFields, placing?: Form): Filling {
  const { emitted, session, now } = useRuntime();
  const { far, fetchFor, turn } = useFar(form, record?.id);
  const [draft, step] = useReducer(advance, null, () => draftOf(form, record, preset));
  const isNew = draft.record === null;
  const { id: me, name: called, department } = session.actor;
  useMemo(() => {
    // Whoever fills it in is known before anything was read of them: a default may name them, or their department.
    remember({ type: "member" }, me, called);
    if (department) remember({ type: "department" }, department.id, department.label);
  }, [me, called, department]);
  const rules = useMemo(() => new LiveForm(form, emitted[form.name], session.moment, now(), isNew, far, opened, placing), [form, emitted, session, now, isNew, far, opened, placing]);
  const live = useMemo(() => {
    void turn;
    return rules.state(withDefaults(form, draft, rules));
  }, [rules, form, draft, turn]);
  useEffect(() => fetchFor(live.values), [fetchFor, live]);
  const [awaited, setAwaited] = useState(0);
  const [before] = useState(() => new Counted(setAwaited));
  const narrowStep = useCallback(step, [step]);
  return useMemo(() => ({ form, draft, live, rules, step: narrowStep, narrow, before, awaited }), [form, draft, live, rules, narrowStep, narrow, before, awaited]);
}

/** Defaults fill what nobody has touched, and follow when what they depend on changes. */
function withDefaults(form: Form, draft: Draft, rules: LiveForm): Values {
  let out = draft.values;
  const put = (name: string, value: unknown) => {
    if (value === undefined || same(out[name], value)) return;
    if (out === draft.values) out = { ...out };
    out[name] = value;
  };
  for (const field of form.fields) {
    if (field.type === "lines") {
      const rows = rowsOf(out, field);
      const filled = rowsWithDefaults(field, field.name, rows, draft, rules, rules.facts(out));
      if (filled !== rows) put(field.name, filled);
    } else if (draft.record === null && !draft.touched.has(field.name)) put(field.name, rules.initial(field, field.name, rules.facts(out)));
  }
  return out;
}

type Flat = ReturnType<LiveForm["facts"]>;

function rowsWithDefaults(lines: Field, way: string, rows: Values[], draft: Draft, rules: LiveForm, outer: Flat): Values[] {
  const filled = rows.map((row) => rowWithDefaults(lines, way, row, draft, rules, outer));
  return filled.some((row, index) => row !== rows[index]) ? filled : rows;
}

function rowWithDefaults(lines: Field, way: string, row: Values, draft: Draft, rules: LiveForm, outer: Flat): Values {
  let out = row;
  for (const field of lines.fields ?? []) {
    const own = `${way}.${field.name}`;
    let value: unknown;
    if (field.type === "lines") {
      const rows = rowsOf(out, field);
      value = rows.length === 0 ? undefined : rowsWithDefaults(field, own, rows, draft, rules, rules.line(lines, way, out, outer));
    } else if (row["id"] == null && !draft.touched.has(`${String(row[ROW])}/${field.name}`)) value = rules.initial(field, own, rules.line(lines, way, out, outer));
    if (value === undefined || same(out[field.name], value)) continue;
    out = { ...out, [field.name]: value };
  }
  return out;
}
