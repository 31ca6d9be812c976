import { layered, type Spot } from "@lowcode/runtime/flows/layers";
import { isNode, type Node, type Path } from "../tree";
import { whatOf } from "./events";
import { arrowId, arrowsOf, byEvent, HOLDERS, levelOf, SPLITS, stepsOf, type Arrow } from "./steps";

/** Where everything of a flow stands while it is designed: scopes and handlers are frames around a picture of their own,
 * each way out of a split begins with a card that says what it is, and each arrow has a place for one more step. Pure. */

export const SIZES = { width: 176, height: 60, gap: 44, rise: 76 };
const CARD = { width: 150, height: 34 };
const LANE = { width: 112, height: 8 };
const PAD = 22;
const HEAD = 40;
const FOOT = 34;
const CHIP = 28;

export interface Box {
  id: string;
  path: Path;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawn {
  width: number;
  height: number;
  steps: Box[];
  frames: Box[];
  /** Events at a step; `undo` is the handler that undoes it. */
  chips: (Spot & { path: Path; what: string; step: string })[];
  /** What each way out of a split is. */
  cards: (Box & { arrow: Arrow; place: number })[];
  lines: { arrow: Arrow; points: Spot[]; back: boolean; plus: Spot; labelled: boolean }[];
  /** Of each level where a handler may be added. */
  feet: { level: string; x: number; y: number; width: number }[];
}

const parts = (step: Node): boolean => SPLITS.includes(String(step["type"])) || step["type"] === "branch";

/** What hangs on the lower edge of a step. */
function hanging(document: Node, step: Node, index: number): { path: Path; what: string }[] {
  const events = Array.isArray(step["on"]) ? step["on"].map((each, place) => ({ path: ["nodes", index, "on", place] as Path, what: whatOf(each) ?? "after" })) : [];
  const undo = stepsOf(document).findIndex((each) => each["type"] === "handler" && each["undoes"] === step["id"]);
  return undo === -1 ? events : [...events, { path: ["nodes", undo], what: "undo" }];
}

export const arranged = (document: Node, ways: readonly string[]): Drawn => level(document, "", arrowsOf(document, ways), new Set());

function level(document: Node, of: string, all: Arrow[], around: ReadonlySet<string>): Drawn {
  const every = stepsOf(document);
  const index = new Map(every.map((each, place) => [String(each["id"]), place]));
  const holders = new Set(every.filter((each) => HOLDERS.includes(String(each["type"]))).map((each) => String(each["id"])));
  const at = (each: Node) => (holders.has(levelOf(each)) ? levelOf(each) : ""); // what names a scope that is not there is shown all the same
  const own = every.filter((each) => at(each) === of && !around.has(String(each["id"])));
  const flowing = own.filter((each) => each["type"] !== "handler");
  const here = new Set(flowing.map((each) => String(each["id"])));
  const within = (id: string) => level(document, id, all, new Set([...around, id]));
  const inner = new Map(own.filter((each) => each["type"] === "scope" || each["type"] === "handler").map((each) => [String(each["id"]), within(String(each["id"]))]));
  const arrows = all.filter((each) => here.has(each.from) && here.has(each.to));
  const boxes = new Map<string, { width: number; height: number }>([...inner].map(([id, drawn]) => [id, framed(drawn)]));
  const lane = new Map(arrows.filter((arrow) => carded(document, arrow, index) || arrows.some((each) => each !== arrow && each.from === arrow.from && each.to === arrow.to)).map((arrow) => [arrowId(arrow), arrow]));
  for (const [id, arrow] of lane) boxes.set(id, carded(document, arrow, index) ? CARD : LANE);
  const pairs = arrows.flatMap((arrow) => (lane.has(arrowId(arrow)) ? [{ from: arrow.from, to: arrowId(arrow) }, { from: arrowId(arrow), to: arrow.to }] : [{ from: arrow.from, to: arrow.to }]));
  const layout = layered([...here, ...lane.keys()], pairs, { ...SIZES, boxes });
  const drawn: Drawn = { width: layout.width, height: layout.height, steps: [], frames: [], chips: [], cards: [], lines: [], feet: [] };
  const place = (id: string, x: number, y: number): Box => {
    const size = boxes.get(id) ?? SIZES;
    return { id, path: ["nodes", index.get(id) ?? 0], x: x - size.width / 2, y: y - size.height / 2, width: size.width, height: size.height };
  };
  for (const step of flowing) {
    const id = String(step["id"]);
    const spot = layout.at.get(id)!;
    const box = place(id, spot.x, spot.y);
    put(drawn, box, inner.get(id));
    hanging(document, step, index.get(id)!).forEach((each, at) => drawn.chips.push({ ...each, step: id, x: box.x + box.width - 20 - at * CHIP, y: box.y + box.height }));
  }
  let pair = 0;
  const counted = new Map<string, number>();
  for (const arrow of arrows) {
    const id = arrowId(arrow);
    const first = layout.ways[pair]!;
    const second = lane.has(id) ? layout.ways[pair + 1] : undefined;
    pair += second ? 2 : 1;
    const spot = layout.at.get(id);
    const card = carded(document, arrow, index);
    const points = second && spot ? [...first.points, ...(second.back ? second.points : card ? [{ x: spot.x, y: spot.y + CARD.height / 2 }, ...second.points.slice(1)] : second.points)] : first.points;
    const back = first.back || (second?.back ?? false);
    const chip = byEvent(arrow) ? drawn.chips.find((each) => each.path.length > 2 && each.path.every((part, at) => part === arrow.path[at])) : undefined;
    if (chip) {
      points[0] = { x: chip.x, y: chip.y + 12 };
      if (first.back) points[1] = { x: points[1]!.x, y: chip.y + 12 };
    }
    if (card && spot) {
      const at = counted.get(arrow.from) ?? 0;
      counted.set(arrow.from, at + 1);
      drawn.cards.push({ ...place(id, spot.x, spot.y), path: cardPath(arrow), arrow, place: at });
    }
    drawn.lines.push({ arrow, points, back, plus: card && spot && second && !second.back ? early({ x: spot.x, y: spot.y + CARD.height / 2 }, second.points[1]!) : plusOf(second && spot && !card && !back ? [spot, spot] : (second ?? first).points, second?.back ?? first.back), labelled: !card });
  }
  handlers(drawn, own.filter((each) => each["type"] === "handler").map((each) => String(each["id"])), inner, index);
  drawn.feet.push({ level: of, x: 0, y: drawn.height + 10, width: drawn.width });
  drawn.height += FOOT + 10;
  return drawn;
}

/** Whether a card stands on the arrow: it leaves a split. */
const carded = (document: Node, arrow: Arrow, index: Map<string, number>): boolean => !byEvent(arrow) && parts(stepsOf(document)[index.get(arrow.from)!]!);

/** What is chosen with the card: the way with its condition, else the split. */
const cardPath = (arrow: Arrow): Path => (arrow.path[2] === "branches" ? arrow.path.slice(0, 4) : arrow.path.slice(0, 2));

const framed = (drawn: Drawn): { width: number; height: number } => ({ width: drawn.width + 2 * PAD, height: drawn.height + HEAD + PAD });

/** Handlers stand side by side below everything else, as many in a row as there is room. */
function handlers(drawn: Drawn, ids: string[], inner: Map<string, Drawn>, index: Map<string, number>): void {
  const room = Math.max(drawn.width, 560);
  let [x, y, tall] = [0, drawn.height + SIZES.gap, 0];
  for (const id of ids) {
    const size = framed(inner.get(id)!);
    if (x > 0 && x + size.width > room) [x, y, tall] = [0, y + tall + SIZES.gap, 0];
    put(drawn, { id, path: ["nodes", index.get(id)!], x, y, ...size }, inner.get(id));
    x += size.width + SIZES.gap;
    tall = Math.max(tall, size.height);
    drawn.width = Math.max(drawn.width, x - SIZES.gap);
    drawn.height = y + tall;
  }
}

/** A step, or a frame with its picture in it. */
function put(drawn: Drawn, box: Box, inner: Drawn | undefined): void {
  if (!inner) {
    drawn.steps.push(box);
    return;
  }
  const [dx, dy] = [box.x + PAD, box.y + HEAD];
  const by = <Thing extends Spot>(each: Thing): Thing => ({ ...each, x: each.x + dx, y: each.y + dy });
  drawn.frames.push(box, ...inner.frames.map(by));
  drawn.steps.push(...inner.steps.map(by));
  drawn.chips.push(...inner.chips.map(by));
  drawn.cards.push(...inner.cards.map(by));
  drawn.feet.push(...inner.feet.map(by));
  drawn.lines.push(...inner.lines.map((each) => ({ ...each, points: each.points.map(by), plus: by(each.plus) })));
}

/** Near the beginning of a bend, where the ways of a split are still apart. */
const early = (from: Spot, to: Spot): Spot => ({ x: from.x + 0.216 * (to.x - from.x), y: from.y + 0.342 * (to.y - from.y) });

function plusOf(points: Spot[], back: boolean): Spot {
  if (back) return { x: points[1]!.x, y: (points[1]!.y + points[2]!.y) / 2 };
  const [one, two] = [points[points.length - 2]!, points[points.length - 1]!];
  return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
}

/** The condition of a way; "" for one without. */
export function whenOf(document: Node, arrow: Arrow): string {
  const step = stepsOf(document)[arrow.path[1] as number];
  const branch = arrow.path[2] === "branches" && Array.isArray(step?.["branches"]) ? step["branches"][arrow.path[3] as number] : undefined;
  return isNode(branch) ? String(branch["when"] ?? "") : "";
}
