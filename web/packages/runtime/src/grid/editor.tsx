import { useSpeech } from "@lowcode/kit";
import type { Field, Form, StoredRecord, Values } from "@lowcode/protocol";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { blank, offering } from "../fields";
import { useFar } from "../form/far";
import { LiveForm, same } from "../form/live";
import { useRuntime } from "../runtime";
import { inputOf } from "../widgets/inputs";
import { POPUPS, refusedFor, savesAtOnce, type Refusal } from "./editable";
import type { CellState } from "./saves";

export type Move = "down" | "up" | "next" | "previous" | "stay";

interface EditorProps {
  form: Form;
  field: Field;
  /** As the list has it. */
  listed: StoredRecord;
  /** The record as it is now, on its way. */
  record: Promise<StoredRecord>;
  /** What is left from an attempt that was refused. */
  left: CellState | undefined;
  live: (values: Values | undefined) => void;
  save: (record: StoredRecord, from: unknown, to: unknown) => void;
  /** It cannot be typed into after all. */
  refuse: (why: Refusal) => void;
  end: (move: Move) => void;
}

const FIELD = "input:not([type=hidden]), textarea, button, [tabindex='0']";
const ARROW = "ArrowDown";

/** The control of a field in the place of its cell, with everything that its form knows: formulas, what may be chosen,
 * what is needed. */
export default function CellEditor({ form, field, listed, record, left, live, save, refuse, end }: EditorProps) {
  const { emitted, session, now } = useRuntime();
  const { t, w } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const began = left ? left.value : (listed[field.name] ?? null);
  const [value, setValue] = useState<unknown>(began);
  const latest = useRef<unknown>(began);
  const [whole, setWhole] = useState<StoredRecord | null>(null);
  const [wrong, setWrong] = useState<string | null>(left?.detail ?? null);
  const ended = useRef(false);
  /** The record as whoever types saw it. */
  const seen = useRef(listed);
  const { far, fetchFor, turn } = useFar(form, listed.id);

  const rules = useMemo(() => new LiveForm(form, emitted[form.name], session.moment, now(), false, far), [form, emitted, session, now, far]);
  const state = useMemo(() => {
    void turn;
    return whole && rules.state({ ...whole, [field.name]: value });
  }, [whole, rules, field.name, value, turn]);
  useEffect(() => {
    if (state) fetchFor(state.values);
    live(state && !same(value, whole?.[field.name] ?? null) ? state.values : undefined);
  }, [state, fetchFor, live, value, whole, field.name]);
  useEffect(() => () => live(undefined), [live]);
  const conditions = state?.conditions[field.name];

  useEffect(() => {
    let away = false;
    record.then(
      (found) => {
        if (away) return;
        const why = refusedFor(found, field.name);
        if (why) return refuse(why);
        // What the list showed may be old. Who has typed by then saw the old value, and is told of the new one.
        const old = !same(found[field.name] ?? null, listed[field.name] ?? null);
        const typed = latest.current !== began || left !== undefined;
        if (!typed) setValue((latest.current = found[field.name] ?? null));
        seen.current = typed && old ? { ...found, [field.name]: listed[field.name], version: listed.version } : found;
        setWhole(found);
      },
      () => undefined, // said when it is saved
    );
    return () => {
      away = true;
    };
    // Once: the editor is made anew for another cell.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  /** Takes what stands in the control; false when it cannot be taken yet. */
  const commit = (move: Move): boolean => {
    if (ended.current) return true;
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && box.current?.contains(focused)) focused.blur(); // a number is rounded, a date read
    const to = latest.current;
    if (conditions?.required && blank(to)) {
      setWrong(t("required", { name: w(field.title) || field.name }));
      box.current?.querySelector<HTMLElement>(FIELD)?.focus();
      return false;
    }
    ended.current = true;
    const from = seen.current[field.name] ?? null;
    if (left || !same(to ?? null, from)) save(seen.current, from, to ?? null);
    end(move);
    return true;
  };
  const change = (changed: unknown) => {
    latest.current = changed ?? null;
    setValue(changed ?? null);
    setWrong(null);
    if (savesAtOnce(field) && field.type !== "boolean" && field.type !== "rating") queueMicrotask(() => commit("stay"));
  };
  const finish = useRef(commit);
  finish.current = commit;

  useEffect(() => {
    const found = box.current?.querySelector<HTMLElement>(FIELD);
    found?.focus({ preventScroll: true });
    if (found instanceof HTMLInputElement && found.getAttribute("role") !== "combobox") found.select();
    // What is chosen from a list opens it at once.
    if (found?.getAttribute("role") === "combobox") found.dispatchEvent(new globalThis.KeyboardEvent("keydown", { key: ARROW, code: ARROW, keyCode: 40, which: 40, bubbles: true } as KeyboardEventInit));
    const outside = (event: PointerEvent) => {
      const target = event.target as Element | null;
      if (!target || box.current?.contains(target) || target.closest(POPUPS)) return;
      if (!finish.current("stay")) event.preventDefault();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, []);

  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.nativeEvent.isComposing || !box.current?.contains(target)) return;
    const open = target.getAttribute("aria-expanded") === "true";
    const many = target instanceof HTMLTextAreaElement;
    const stop = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === "Escape") {
      stop();
      ended.current = true;
      return end("stay");
    }
    if (event.key === "Tab") {
      stop();
      commit(event.shiftKey ? "previous" : "next");
    } else if (event.key === "Enter" && !open && !(many && (event.shiftKey || event.altKey)) && !(target.closest(".ant-picker") && document.querySelector(".ant-picker-dropdown:not(.ant-picker-dropdown-hidden)")) && !(target instanceof HTMLButtonElement && target.getAttribute("role") !== "switch")) {
      stop();
      commit(event.shiftKey ? "up" : "down");
    }
  };
  const Input = inputOf(field.type);
  const beside = field.currency_from ? (state?.values ?? listed)[field.currency_from] : undefined;
  return (
    <div ref={box} className="lc-editor" onKeyDownCapture={keys} onKeyDown={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()}>
      <Input field={offering(field, conditions?.unavailable, conditions?.offered, value)} value={value} beside={beside} onChange={change} dense narrow={false} invalid={wrong !== null} label={w(field.title) || field.name} />
      {wrong && (
        <div className="lc-problem" role="alert">
          {wrong}
        </div>
      )}
    </div>
  );
}
