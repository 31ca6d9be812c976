import { expect, test } from "vitest";
import { readClauses, writeClauses } from "../src/rules/clauses";
import { actionOf, actionsAt, choosable, cronOf, isLadder, isLevel, laddered, levelled, listsOf, phased, placeBehind, timesOf, triggered, triggersOf, withRung, type Trigger } from "../src/rules/rule";
import { at, put, type Json, type Node } from "../src/tree";

const WRITTEN = import.meta.glob("../../../../examples/*/rules/*.json", { eager: true, import: "default" }) as Record<string, Node>;
const known: Trigger[] = [
  ...["created", "updated", "deleted"].map((name) => ({ name, alone: false, begin: { [name]: true } })),
  ...["becomes", "entered", "left", "scored"].map((name) => ({ name, alone: false, begin: { [name]: "x" } })),
  ...["schedule", "date", "inactive", "button", "event", "received"].map((name) => ({ name, alone: true, begin: { [name]: {} } })),
];
const rules = Object.entries(WRITTEN).map(([path, document]): [string, Node] => [path.split("/examples/")[1]!, document]).filter(([, document]) => (document["type"] ?? "rule") === "rule");

/** Every text that is a condition, with how it would be written after it was looked at. */
function conditionsOf(value: Json, key = ""): string[] {
  if (typeof value === "string") return ["when", "where", "becomes", "exit"].includes(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => conditionsOf(each));
  return value === null || typeof value !== "object" ? [] : Object.entries(value).flatMap(([name, each]) => conditionsOf(each, name));
}

const plainly = (text: string) => text.replace(/[\s()]/g, "").replaceAll("!=", "<>");

test.each(rules)("%s is opened and nothing of it is lost", (_, document) => {
  expect(triggersOf(document, known).length).toBeGreaterThan(0);
  const actions = listsOf(document).flatMap((list) => actionsAt(document, list));
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.map((each) => actionOf(each)).includes(null)).toBe(false);
  for (const path of choosable(document)) {
    const found = at(document, path);
    if (found !== undefined) expect(JSON.stringify(put(document, path, structuredClone(found)))).toBe(JSON.stringify(document));
  }
  for (const condition of conditionsOf(document)) expect(plainly(writeClauses(readClauses(condition)))).toBe(plainly(condition));
  const cron = at(document, ["on", "schedule", "cron"]);
  if (typeof cron === "string" && timesOf(cron) !== null) expect(timesOf(cronOf(timesOf(cron)!))).toEqual(timesOf(cron));
  if (isLadder(document)) expect(listsOf(document)).toHaveLength((document["steps"] as Json[]).length);
  else if (isLadder(laddered(document))) expect(levelled(laddered(document))["actions"]).toEqual(document["actions"]);
});

const RULE: Node = { name: "r", form: "lead", "x-note": 1, on: { created: true }, phase: "before", when: "a", actions: [{ set: { a: "1" } }] };

test("what sets a rule off is joined, or takes the place of the rest", () => {
  const both = triggered(RULE, known, "updated");
  expect(both["on"]).toEqual({ created: true, updated: true });
  expect(triggered(put(both, ["on", "fields"], ["a"]), known, "updated")["on"]).toEqual({ created: true });
  expect(triggered(RULE, known, "created")).toBe(RULE);
  const timed = triggered(both, known, "schedule");
  expect(timed).toEqual({ name: "r", form: "lead", "x-note": 1, on: { schedule: {} }, when: "a", actions: RULE["actions"] });
  expect(triggered(timed, known, "deleted")["on"]).toEqual({ deleted: true });
  expect(triggered(triggered(RULE, known, "becomes"), known, "scored")["on"]).toEqual({ created: true, scored: "x" });
});

test("a rule becomes a ladder and a list again", () => {
  const silent: Node = { name: "r", on: { inactive: { since: "a", for: { days: 3 } } }, actions: [{ notify: {} }] };
  const ladder = laddered(silent);
  expect(ladder).toEqual({ name: "r", on: { inactive: { since: "a" } }, steps: [{ after: { days: 3 }, actions: [{ notify: {} }] }] });
  expect(levelled(ladder)).toEqual(silent);
  const two = withRung(ladder);
  expect(at(two.document, two.path)).toEqual({ after: { days: 6 }, actions: [] });
  expect(placeBehind(two.document, ["steps", 0])).toEqual({ list: ["steps", 0, "actions"], index: 1 });
  expect(placeBehind(two.document, null)).toEqual({ list: ["steps", 1, "actions"], index: 0 });
  expect(triggered(two.document, known, "created")["steps"]).toHaveLength(2);
  expect(triggered(two.document, known, "button")["actions"]).toEqual([{ notify: {} }]);
});

const RUNG = { after: { days: 1 }, actions: [{ set: {} }] };

test.each<[string, Node, Node[], Node | null]>([
  ["the condition of the only rung becomes one of the rule", { when: "a or b" }, [{ ...RUNG, when: "vip" }], { when: "(a or b) and vip" }],
  ["so it does where the rule has none, with the notes", {}, [{ ...RUNG, when: "vip", "x-note": 1 }], { when: "vip", "x-note": 1 }],
  ["two notes of one name are not made one", { "x-note": 2 }, [{ ...RUNG, "x-note": 1 }], null],
  ["what some actions ask for is not taken from them", {}, [{ ...RUNG, when: "vip" }, RUNG], null],
  ["nor are notes", {}, [RUNG, { ...RUNG, "x-note": 1 }], null],
  ["what says nothing stands in no way", { when: "a" }, [{ ...RUNG, when: "" }, { ...RUNG, when: null }], { when: "a" }],
])("a ladder as one list: %s", (_, said, steps, level) => {
  const ladder: Node = { on: { created: true }, ...said, steps };
  const timed = triggered(ladder, known, "button");
  expect(isLevel(ladder)).toBe(level !== null);
  expect(levelled(ladder)).toEqual(level === null ? ladder : { on: { created: true }, ...level, actions: steps.flatMap((each) => each["actions"] as Json[]) });
  expect(timed["steps"]).toEqual(level === null ? steps : undefined);
});

test("a rule acts when its actions may", () => {
  const phases = (word: string) => ({ refuse: ["before"], set: ["after", "before"], notify: ["after"] })[word];
  const with_ = (...actions: Node[]): Node => ({ on: { created: true }, actions });
  expect(phased(with_({ refuse: {} }, { set: {} }), phases)["phase"]).toBe("before");
  expect(phased({ ...with_({ notify: {} }), phase: "before" }, phases)["phase"]).toBeUndefined();
  expect(phased(with_({ refuse: {} }, { notify: {} }), phases)["phase"]).toBeUndefined();
});

test.each(["0 9 * * *", "30 8 * * 1,3,5", "0 0 1,15 * *", "15 * * * *", "0 */6 * * *", "*/10 * * * *"])("the times of %s are said by a form", (cron) => {
  expect(cronOf(timesOf(cron)!)).toBe(cron);
});

test.each(["0 9 1 1 *", "0 9,17 * * *", "*/7 * * * *", "0 9 1 * 1", "rubbish"])("those of %s are not", (cron) => {
  expect(timesOf(cron)).toBeNull();
});
