import { useNarrow, useSpeech } from "@lowcode/kit";
import type { FieldProblem, Form, Problem, StoredRecord, Task, Values } from "@lowcode/protocol";
import { useEffect, useImperativeHandle, useMemo, useState, type Ref } from "react";
import { calculated } from "../fields";
import { ready } from "../form/before";
import { check } from "../form/check";
import { useDraft } from "../form/draft";
import { FillingContext } from "../form/filling";
import { Layout } from "../form/layout";
import { changes, errorsOf, labelled } from "../form/model";
import { shownErrors } from "../form/saving";
import { placedIn } from "../form/step";
import { useTaskRecord } from "./about";

/** Where an answer carries what was filled in. */
const VALUES = "/values/";

/** What somebody has entered at a step. */
export interface Entered {
  /** What is on its way into a field is there; false when it went wrong, which is shown then. */
  ready: () => Promise<boolean>;
  /** What goes with the answer; null when something is still wrong, which is shown then. */
  values: (agrees: boolean) => Values | null;
  /** What is kept with a draft of the answer. */
  draft: () => Values;
  /** Shows at its field what the server refused; what no field here shows comes back, to be said. */
  refuse: (problem: Problem) => FieldProblem[];
}

/** The fields of the record that a step opens to whoever is asked, to be filled in beside the decision. Who is asked
 * once more begins with the record as it is; as long as nothing was entered, what others save meanwhile is shown. */
export function TaskFields({ task, ref }: { task: Task; ref: Ref<Entered> }) {
  const { form, record } = useTaskRecord(task);
  const [touched, setTouched] = useState(false);
  const [begun, setBegun] = useState({ task: task.id, version: record?.version });
  const another = begun.task !== task.id;
  if (another || (begun.version !== record?.version && !touched)) {
    setBegun({ task: task.id, version: record?.version });
    if (another) setTouched(false);
  }
  const names = task.role ? [] : (task.editable ?? []);
  if (!form || !record || !form.fields.some((field) => names.includes(field.name))) return null;
  return <Opened key={`${begun.task}/${begun.version}`} touch={setTouched} form={form} record={record} names={names} required={task.required ?? []} kept={task.draft?.values ?? {}} ref={ref} />;
}

function Opened({ form: whole, record, names, required, kept, touch, ref }: { form: Form; record: StoredRecord; names: string[]; required: string[]; kept: Values; touch: (touched: boolean) => void; ref: Ref<Entered> }) {
  const narrow = useNarrow();
  const speech = useSpeech();
  const form = useMemo(() => opened(whole, names), [whole, names.join()]);
  const open = useMemo(() => new Map(names.map((name) => [name, required.includes(name)])), [names.join(), required.join()]);
  const filling = useDraft(form, record, kept, narrow, open, whole);
  const { draft, live, step } = filling;
  const entered = draft.touched.size > 0;
  useEffect(() => touch(entered), [touch, entered]);
  useImperativeHandle(ref, () => ({
    ready: () => ready(filling.before),
    values: (agrees) => {
      const wrong = Object.fromEntries(Object.entries(check(filling, speech)).filter(([pointer]) => names.includes(pointer.split("/")[0]!)));
      step({ kind: "errors", errors: agrees ? wrong : {} });
      return agrees && Object.keys(wrong).length > 0 ? null : changes(form, draft, live);
    },
    draft: () => Object.fromEntries(names.filter((name) => draft.touched.has(name)).map((name) => [name, labelled(live.values[name])])),
    refuse: ({ errors: problems }) => {
      const [own, others] = [problems.filter((each) => each.pointer.startsWith(VALUES)), problems.filter((each) => !each.pointer.startsWith(VALUES))];
      if (own.length === 0) return others;
      const { "": left, ...errors } = shownErrors(filling, errorsOf(form, own.map((each) => ({ ...each, pointer: each.pointer.slice(VALUES.length) }))), speech);
      step({ kind: "errors", errors });
      return left ? [{ pointer: "", code: "", detail: left }, ...others] : others;
    },
  }));
  return (
    <FillingContext value={filling}>
      <div className="lc-form lc-task-fields">
        <Layout />
      </div>
    </FillingContext>
  );
}

/** The form of a step: what it opens can be filled in, whatever the form says otherwise; the rest is only read. */
function opened(form: Form, names: string[]): Form {
  const order = [...[...placedIn(form)].filter((name) => names.includes(name)), ...names];
  const fields = form.fields.map((field) => (names.includes(field.name) ? { ...field, read_only: calculated(field) } : { ...field, read_only: true, required: false }));
  return { ...form, layout: [{ section: null, columns: 2, fields: [...new Set(order)] }], checks: [], fields };
}
