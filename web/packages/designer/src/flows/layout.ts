import { beside, framed, HEAD, PAD } from "@lowcode/runtime/flows/frames";
import { layered, type Spot } from "@lowcode/runtime/flows/layers";
import { isNode, type Node, type Path } from "../tree";
import { whatOf } from "./events";
import { arrowId, arrowsOf, byEvent, HOLDERS, levelOf, SPLITS, stepsOf, type Arrow } from "./steps";

/** Where everything of a flow stands while it is designed: scopes and handlers are frames around a picture of their own,
 * each way out of a split begins with a card that says what it is, and each arrow has a place for one more step. Pure. */

export const SIZES = { width: 176, height: 60, gap: 44, rise: 76 };
const CARD = { width: 150, height: 34 };
const LANE = { width: 112, height: 8 };
const FOOT = 34;
const CHIP = 28;
/** From the right edge of a step to the middle of its first event. */
const INSET = 20;

/** On which side of its place the name of a way stands. */
export type Label = "before" | "after";
/** As far as a name reaches from the middle of its place, and as high as it is. */
const NAMED = { width: 128, height: 26 };

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
  lines: { arrow: Arrow; points: Spot[]; back: boolean; plus: Spot; label: Label | null }[];
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
  /** A way that an event opens begins below the event. */
  const leaving = (arrow: Arrow): number => {
    const step = stepsOf(document)[index.get(arrow.from)!]!;
    const event = byEvent(arrow) ? hanging(document, step, index.get(arrow.from)!).findIndex((each) => samePlace(each.path, arrow.path)) : -1;
    return event === -1 ? 0 : (boxes.get(arrow.from) ?? SIZES).width / 2 - INSET - event * CHIP;
  };
  const pairs = arrows.flatMap((arrow) => {
    const leaves = leaving(arrow);
    return lane.has(arrowId(arrow)) ? [{ from: arrow.from, to: arrowId(arrow), leaves }, { from: arrowId(arrow), to: arrow.to }] : [{ from: arrow.from, to: arrow.to, leaves }];
  });
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
    hanging(document, step, index.get(id)!).forEach((each, at) => drawn.chips.push({ ...each, step: id, x: box.x + box.width - INSET - at * CHIP, y: box.y + box.height }));
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
    const points = second && spot ? [...first.points, ...(card ? second.points : second.points.slice(1))] : [...first.points];
    const back = first.back || (second?.back ?? false);
    if (leaving(arrow) !== 0) points[0] = { x: points[0]!.x, y: points[0]!.y + 12 };
    if (card && spot) {
      const at = counted.get(arrow.from) ?? 0;
      counted.set(arrow.from, at + 1);
      drawn.cards.push({ ...place(id, spot.x, spot.y), path: cardPath(arrow), arrow, place: at });
    }
    drawn.lines.push({ arrow, points, back, plus: card && spot && second && !second.back ? early(second.points) : plusOf(second && spot && !card && !back ? [spot, spot] : (second ?? first).points, second?.back ?? first.back, byEvent(arrow) ? 0.7 : 0.5), label: card ? null : "after" });
  }
  apart(drawn.lines);
  handlers(drawn, own.filter((each) => each["type"] === "handler").map((each) => String(each["id"])), inner, index);
  drawn.feet.push({ level: of, x: 0, y: drawn.height + 10, width: drawn.width });
  drawn.height += FOOT + 10;
  return drawn;
}

/** Names of ways that begin side by side stand on their outer sides: none lies under the place of another. */
function apart(lines: Drawn["lines"]): void {
  const near = ({ plus }: Drawn["lines"][number], side: 1 | -1) => lines.some(({ plus: other }) => Math.abs(other.y - plus.y) < NAMED.height && (other.x - plus.x) * side > 0 && (other.x - plus.x) * side < NAMED.width);
  for (const line of lines) if (line.label && near(line, 1) && !near(line, -1)) line.label = "before";
}

/** Whether a card stands on the arrow: it leaves a split. */
const carded = (document: Node, arrow: Arrow, index: Map<string, number>): boolean => !byEvent(arrow) && parts(stepsOf(document)[index.get(arrow.from)!]!);

/** What is chosen with the card: the way with its condition, else the split. */
const cardPath = (arrow: Arrow): Path => (arrow.path[2] === "branches" ? arrow.path.slice(0, 4) : arrow.path.slice(0, 2));

/** Whether an arrow leaves by this event. */
const samePlace = (event: Path, arrow: Path): boolean => event.length > 2 && event.every((part, at) => part === arrow[at]);

/** Handlers stand side by side below everything else. */
function handlers(drawn: Drawn, ids: string[], inner: Map<string, Drawn>, index: Map<string, number>): void {
  const found = ids.map((id) => ({ id, ...framed(inner.get(id)!) }));
  const below = beside(drawn, found, SIZES.gap);
  found.forEach(({ id, width, height }, at) => put(drawn, { id, path: ["nodes", index.get(id)!], ...below.spots[at]!, width, height }, inner.get(id)));
  drawn.width = below.width;
  drawn.height = below.height;
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
function early(points: Spot[]): Spot {
  const [from, to] = between(points[0]!, points[1]!) || points.length < 3 ? [points[0]!, points[1]!] : [points[1]!, points[2]!];
  return { x: from.x + 0.216 * (to.x - from.x), y: from.y + 0.342 * (to.y - from.y) };
}

/** Whether a piece goes from row to row, and not along one step that is less tall than what is beside it. */
const between = (from: Spot, to: Spot): boolean => to.y - from.y >= SIZES.rise;

function plusOf(points: Spot[], back: boolean, along: number): Spot {
  if (back) return { x: points[2]!.x, y: (points[2]!.y + points[3]!.y) / 2 };
  const to = between(points[0]!, points[1]!) || points.length < 3 ? 1 : 2; // further on it may be shared with others
  const [one, two] = [points[to - 1]!, points[to]!];
  const part = along * along * (3 - 2 * along); // as far aside as the bend is there
  return { x: one.x + part * (two.x - one.x), y: one.y + along * (two.y - one.y) };
}

/** The condition of a way; "" for one without. */
export function whenOf(document: Node, arrow: Arrow): string {
  const step = stepsOf(document)[arrow.path[1] as number];
  const branch = arrow.path[2] === "branches" && Array.isArray(step?.["branches"]) ? step["branches"][arrow.path[3] as number] : undefined;
  return isNode(branch) ? String(branch["when"] ?? "") : "";
}
