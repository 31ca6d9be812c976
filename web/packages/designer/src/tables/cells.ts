import type { Text } from "@lowcode/protocol";
import { at, isNode, put, type Node, type Path } from "../tree";

/** A decision table as a sheet: columns that are asked (`when`), answered (`then`), and the note. Pure. */
export interface Column {
  side: "when" | "then" | "note";
  name: string;
  title: Text;
  /** Where its column is written in the document. */
  path: Path;
}

export interface Place {
  row: number;
  column: number;
}

/** A rectangle of cells, from its first to its last. */
export interface Area {
  from: Place;
  to: Place;
}

export interface Change extends Place {
  text: string;
}

/** What was read of a list: it is asked for each cell, and a list never changes, since a change makes another. */
const LISTS = new WeakMap<object, Node[]>();

const list = (document: Node, name: string): Node[] => {
  const found = document[name];
  if (!Array.isArray(found)) return [];
  const known = LISTS.get(found);
  if (known) return known;
  const made = found.every(isNode) ? found : found.filter(isNode);
  LISTS.set(found, made);
  return made;
};

export const rowsOf = (document: Node): Node[] => list(document, "rules");

export function columnsOf(document: Node): Column[] {
  const of = (side: "when" | "then", what: "inputs" | "outputs") => list(document, what).map((each, place): Column => ({ side, name: String(each["name"]), title: (each["title"] as Text) || String(each["name"]), path: [what, place] }));
  return [...of("when", "inputs"), ...of("then", "outputs"), { side: "note", name: "note", title: "", path: [] }];
}

/** Behind the rows stands what is answered when none of them hits. */
export const isOtherwise = (document: Node, row: number): boolean => row === rowsOf(document).length;

/** Where a cell is written. */
export function pathAt(document: Node, columns: Column[], { row, column }: Place): Path {
  const { side, name } = columns[column]!;
  if (isOtherwise(document, row)) return ["otherwise", name];
  return side === "note" ? ["rules", row, "note"] : ["rules", row, side, name];
}

/** The cell of a place in the document; of a row its first. */
export function placeOf(document: Node, columns: Column[], path: Path): Place | null {
  const [first, row, side, name] = path;
  if (first === "otherwise") return { row: rowsOf(document).length, column: columns.findIndex((each) => each.side === "then" && each.name === row) };
  if (first !== "rules" || typeof row !== "number") return null;
  if (side === undefined) return { row, column: 0 };
  const column = columns.findIndex((each) => each.side === side && (side === "note" || each.name === name));
  return column < 0 ? null : { row, column };
}

/** Whether a cell can be written: nothing is asked where no row hits, and a note in several languages is written beside. */
export function writable(document: Node, columns: Column[], place: Place): boolean {
  const column = columns[place.column];
  if (column === undefined || place.row < 0 || place.row > rowsOf(document).length) return false;
  if (isOtherwise(document, place.row)) return column.side === "then";
  return column.side !== "note" || !isNode(at(document, pathAt(document, columns, place)));
}

export function textAt(document: Node, columns: Column[], place: Place): string {
  const found = at(document, pathAt(document, columns, place));
  if (isNode(found)) return String(Object.values(found)[0] ?? "");
  return found === undefined || found === null ? "" : String(found);
}

/** Writes cells; an empty one is taken away. With `grow`, rows that are not there yet are made. */
export function write(document: Node, columns: Column[], changes: Change[], grow = false): Node {
  let next = document;
  const missing = grow ? Math.max(0, ...changes.map((each) => each.row + 1)) - rowsOf(next).length : 0;
  if (missing > 0) next = insertRows(next, rowsOf(next).length, Array.from({ length: missing }, (): Node => ({ when: {}, then: {} })));
  for (const each of changes) {
    if (!writable(next, columns, each)) continue;
    const text = each.text.trim();
    const path = pathAt(next, columns, each);
    if (text === "" && at(next, path) === undefined) continue;
    next = put(next, path, text === "" ? undefined : text);
  }
  return next;
}

// -- rows and columns --------------------------------------------------------------------------------------------------

export function insertRows(document: Node, place: number, rows: Node[]): Node {
  const rules = rowsOf(document);
  return { ...document, rules: [...rules.slice(0, place), ...rows, ...rules.slice(place)] };
}

export function removeRows(document: Node, from: number, to: number): Node {
  return { ...document, rules: rowsOf(document).filter((_, row) => row < from || row > to) };
}

/** Rows `from` to `to` one place up (-1) or down (1); null at the edge. */
export function moveRows(document: Node, from: number, to: number, by: 1 | -1): Node | null {
  const rules = [...rowsOf(document)];
  if (from + by < 0 || to + by >= rules.length) return null;
  const moved = rules.splice(from, to - from + 1);
  rules.splice(from + by, 0, ...moved);
  return { ...document, rules };
}

/** A name that no column of a kind has yet. */
export function freeName(document: Node, what: "inputs" | "outputs", wanted: string): string {
  const taken = new Set(list(document, what).map((each) => each["name"]));
  const plain = wanted.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "") || (what === "inputs" ? "input" : "output");
  for (let count = 1; ; count++) {
    const name = count === 1 ? plain : `${plain}_${count}`;
    if (!taken.has(name)) return name;
  }
}

export function addColumn(document: Node, what: "inputs" | "outputs", column: Node): { document: Node; path: Path } {
  const columns = list(document, what);
  return { document: { ...document, [what]: [...columns, column] }, path: [what, columns.length] };
}

/** Every row, and the answers of no row, with the keys of a side changed. */
function keyed(document: Node, side: "when" | "then", change: (cells: Node) => Node): Node {
  const rules = rowsOf(document).map((row) => (isNode(row[side]) ? { ...row, [side]: change(row[side]) } : row));
  const next: Node = { ...document, rules };
  return side === "then" && isNode(document["otherwise"]) ? { ...next, otherwise: change(document["otherwise"]) } : next;
}

const sideOf = (what: "inputs" | "outputs"): "when" | "then" => (what === "inputs" ? "when" : "then");

/** A column goes with its cells; the last of a side stays. */
export function removeColumn(document: Node, what: "inputs" | "outputs", place: number): Node | null {
  const columns = list(document, what);
  const name = String(columns[place]?.["name"]);
  if (columns.length <= 1) return null;
  const next = { ...document, [what]: columns.filter((_, each) => each !== place) };
  return keyed(next, sideOf(what), (cells) => Object.fromEntries(Object.entries(cells).filter(([key]) => key !== name)));
}

/** A column under another name, with its cells in every row. */
export function renameColumn(document: Node, what: "inputs" | "outputs", place: number, name: string): Node {
  const old = String(list(document, what)[place]?.["name"]);
  const next = put(document, [what, place, "name"], name);
  return keyed(next, sideOf(what), (cells) => Object.fromEntries(Object.entries(cells).map(([key, value]) => [key === old ? name : key, value])));
}

export function moveColumn(document: Node, what: "inputs" | "outputs", place: number, by: 1 | -1): Node | null {
  const columns = [...list(document, what)];
  if (columns[place] === undefined || columns[place + by] === undefined) return null;
  const [moved] = columns.splice(place, 1);
  columns.splice(place + by, 0, moved!);
  return { ...document, [what]: columns };
}

// -- areas and the clipboard -------------------------------------------------------------------------------------------

export const areaOf = (one: Place, other: Place): Area => ({
  from: { row: Math.min(one.row, other.row), column: Math.min(one.column, other.column) },
  to: { row: Math.max(one.row, other.row), column: Math.max(one.column, other.column) },
});

export const inArea = ({ from, to }: Area, { row, column }: Place): boolean => row >= from.row && row <= to.row && column >= from.column && column <= to.column;

/** Cells as spreadsheets exchange them: tabs between cells, lines between rows, quotes around what holds either. */
export function copied(document: Node, columns: Column[], { from, to }: Area): string {
  const quoted = (text: string) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines: string[] = [];
  for (let row = from.row; row <= to.row; row++) {
    const cells: string[] = [];
    for (let column = from.column; column <= to.column; column++) cells.push(writable(document, columns, { row, column }) ? quoted(textAt(document, columns, { row, column })) : "");
    lines.push(cells.join("\t"));
  }
  return lines.join("\n");
}

/** The cells of a text from a spreadsheet. A cell is quoted where its text begins with a quote and ends with one. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const plain = text.replaceAll("\r\n", "\n").replace(/\n$/, "");
  const closes = (from: number): boolean => {
    for (let place = from; place < plain.length; place++) {
      if (plain[place] !== '"') continue;
      if (plain[place + 1] === '"') place++;
      else return place + 1 === plain.length || plain[place + 1] === "\t" || plain[place + 1] === "\n";
    }
    return false;
  };
  for (let place = 0; place < plain.length; place++) {
    const sign = plain[place]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (plain[place + 1] === '"') (cell += '"'), place++;
      else quoted = false;
    } else if (sign === '"' && cell === "" && closes(place + 1) && plain.slice(place + 1).match(/^(?:[^"]|"")*"/)![0].match(/[\t\n]|""/)) quoted = true;
    else if (sign === "\t") rows[rows.length - 1]!.push(cell), (cell = "");
    else if (sign === "\n") rows[rows.length - 1]!.push(cell), (cell = ""), rows.push([]);
    else cell += sign;
  }
  rows[rows.length - 1]!.push(cell);
  return rows;
}

/** The table with the cells of a text from the first of an area on; one cell fills all of it, and what reaches beyond
 * the last row makes rows. */
export function paste(document: Node, columns: Column[], area: Area, text: string): Node {
  const cells = cellsOf(text);
  const only = cells.length === 1 && cells[0]!.length === 1 ? cells[0]![0]! : null;
  if (only !== null) return write(document, columns, filled(area, only));
  const changes = cells.flatMap((line, row) => line.map((each, column): Change => ({ row: area.from.row + row, column: area.from.column + column, text: each })));
  return write(document, columns, changes, cells.length > 1);
}

/** How many columns of a text from a spreadsheet, with something in them, lie behind the last of the table. */
export function beyond(columns: Column[], area: Area, text: string): number {
  const room = columns.length - area.from.column;
  const filled = cellsOf(text).map((line) => line.findLastIndex((each) => each.trim() !== "") + 1);
  return Math.max(0, Math.max(...filled) - room);
}

/** The same text in every cell of an area. */
export function filled({ from, to }: Area, text: string): Change[] {
  const changes: Change[] = [];
  for (let row = from.row; row <= to.row; row++) for (let column = from.column; column <= to.column; column++) changes.push({ row, column, text });
  return changes;
}

// -- words -------------------------------------------------------------------------------------------------------------

const LITERAL = /^\s*"([^"]*)"\s*$/;

/** The values of a cell that names only values (`"a", "b"`); null for anything else. */
export function valuesOf(text: string): string[] | null {
  if (text.trim() === "" || text.trim() === "-") return [];
  const parts = text.split(/[,，]/).map((part) => LITERAL.exec(part)?.[1]);
  return parts.every((each) => each !== undefined) ? parts : null;
}

export const cellOf = (values: string[]): string => values.map((each) => `"${each}"`).join(", ");

/** A cell as a person reads it: values by their titles, anything where nothing stands. `blank` is
 * what a blank answer is called. */
export function shown(column: Column, text: string, titles: Map<string, string> | undefined, blank = "blank"): string {
  if (column.side === "when" && (text === "" || text === "-")) return "–";
  if (column.side === "note") return text;
  if (text.trim() === "blank") return blank;
  const values = valuesOf(text);
  return values !== null && values.length > 0 ? values.map((each) => titles?.get(each) ?? each).join(column.side === "when" ? ", " : " ") : text;
}
