import { isNode, type Node } from "../tree";
import { arrowsOf, byEvent, levelOf, stepsOf, type Arrow } from "./steps";

/** Whether every token of a flow can end: the walk of all markings that the server makes when it compiles (compile/graph.py),
 * to know before a step is put somewhere. The same cases are read by both (tests/conformance/soundness.json). Pure. */

const MARKINGS = 4000;
const TOKENS = 4;
/** Steps that wait for nobody: a token is past them before anybody acts. */
const PASSING = new Set(["start", "branch", "set", "create", "copy", "notify", "print"]);

interface Vertex {
  gate: "step" | "split" | "choose" | "join" | "merge" | "end";
  exits: number[];
  stops: boolean;
  adds: Set<number>;
  passing: boolean;
}

type Marking = Map<number, number>;

/** Tokens stand on arrows, by their number. */
class Level {
  readonly vertices = new Map<string, Vertex>();
  readonly incoming = new Map<string, number[][]>();
  private readonly merges = new Map<string, Map<string, Set<number>>>();

  constructor(private readonly steps: Node[], private readonly arrows: Arrow[]) {
    for (const step of steps) this.vertices.set(String(step["id"]), vertexOf(step, arrows));
    for (const [id, vertex] of this.vertices) {
      if (vertex.gate === "join") this.incoming.set(id, this.groups(id));
      if (vertex.gate === "merge") this.merges.set(id, this.reaching(id));
    }
  }

  get sound(): boolean {
    const entry = this.steps.find((each) => each["type"] === "start");
    if (!entry) return true;
    const first: Marking = new Map(this.vertices.get(String(entry["id"]))!.exits.map((each) => [each, 1]));
    const finishing = this.finishing();
    if ([...first.keys()].some((key) => [...this.from(key, [])].some((each) => !finishing.has(this.target(each))))) return false;
    const seen = new Set([written(first)]);
    const waiting = [first];
    for (let marking = waiting.shift(); marking && seen.size < MARKINGS; marking = waiting.shift()) {
      const following = this.following(marking);
      if (following.length === 0 && marking.size > 0) return false;
      for (const next of following) {
        for (const [key, count] of [...next]) {
          if (count > TOKENS) return false;
          if (count === 0) next.delete(key);
        }
        const text = written(next);
        if (!seen.has(text)) (seen.add(text), waiting.push(next));
      }
    }
    return true;
  }

  /** The steps whose own token can reach an end: what goes on beside it ends another one. */
  private finishing(): Set<string> {
    const found = new Set([...this.vertices].filter(([, { gate }]) => gate === "end").map(([id]) => id));
    for (let before = -1; before < found.size; ) {
      before = found.size;
      for (const [id, { exits, adds }] of this.vertices) if (exits.some((each) => !adds.has(each) && found.has(this.target(each)))) found.add(id);
    }
    return found;
  }

  private target(key: number): string {
    return this.arrows[key]!.to;
  }

  private from(key: number, beyond: readonly string[]): Set<number> {
    const found = new Set([key]);
    const waiting = [key];
    for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
      const id = this.target(each);
      if (!beyond.includes(id)) for (const exit of this.vertices.get(id)?.exits ?? []) if (!found.has(exit)) (found.add(exit), waiting.push(exit));
    }
    return found;
  }

  private into(id: string): number[] {
    return this.arrows.flatMap((each, key) => (each.to === id ? [key] : []));
  }

  private reaching(merge: string): Map<string, Set<number>> {
    const into = this.into(merge);
    return new Map([...this.vertices].filter(([id]) => id !== merge).map(([id, vertex]) => [id, new Set(vertex.exits.flatMap((exit) => [...this.from(exit, [merge])]).filter((key) => into.includes(key)))]));
  }

  /** The arrows into a join, together where only one of them can bring a token. */
  private groups(join: string): number[][] {
    const into = this.into(join);
    const splits = [...this.vertices].filter(([, vertex]) => vertex.gate === "split" || vertex.gate === "choose" || vertex.adds.size > 0);
    const reached = new Map(into.map((key) => [key, splits.map(([id, vertex]) => vertex.exits.filter((exit) => this.from(exit, [id, join]).has(key)))]));
    const apart = (one: number, other: number) =>
      splits.some(([, vertex], place) => {
        const beside = vertex.gate === "split" || vertex.gate === "choose" ? new Set(vertex.exits) : vertex.adds;
        return reached.get(one)![place]!.some((first) => reached.get(other)![place]!.some((second) => first !== second && (beside.has(first) || beside.has(second))));
      });
    const groups: number[][] = [];
    for (const key of into) {
      const fitting = groups.filter((group) => group.some((each) => !apart(key, each)));
      if (fitting.length > 1 || fitting.some((group) => group.some((each) => apart(key, each)))) return into.map((each) => [each]);
      if (fitting[0]) fitting[0].push(key);
      else groups.push([key]);
    }
    return groups;
  }

  private following(marking: Marking): Marking[] {
    for (const key of marking.keys()) {
      const vertex = this.vertices.get(this.target(key));
      if (vertex?.gate === "end") return [vertex.stops ? new Map() : moved(marking, [key], [])];
    }
    for (const key of marking.keys()) if (this.vertices.get(this.target(key))?.passing) return this.stepping(marking, key);
    return [...marking.keys()].flatMap((key) => this.stepping(marking, key));
  }

  private stepping(marking: Marking, key: number): Marking[] {
    const id = this.target(key);
    const vertex = this.vertices.get(id);
    if (!vertex) return [];
    const { gate, exits, adds } = vertex;
    if (gate === "join") {
      const taken = this.incoming.get(id)!.map((group) => group.find((each) => marking.get(each)));
      return key === taken[0] && !taken.includes(undefined) ? [moved(marking, taken as number[], exits)] : [];
    }
    if (gate === "merge") {
      const filled = [...marking.keys()].filter((each) => this.target(each) === id);
      return key === Math.min(...filled) && !this.coming(marking, id, filled) ? [moved(marking, filled, exits)] : [];
    }
    if (gate === "split") return [moved(marking, [key], exits)];
    if (gate === "choose") return some(exits).filter((each) => each.length > 0).map((each) => moved(marking, [key], each));
    return exits.filter((each) => !adds.has(each)).flatMap((each) => some([...adds]).map((beside) => moved(marking, [key], [each, ...beside])));
  }

  private coming(marking: Marking, merge: string, filled: number[]): boolean {
    return [...marking.keys()].some((key) => {
      const found = [...(this.merges.get(merge)!.get(this.target(key)) ?? [])];
      return found.some((each) => !filled.includes(each)) && !found.some((each) => filled.includes(each));
    });
  }
}

function vertexOf(step: Node, arrows: Arrow[]): Vertex {
  const type = String(step["type"]);
  const exits = arrows.flatMap((each, key) => (each.from === step["id"] ? [key] : []));
  const on = Array.isArray(step["on"]) ? step["on"] : [];
  const beside = (key: number) => byEvent(arrows[key]!) && isNode(on[arrows[key]!.path[3] as number]) && (on[arrows[key]!.path[3] as number] as Node)["interrupts"] === false;
  const gate = type === "parallel" ? "split" : type === "inclusive" ? "choose" : type === "join" ? (step["waits_for"] === "active" ? "merge" : "join") : type === "end" ? "end" : "step";
  const stops = step["error"] !== undefined || step["stops"] === "flow" || (step["stops"] === undefined && step["outcome"] === "rejected");
  const adds = new Set(exits.filter(beside));
  return { gate, exits, stops, adds, passing: PASSING.has(type) && adds.size === 0 };
}

const written = (marking: Marking): string => [...marking].sort(([one], [other]) => one - other).map(([key, count]) => `${key}:${count}`).join(" ");

function moved(marking: Marking, taken: readonly number[], put: readonly number[]): Marking {
  const next = new Map(marking);
  for (const key of taken) next.set(key, next.get(key)! - 1);
  for (const key of put) next.set(key, (next.get(key) ?? 0) + 1);
  for (const [key, count] of [...next]) if (count === 0) next.delete(key);
  return next;
}

/** Every choice out of several, none among them. */
const some = (all: readonly number[]): number[][] => all.reduce<number[][]>((found, each) => [...found, ...found.map((one) => [...one, each])], [[]]);

/** Whether each level of the flow can end from wherever it may stand. */
export function sound(document: Node, ways: readonly string[]): boolean {
  const steps = stepsOf(document);
  const arrows = arrowsOf(document, ways);
  return [...new Set(steps.map(levelOf))].every((level) => {
    const own = steps.filter((each) => levelOf(each) === level);
    const ids = new Set(own.map((each) => each["id"]));
    return new Level(own, arrows.filter((each) => ids.has(each.from))).sound;
  });
}
