import type { Reference } from "@lowcode/protocol";

/** One thing of a tree that is chosen from. */
export interface Node {
  id: number;
  pId: number | null;
  value: number;
  title: string;
  isLeaf?: boolean;
  selectable: boolean;
}

/** Nodes under those that are there; one whose place cannot be seen stands at the top. Of a whole tree it is known what has nothing below. */
export function arranged(nodes: Node[], large: boolean): Node[] {
  const there = new Set(nodes.map((each) => each.id));
  const parents = new Set(nodes.map((each) => each.pId));
  return nodes.map((each) => ({ ...each, pId: each.pId !== null && there.has(each.pId) ? each.pId : null, isLeaf: large ? undefined : !parents.has(each.id) }));
}

/** What lies above the chosen ones, so that they are in sight. */
export function above(nodes: Node[], chosen: Reference[]): number[] {
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const found = new Set<number>();
  for (const each of chosen) for (let at = byId.get(each.id)?.pId ?? null; at !== null && !found.has(at); at = byId.get(at)?.pId ?? null) found.add(at);
  return [...found];
}
