import type { ForeseenStep } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { nested, type Nested } from "../src/tasks/nested";

const step = (node: string, branch: [number, number][] = [], kind = "approve"): ForeseenStep => ({ node, kind, title: node, state: "done", exit: null, reasons: [], people: [], branch });
const names = (items: Nested[]): unknown[] => items.map((each) => ("step" in each ? each.step.node : each.branches.map(names)));

test("what goes on side by side stands side by side, one branch after the other", () => {
  const steps = [step("start", [], "start"), step("split", [], "parallel"), step("a", [[3, 0]]), step("b", [[3, 1]]), step("c", [[3, 0]]), step("join", [], "join"), step("last"), step("end", [], "end")];
  expect(names(nested(steps))).toEqual(["split", [["a", "c"], ["b"]], "last"]);
});

test("a split inside a branch stays inside it, and two splits one after the other are two", () => {
  const steps = [step("a", [[1, 0]]), step("b", [[1, 1], [5, 0]]), step("c", [[1, 1], [5, 1]]), step("d", [[9, 0]]), step("e", [[9, 1]])];
  expect(names(nested(steps))).toEqual([[["a"], [[["b"], ["c"]]]], [["d"], ["e"]]]);
});
