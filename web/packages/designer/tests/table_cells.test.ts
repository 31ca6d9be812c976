import { describe, expect, it } from "vitest";
import { addColumn, areaOf, beyond, cellOf, cellsOf, columnsOf, copied, freeName, insertRows, moveColumn, moveRows, paste, pathAt, placeOf, removeColumn, removeRows, renameColumn, rowsOf, shown, textAt, valuesOf, writable, write } from "../src/tables/cells";
import type { Node } from "../src/tree";

const table = (): Node => ({
  name: "grading",
  inputs: [{ name: "budget", expression: "budget" }, { name: "province", expression: "province", title: "Province" }],
  outputs: [{ name: "grade" }],
  rules: [
    { when: { budget: ">= 1000" }, then: { grade: '"A"' }, note: "big" },
    { when: { budget: ">= 100", province: '"shanghai", "beijing"' }, then: { grade: '"B"' } },
  ],
  otherwise: { grade: '"C"' },
});
const columns = columnsOf(table());
const all = (document: Node) => copied(document, columns, areaOf({ row: 0, column: 0 }, { row: rowsOf(document).length, column: columns.length - 1 }));

describe("a decision table as a sheet", () => {
  it("knows its columns and cells, and where each is written", () => {
    expect(columns.map((each) => [each.side, each.name])).toEqual([["when", "budget"], ["when", "province"], ["then", "grade"], ["note", "note"]]);
    expect(textAt(table(), columns, { row: 0, column: 0 })).toBe(">= 1000");
    expect(textAt(table(), columns, { row: 0, column: 1 })).toBe("");
    expect(textAt(table(), columns, { row: 2, column: 2 })).toBe('"C"');
    for (const place of [{ row: 0, column: 0 }, { row: 1, column: 2 }, { row: 0, column: 3 }, { row: 2, column: 2 }]) expect(placeOf(table(), columns, pathAt(table(), columns, place))).toEqual(place);
    expect(placeOf(table(), columns, ["rules", 1])).toEqual({ row: 1, column: 0 });
    expect(placeOf(table(), columns, ["inputs", 1])).toBeNull();
    expect(writable(table(), columns, { row: 2, column: 0 })).toBe(false);
    expect(writable(table(), columns, { row: 2, column: 2 })).toBe(true);
    expect(writable(table(), columns, { row: 3, column: 2 })).toBe(false);
  });

  it("writes cells, takes empty ones away, and leaves the rest as it was", () => {
    const before = table();
    const next = write(before, columns, [{ row: 0, column: 1, text: ' "zhejiang" ' }, { row: 1, column: 0, text: "" }, { row: 2, column: 2, text: '"D"' }, { row: 2, column: 0, text: "never" }]);
    expect(rowsOf(next)[0]!["when"]).toEqual({ budget: ">= 1000", province: '"zhejiang"' });
    expect(rowsOf(next)[1]!["when"]).toEqual({ province: '"shanghai", "beijing"' });
    expect(next["otherwise"]).toEqual({ grade: '"D"' });
    expect(before).toEqual(table());
  });

  it("exchanges cells with spreadsheets, whatever stands in them", () => {
    const text = all(table());
    expect(text.split("\n")).toHaveLength(3);
    const empty = { ...table(), rules: [], otherwise: {} };
    const rows = text.split("\n").slice(0, 2).join("\n");
    expect(rowsOf(paste(empty, columns, areaOf({ row: 0, column: 0 }, { row: 0, column: 0 }), rows))).toEqual(rowsOf(table()).map((row) => row));
    for (const cell of ["plain", '"a"', '"a", "b"', "two\nlines", "tab\there", 'say "x" now', "", '""']) {
      const one = write(table(), columns, [{ row: 0, column: 3, text: cell }]);
      const area = areaOf({ row: 0, column: 3 }, { row: 0, column: 3 });
      expect(cellsOf(copied(one, columns, area))).toEqual([[cell]]);
    }
    expect(cellsOf('1\t2\r\n3\t"a\nb"\r\n')).toEqual([["1", "2"], ["3", "a\nb"]]);
  });

  it("fills an area with one cell, and makes rows for what does not fit", () => {
    const one = paste(table(), columns, areaOf({ row: 0, column: 1 }, { row: 1, column: 1 }), "-");
    expect(rowsOf(one).map((row) => (row["when"] as Node)["province"])).toEqual(["-", "-"]);
    const more = paste(table(), columns, areaOf({ row: 1, column: 0 }, { row: 1, column: 0 }), "1\n2\n3");
    expect(rowsOf(more).map((row) => (row["when"] as Node)["budget"])).toEqual([">= 1000", "1", "2", "3"]);
    expect(more["otherwise"]).toEqual({ grade: '"C"' });
  });

  it("knows what of a text lies behind the last column", () => {
    const first = areaOf({ row: 0, column: 0 }, { row: 0, column: 0 });
    expect(beyond(columns, first, "1\t2\t3\t4")).toBe(0);
    expect(beyond(columns, first, "1\t2\t3\t4\t5\n1\t2\t3\t4\t\t6")).toBe(2);
    expect(beyond(columns, first, "1\t2\t3\t4\t\t \t")).toBe(0);
    expect(beyond(columns, areaOf({ row: 1, column: 2 }, { row: 1, column: 3 }), '"A"\tnote\tmore')).toBe(1);
  });

  it("moves rows and columns with what stands in them", () => {
    expect(rowsOf(moveRows(table(), 0, 0, 1)!).map((row) => row["note"])).toEqual([undefined, "big"]);
    expect(moveRows(table(), 0, 0, -1)).toBeNull();
    expect(moveRows(table(), 1, 1, 1)).toBeNull();
    expect(rowsOf(removeRows(table(), 0, 0))).toHaveLength(1);
    expect(rowsOf(insertRows(table(), 1, [{ when: {}, then: {} }]))).toHaveLength(3);
    const renamed = renameColumn(table(), "outputs", 0, "level");
    expect([rowsOf(renamed)[0]!["then"], renamed["otherwise"]]).toEqual([{ level: '"A"' }, { level: '"C"' }]);
    expect(rowsOf(removeColumn(table(), "inputs", 1)!)[1]!["when"]).toEqual({ budget: ">= 100" });
    expect(removeColumn(table(), "outputs", 0)).toBeNull();
    expect(columnsOf(moveColumn(table(), "inputs", 0, 1)!).map((each) => each.name)).toEqual(["province", "budget", "grade", "note"]);
    const name = freeName(table(), "inputs", "Budget");
    expect([name, addColumn(table(), "inputs", { name, expression: "x" }).path]).toEqual(["budget_2", ["inputs", 2]]);
    expect(freeName(table(), "outputs", "等级")).toBe("output");
  });

  it("says values by their titles", () => {
    expect(valuesOf('"a", "b"')).toEqual(["a", "b"]);
    expect([valuesOf("-"), valuesOf(">= 5"), valuesOf('not("a")')]).toEqual([[], null, null]);
    expect(cellOf(["a", "b"])).toBe('"a", "b"');
    const titles = new Map([["shanghai", "上海"]]);
    expect(shown(columns[1]!, '"shanghai", "beijing"', titles)).toBe("上海, beijing");
    expect([shown(columns[1]!, "", titles), shown(columns[0]!, ">= 5", undefined), shown(columns[2]!, "", undefined)]).toEqual(["–", ">= 5", ""]);
  });
});
