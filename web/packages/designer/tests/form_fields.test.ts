import { describe, expect, it } from "vitest";
import { optionsOf, addField, addPart, behind, changed, drop, fieldsOf, isPublished, isTaken, laidOut, lastOf, placed, rename, shift, show, shownBy, spanOf, takeOff, unplaced } from "../src/forms/fields";
import { at, put, type Node } from "../src/tree";

const FORM: Node = {
  name: "visit",
  fields: [{ name: "a", type: "text" }, { name: "b", type: "date" }, { name: "c", type: "lines", fields: [{ name: "x", type: "text" }] }, { name: "d", type: "text" }],
  layout: [
    { section: "One", columns: 2, fields: ["a", { field: "b", span: 2 }, { divider: "More" }] },
    { tab: "Two", sections: [{ columns: 1, fields: ["c"] }] },
  ],
};
const names = (document: Node) => placed(document).map(({ item }) => shownBy(item));

describe("the document of a form as it is designed", () => {
  it("shows every field where there is no layout", () => {
    const bare = put(FORM, ["layout"], undefined);
    expect(names(laidOut(bare))).toEqual(["a", "b", "c", "d"]);
    expect(unplaced(bare)).toEqual([]);
    expect(unplaced(FORM).map((each) => each.name)).toEqual(["d"]);
  });

  it("puts a new field where it is dropped, under a name of its own", () => {
    const begin = { type: "text", title: "Text" };
    const one = addField(FORM, begin, ["layout", 0, "fields"], 1)!;
    expect(names(one.document)).toEqual(["a", "text", "b", null, "c"]);
    expect(one.chosen).toEqual(["fields", 4]);
    const two = addField(one.document, begin, ["layout", 1, "sections", 0, "fields"], 0)!;
    expect(fieldsOf(two.document).map((each) => each["name"])).toEqual(["a", "b", "c", "d", "text", "text_2"]);
    expect(names(two.document)).toEqual(["a", "text", "b", null, "text_2", "c"]);
    const apart = addField(FORM, begin, ["layout"], 2)!;
    expect((apart.document["layout"] as Node[])[2]).toEqual({ columns: 2, fields: ["text"] });
    const column = addField(FORM, begin, ["fields", 2, "fields"], 0)!;
    expect((fieldsOf(column.document)[2]!["fields"] as Node[]).map((each) => each["name"])).toEqual(["text", "x"]);
    expect(names(column.document)).toEqual(names(FORM));
    expect(addField(FORM, begin, ["views"], 0)).toBeNull();
  });

  it("puts what is pressed behind the chosen field, into the chosen section, else last", () => {
    const bare = put(FORM, ["layout"], undefined) as Node;
    expect(behind(bare, ["fields", 0])).toEqual({ list: ["layout", 0, "fields"], index: 1 });
    expect([behind(bare, null), lastOf(bare)]).toEqual([{ list: ["layout", 0, "fields"], index: 4 }, { list: ["layout"], index: 1 }]);
    expect(behind(FORM, ["fields", 2, "fields", 0])).toEqual({ list: ["layout", 1, "sections", 0, "fields"], index: 1 });
    expect(behind(FORM, ["layout", 0])).toEqual({ list: ["layout", 0, "fields"], index: 3 });
    expect(behind(FORM, ["layout", 0, "fields", 2])).toEqual({ list: ["layout", 1, "sections", 0, "fields"], index: 1 });
    expect([behind({ fields: [], layout: [{ tab: "T", sections: [] }] }, null), lastOf(FORM)]).toEqual([{ list: ["layout"], index: 1 }, { list: ["layout"], index: 2 }]);
  });

  it("takes parts only where they fit", () => {
    expect(addPart(FORM, { divider: "" }, ["layout"], 0)).toBeNull();
    expect(addPart(FORM, { tab: "T", sections: [] }, ["layout", 1, "sections"], 0)).toBeNull();
    expect(addPart(FORM, { section: "S", fields: [] }, ["layout", 0, "fields"], 0)).toBeNull();
    expect(addPart(FORM, { section: "S", fields: [] }, ["layout", 1, "sections"], 1)!.chosen).toEqual(["layout", 1, "sections", 1]);
  });

  it("moves what is there and loses none of it", () => {
    const over = shift(FORM, ["layout", 0, "fields", 1], ["layout", 1, "sections", 0, "fields"], 1)!;
    expect(names(over.document)).toEqual(["a", null, "c", "b"]);
    expect(over.chosen).toEqual(["fields", 1]);
    expect(spanOf(over.document, "b")).toEqual({ path: ["layout", 1, "sections", 0, "fields", 1], span: 2, columns: 1 });
    expect(names(shift(FORM, ["layout", 0], ["layout"], 2)!.document)).toEqual(["c", "a", "b", null]);
    expect(shift(FORM, ["layout", 1], ["layout", 1, "sections"], 0)).toBeNull();
    expect(shift(FORM, ["layout", 0, "fields", 0], ["fields", 2, "fields"], 0)).toBeNull();
    expect(names(show(FORM, "d", ["layout", 0, "fields"], 0)!.document)).toEqual(["d", "a", "b", null, "c"]);
  });

  it("takes a field off the form, or away with all that shows it", () => {
    const off = takeOff(FORM, "b");
    expect([names(off), fieldsOf(off).length]).toEqual([["a", null, "c"], 4]);
    const gone = drop(FORM, ["fields", 0]);
    expect([names(gone), fieldsOf(gone).map((each) => each["name"])]).toEqual([["b", null, "c"], ["b", "c", "d"]]);
    expect(names(drop(FORM, ["layout", 1]))).toEqual(["a", "b", null]);
  });

  it("renames a field where it is shown, too", () => {
    const named = rename(rename(FORM, ["fields", 1], "bb"), ["fields", 2, "fields", 0], "y");
    expect(names(named)).toEqual(["a", "bb", null, "c"]);
    expect((fieldsOf(named)[2]!["fields"] as Node[])[0]!["name"]).toBe("y");
    expect(FORM["fields"]).toHaveLength(4);
  });

  it("lets an option that gets another name say what it was, so long as the app has it so", () => {
    const begun: Node = { name: "visit", fields: [{ name: "a", type: "text" }, { name: "kind", type: "select", options: [{ name: "x" }, { name: "y" }] }] };
    const options = (document: Node) => fieldsOf(document)[1]!["options"];
    const typed = changed(changed(begun, begun, ["fields", 1, "options", 0, "name"], "p"), begun, ["fields", 1, "options", 0, "name"], "phone");
    expect(options(typed)).toEqual([{ name: "phone", was: "x" }, { name: "y" }]);
    expect(options(changed(typed, begun, ["fields", 1, "options", 0, "name"], "x"))).toEqual([{ name: "x" }, { name: "y" }]);
    const more = put(begun, ["fields", 1, "options"], [{ name: "y" }, { name: "new" }]);
    expect(options(changed(more, begun, ["fields", 1, "options", 1, "name"], "z"))).toEqual([{ name: "y" }, { name: "z" }]);
    expect(options(changed(more, begun, ["fields", 1, "options", 0, "name"], "yes"))).toEqual([{ name: "yes", was: "y" }, { name: "new" }]);
    expect(changed(begun, begun, ["fields", 1, "title"], "Kind")).toEqual(put(begun, ["fields", 1, "title"], "Kind"));
  });

  it("lets an option that was renamed before say what the app calls it, not what it was called long ago", () => {
    const begun: Node = { name: "visit", fields: [{ name: "kind", type: "select", options: [{ name: "b", was: "a" }, { name: "y" }] }] };
    const name = ["fields", 0, "options", 0, "name"];
    const options = (document: Node) => fieldsOf(document)[0]!["options"];
    const once = changed(begun, begun, name, "c");
    expect(options(once)).toEqual([{ name: "c", was: "b" }, { name: "y" }]);
    expect(options(changed(once, begun, name, "d"))).toEqual([{ name: "d", was: "b" }, { name: "y" }]);
    expect(changed(once, begun, name, "b")).toEqual(begun);
  });

  it("lets an option that took the name of another keep its own origin", () => {
    const begun: Node = { name: "visit", fields: [{ name: "kind", type: "select", options: [{ name: "x" }] }] };
    const more = put(changed(begun, begun, ["fields", 0, "options", 0, "name"], "z"), ["fields", 0, "options", 1], { name: "x" });
    expect(fieldsOf(changed(more, begun, ["fields", 0, "options", 1, "name"], "q"))[0]!["options"]).toEqual([{ name: "z", was: "x" }, { name: "q" }]);
  });

  it("finds the former name wherever a branch, a column or a tag stands by now", () => {
    const begun: Node = {
      name: "visit",
      fields: [
        { name: "place", type: "cascade", options: [{ name: "n", children: [{ name: "x" }] }, { name: "s", children: [{ name: "x" }, { name: "y" }] }] },
        { name: "items", type: "lines", fields: [{ name: "amount", type: "number" }, { name: "unit", type: "select", options: [{ name: "b", was: "a" }] }] },
        { name: "marks", type: "tags", dimensions: [{ name: "heat", options: [{ name: "hot" }] }, { name: "size", options: [{ name: "big" }] }] },
      ],
    };
    const fields = begun["fields"] as Node[];
    const turned = (list: unknown) => [...(list as Node[])].reverse();
    let document: Node = { ...begun, fields: [fields[2]!, fields[1]!, fields[0]!] };
    for (const list of [["fields", 2, "options"], ["fields", 1, "fields"], ["fields", 0, "dimensions"]]) document = put(document, list, turned(list.reduce<unknown>((found, step) => (found as Record<string, unknown>)[step as string], document)) as Node[]);
    const renamed: [(string | number)[], string, Node][] = [
      [["fields", 2, "options", 0, "children", 1], "z", { name: "z", was: "y" }],
      [["fields", 1, "fields", 0, "options", 0], "c", { name: "c", was: "b" }],
      [["fields", 0, "dimensions", 0, "options", 0], "large", { name: "large", was: "big" }],
    ];
    for (const [way, name, option] of renamed) {
      document = changed(document, begun, [...way, "name"], name);
      expect(at(document, way)).toEqual(option);
    }
    const tag = fields[2]!["dimensions"] as Node[];
    const moved = put({ ...begun }, ["fields", 2, "dimensions"], [{ ...tag[0]!, options: [] }, { ...tag[1]!, options: [{ name: "big" }, { name: "hot" }] }]);
    expect(at(changed(moved, begun, ["fields", 2, "dimensions", 1, "options", 1, "name"], "warm"), ["fields", 2, "dimensions", 1, "options", 1])).toEqual({ name: "warm", was: "hot" });
    const branch = changed(document, begun, ["fields", 2, "options", 0, "name"], "south");
    expect(at(changed(branch, begun, ["fields", 2, "options", 0, "children", 0, "name"], "w"), ["fields", 2, "options", 0])).toEqual({ name: "south", was: "s", children: [{ name: "w", was: "x" }, { name: "z", was: "y" }] });
  });
});

it("the options of a field of choices are the values its records have, the most frequent first", () => {
  const values = [{ value: "rare", count: 1 }, { value: null, count: 9 }, { value: " often ", count: 7 }, { value: "often", count: 2 }, { value: 3, count: 4 }, { value: "", count: 2 }];
  expect(optionsOf(values)).toEqual(["often", "3", "rare"].map((name) => ({ name, title: name })));
  expect(optionsOf([{ value: null, count: 9 }])).toBeNull();
  expect(optionsOf(Array.from({ length: 61 }, (_, at) => ({ value: `n${at}`, count: 1 })))).toBeNull();
  expect(optionsOf([{ value: "a".repeat(61), count: 1 }])).toBeNull();
});

it("keeps the name of what was published, and of nothing that is only called so", () => {
  const begun: Node = { roles: [{ name: "sales" }], fields: [{ id: "f1", name: "a" }, { name: "rows", fields: [{ name: "x" }] }] };
  const designed: Node = { roles: [{ name: "sales" }, { name: "sales" }, { name: "sales_lead" }], fields: [{ name: "a" }, { name: "rows", fields: [{ name: "y" }, { name: "x" }] }, { id: "f1", name: "a" }] };
  const kept = (list: (string | number)[], count: number) => Array.from({ length: count }, (_, place) => isPublished(designed, begun, [...list, place]));
  expect(kept(["roles"], 3)).toEqual([true, false, false]);
  expect(kept(["fields"], 3)).toEqual([false, true, true]);
  expect(kept(["fields", 1, "fields"], 2)).toEqual([false, true]);
  expect([isTaken(designed, ["roles", 2], "sales"), isTaken(designed, ["roles", 2], "sales_lead"), isTaken(designed, ["roles", 2], "sales_l")]).toEqual([true, false, false]);
});
