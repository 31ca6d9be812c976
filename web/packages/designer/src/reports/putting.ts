import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { fieldOf, shown } from "@lowcode/runtime/fields";
import { useDesign } from "../design";
import { insert, isNode, move, type Json, type Node } from "../tree";
import { dimensionsOf, measureTitle, measuresOf, movedDimension, nameOf, newName, titled, withDimension, without, type Well } from "./report";
import { sortOf, useReporting, type Sort } from "./subject";

/** How what is dragged, pressed or chosen comes into a report. What comes is told by a word and what it is of:
 * `field:account.industry`, `count:`, `ready:d:stage`, `made:formula`. */
export interface Putting {
  /** Where it fits best: a number is measured, all else makes groups. */
  press: (what: string) => void;
  put: (well: Well, what: string, place?: number) => void;
  /** By the ids of the drag library. */
  dropped: (id: string, place: string) => void;
  shift: (well: Well, from: number, to: number) => void;
  take: (well: Well, place: number) => void;
}

/** What a number is measured by at first, by the type of its field. */
const AGGREGATE: Record<string, string> = { percent: "AVERAGE", rating: "AVERAGE", slider: "AVERAGE" };
const BY_SORT: Record<Sort, string> = { number: "SUM", date: "MAX", boolean: "COUNT", choice: "COUNTUNIQUE", text: "COUNTUNIQUE", record: "COUNTUNIQUE", none: "COUNT" };

/** `form` is what fields are of; `change` takes the next document, and what of it is to be opened: what has still to be
 * said more of. */
export function usePutting(form: string, change: (next: Node, chosen?: (string | number)[]) => void): Putting {
  const { app } = useRuntime();
  const { document, palette } = useDesign();
  const { palette: reports } = useReporting();
  const { languages } = palette;
  const schema = palette.schema;
  const about = app.forms[form];
  const field = (path: string) => (about ? fieldOf(app, about, path) : undefined);

  const dimension = (what: string): Json | null => {
    if (what.startsWith("ready:d:")) return what.slice(8);
    if (!what.startsWith("field:")) return null;
    const path = what.slice(6);
    const found = field(path);
    const name = newName(document, path === "id" ? form.split(".")[0]! : path, "group");
    const titles: Text | undefined = path === "id" ? about?.title : undefined;
    return { name, ...(titles !== undefined && { title: titles as Json }), expression: path, ...(found && sortOf(found) === "date" && { grain: "month" }) };
  };
  const measure = (what: string): Json | null => {
    if (what.startsWith("ready:m:")) return what.slice(8);
    if (what === "count:") return { name: newName(document, "count", "count"), title: measureTitle(languages, "COUNT", undefined), expression: "COUNT()" };
    if (what.startsWith("made:")) return made(what.slice(5));
    if (!what.startsWith("field:")) return null;
    const path = what.slice(6);
    const found = field(path);
    const sort = found ? sortOf(found) : "text";
    const type = found ? shown(found).type : "";
    const aggregate = AGGREGATE[type] ?? BY_SORT[sort];
    const format: Node = type === "money" || type === "percent" ? { format: type } : {};
    const title = measureTitle(languages, sort === "boolean" ? "FIRST" : aggregate, found?.title ?? path);
    const item: Node = { name: newName(document, path, "number"), title: sort === "boolean" ? ((found?.title ?? path) as Json) : title, expression: `${aggregate}(${path})`, ...format };
    return item;
  };
  /** What is made of other measures, or comes from elsewhere. */
  const made = (sort: string): Json => {
    const [first = "", second = first] = measuresOf(document).filter((each) => typeof each === "string" || isNode(each)).map(nameOf);
    const name = (kind: string) => newName(document, kind, kind);
    if (sort === "formula") return { name: name("ratio"), title: titled(languages, (each) => (each === "en" ? "Ratio" : "比率")), formula: second === first ? first : `${second} / ${first}`, format: "percent" };
    if (sort === "calculation") return { name: name("share"), title: titled(languages, (each) => (each === "en" ? "Share" : "占比")), of: first, calculation: "share" };
    if (sort === "form") return { name: name("count"), title: titled(languages, (each) => (each === "en" ? "Count of another form" : "其他表单数量")), expression: "COUNT()", form: "" };
    if (sort === "dataset") return { dataset: reports.datasets[0]?.name ?? "", measure: reports.datasets[0]?.measures[0]?.name ?? "" };
    return { name: name("number"), title: titled(languages, (each) => (each === "en" ? "Number" : "指标")), expression: "" };
  };

  const put = (well: Well, what: string, place?: number) => {
    if (well === "measures") {
      const item = measure(what);
      if (item === null) return;
      const index = place ?? measuresOf(document).length;
      return change(insert(document, ["measures"], index, item), what.startsWith("made:") ? ["measures", index] : undefined);
    }
    const item = dimension(what);
    if (item === null) return;
    change(withDimension(document, schema, well, item, place));
  };
  const press = (what: string) => {
    const found = what.startsWith("field:") ? field(what.slice(6)) : undefined;
    put(what === "count:" || what.startsWith("ready:m:") || what.startsWith("made:") || (found && sortOf(found) === "number") ? "measures" : "rows", what);
  };
  const shift = (well: Well, from: number, to: number) => {
    if (well !== "measures") return change(movedDimension(document, schema, from, well, to));
    const moved = move(document, ["measures", from], ["measures"], to);
    if (moved) change(moved.whole);
  };
  const take = (well: Well, place: number) => change(without(document, schema, well === "measures" ? "measures" : "dimensions", place));
  /** A dimension dropped among the numbers is measured, a measured field among the groups makes groups. */
  const crossed = (well: Well, from: number): string | null => {
    const item = (well === "measures" ? dimensionsOf(document) : measuresOf(document))[from];
    const text = isNode(item) && typeof item["expression"] === "string" ? item["expression"] : "";
    const path = well === "measures" ? text : (/^[A-Z]+\(([\w.]+)\)$/.exec(text)?.[1] ?? "");
    return /^[\w.]+$/.test(path) ? `field:${path}` : null;
  };
  const dropped = (id: string, place: string) => {
    const found = /^well:(rows|across|measures)#(\d+)$/.exec(place);
    if (!found) return;
    const [well, index] = [found[1] as Well, Number(found[2])];
    if (id.startsWith("new:")) return put(well, id.slice(4), index);
    const own = /^(dimension|measure):(\d+)$/.exec(id);
    if (!own) return;
    const from = Number(own[2]);
    if ((own[1] === "measure") === (well === "measures")) return shift(well, from, index);
    const what = crossed(well, from);
    if (what !== null) put(well, what, index);
  };
  return { press, put, dropped, shift, take };
}
