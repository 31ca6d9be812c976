import { describe, expect, it } from "vitest";
import { becomes, drop, rename, retyped } from "../src/forms/fields";
import { itemsOf, once, partOf, viewedAs, type Needed } from "../src/forms/settings/parts";
import { codeOf } from "../src/titles";
import type { Node } from "../src/tree";

const FORM: Node = {
  name: "visit",
  fields: [{ name: "a", type: "text" }, { name: "stage", type: "state", states: [{ name: "open" }] }],
  permissions: [{ role: "sales", can: ["read"], hide: ["a", "a.b"], read_only: ["stage"] }],
  views: [{ name: "all", columns: ["a", { field: "a", width: 80 }, "stage"], sort: ["-a", "stage"], group: "a", where: "a = 1" }],
  unique: [{ fields: ["a"] }, { fields: ["a", "stage"] }],
  checks: [{ name: "one", expression: "stage = \"open\"", field: "a", message: "" }],
  public: [{ name: "apply", fields: ["a", { field: "stage" }] }],
  detail: { header: ["a", "stage"] },
  business_card: { person: "a", company: "stage" },
};
const NEEDED: Record<string, Needed[]> = { kanban: [["by", ["select", "state"], true]], calendar: [["starts", ["date"], true], ["ends", ["date"], false], ["by", ["state"], false]] };
const FIELDS = [{ value: "a", type: "text" }, { value: "stage", type: "state" }, { value: "day", type: "date" }];

describe("what a form is besides its fields", () => {
  it("forgets a field that is taken away wherever it is listed, and leaves conditions as they are written", () => {
    const without = drop(FORM, ["fields", 0]);
    expect(without).toEqual({
      ...FORM,
      fields: [FORM["fields"]![1 as never]],
      permissions: [{ role: "sales", can: ["read"], hide: [], read_only: ["stage"] }],
      views: [{ name: "all", columns: ["stage"], sort: ["stage"], where: "a = 1" }],
      unique: [{ fields: ["stage"] }],
      checks: [{ name: "one", expression: "stage = \"open\"", message: "" }],
      public: [{ name: "apply", fields: [{ field: "stage" }] }],
      detail: { header: ["stage"] },
      business_card: { company: "stage" },
    });
    expect(drop({ ...FORM, business_card: { person: "a" } }, ["fields", 0])["business_card"]).toBeUndefined();
  });

  it("takes a new name along", () => {
    const named = rename(FORM, ["fields", 0], "b");
    expect(named["views"]).toEqual([{ name: "all", columns: ["b", { field: "b", width: 80 }, "stage"], sort: ["-b", "stage"], group: "b", where: "a = 1" }]);
    expect(named["business_card"]).toEqual({ person: "b", company: "stage" });
    expect(named["permissions"]).toEqual([{ role: "sales", can: ["read"], hide: ["b", "b.b"], read_only: ["stage"] }]);
  });

  it("takes a field along in conditions that stand in groups", () => {
    const inner = { match: "any", conditions: [{ field: "a.b", operator: "blank" }] };
    const form: Node = { ...FORM, views: [{ name: "all", filter: { match: "all", conditions: [{ field: "stage", operator: "one_of", value: ["open"] }, inner] } }] };
    const filterOf = (found: Node) => (found["views"] as Node[])[0]!["filter"];
    expect(filterOf(rename(form, ["fields", 0], "c"))).toEqual({ match: "all", conditions: [{ field: "stage", operator: "one_of", value: ["open"] }, { match: "any", conditions: [{ field: "c.b", operator: "blank" }] }] });
    expect(filterOf(drop(form, ["fields", 0]))).toEqual({ match: "all", conditions: [{ field: "stage", operator: "one_of", value: ["open"] }] });
    const board: Node = { ...FORM, views: [{ name: "all", color: "a.grade" }] };
    expect([rename(board, ["fields", 0], "c"), drop(board, ["fields", 0])].map((each) => each["views"])).toEqual([[{ name: "all", color: "c.grade" }], [{ name: "all" }]]);
    expect(filterOf(drop(drop(form, ["fields", 0]), ["fields", 0]))).toBeUndefined();
  });

  it("finds the part in which something stands", () => {
    expect([partOf(["views", 0]), partOf(["unique"]), partOf(["business_card", "person"]), partOf(["fields", 1]), partOf(null)]).toEqual(["views", "checks", "card", null, null]);
    expect(itemsOf(FORM)).toEqual([["permissions", 0], ["views", 0], ["checks", 0], ["unique", 0], ["unique", 1], ["public", 0]]);
  });

  it("draws a view of another kind by the first fields that fit, with what it showed", () => {
    const list = { name: "all", type: "grid", columns: ["a", "stage"], group: "a", where: "a = 1" };
    const board = viewedAs(list, "kanban", NEEDED, FIELDS);
    expect(board).toEqual({ name: "all", type: "kanban", by: "stage", card: ["a"], where: "a = 1" });
    expect(viewedAs(board, "calendar", NEEDED, FIELDS)).toEqual({ name: "all", type: "calendar", starts: "day", by: "stage", card: ["a"], where: "a = 1" });
    expect(viewedAs(board, "grid", NEEDED, FIELDS)).toEqual({ name: "all", type: "grid", columns: ["a"], where: "a = 1" });
  });

  it("sorts by a field in one direction, the last that was said", () => {
    expect(once(["a", "-b", "-a"])).toEqual(["-b", "-a"]);
  });

  it("makes a field one of another kind, with what that may say as well", () => {
    const choice = { name: "grade", type: "select", title: "Grade", options: [{ name: "x" }], default: "x", required: true, widget: "radio" };
    const begin = { type: "multi_select", title: "Several", options: [{ name: "option_1" }] };
    expect(retyped(choice, begin, ["name", "title", "options", "default", "required"])).toEqual({ name: "grade", type: "multi_select", title: "Grade", options: [{ name: "x" }], required: true });
    expect(retyped(choice, { type: "state", states: [] }, ["title", "states"])).toEqual({ name: "grade", type: "state", title: "Grade", states: [{ name: "x" }] });
    expect(retyped(choice, { type: "link", to: "account" }, ["title", "to", "required"])).toEqual({ name: "grade", type: "link", to: "account", title: "Grade", required: true });
    expect([becomes("text", "money"), becomes("text", "lines"), becomes("formula", "text"), becomes("formula", "rollup")]).toEqual([true, false, false, true]);
  });

  it("names something new by its title, else by its kind", () => {
    const taken = (name: string) => ["visit", "form_1"].includes(name);
    expect(["Visit", "Größe 2", "设备台账", "3 A"].map((title) => codeOf(title, "form", taken))).toEqual(["visit_2", "gro_e_2", "form_2", "a"]);
  });
});
