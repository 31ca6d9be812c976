import { useNarrow, useSpeech } from "@lowcode/kit";
import type { FlowGraph, GraphNode } from "@lowcode/protocol";
import { useMemo } from "react";
import { nodeTitle } from "../tasks/words";
import { NodeIcon } from "./kinds";
import { layered, type Layout, type Spot } from "./layers";

const WIDE = { width: 148, height: 52, gap: 20, rise: 40 };
const SMALL = { width: 104, height: 56, gap: 10, rise: 34 };
const EDGE = 8;

/** A flow as a picture: what was walked, where it stands, and the way it would take. `people` are named under the steps
 * at which they are asked. */
export function Graph({ graph, people = {} }: { graph: FlowGraph; people?: Record<string, string[]> }) {
  const { t } = useSpeech();
  const sizes = useNarrow() ? SMALL : WIDE;
  const layout = useMemo(() => arranged(graph, sizes), [graph, sizes]);
  return (
    <div className="lc-graph" role="img" aria-label={t("flowPicture")}>
      <div style={{ width: layout.width + 2 * EDGE, height: layout.height + 2 * EDGE }}>
        <svg width={layout.width + 2 * EDGE} height={layout.height + 2 * EDGE} aria-hidden>
          <defs>
            {["", "-taken"].map((kind) => (
              <marker key={kind} id={`lc-tip${kind}`} className={`lc-graph-tip${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
                <path d="M0 0 L8 4 L0 8 z" />
              </marker>
            ))}
          </defs>
          <g transform={`translate(${EDGE} ${EDGE})`}>
            {layout.ways.map(({ points, back }, index) => {
              const arrow = graph.arrows[index];
              const taken = arrow !== undefined && arrow.walked + arrow.foreseen > 0;
              return <path key={index} className={`lc-graph-way${taken ? " lc-graph-taken" : ""}${arrow ? "" : " lc-graph-inside"}`} d={back ? corners(points) : curve(points)} markerEnd={`url(#lc-tip${taken ? "-taken" : ""})`} />;
            })}
          </g>
        </svg>
        {graph.nodes.map((node) => (
          <Box key={node.id} node={node} at={layout.at.get(node.id)!} sizes={sizes} people={people[node.id] ?? []} />
        ))}
      </div>
    </div>
  );
}

function Box({ node, at, sizes, people }: { node: GraphNode; at: Spot; sizes: typeof WIDE; people: string[] }) {
  const speech = useSpeech();
  const named = people.join("、");
  const inside = node.kind === "start" && node.scope;
  const title = inside ? speech.t("flowBegins") : nodeTitle(node.id, node.kind, node.title, speech, node.outcome);
  const taken = node.walked + node.foreseen > 0 ? " lc-graph-taken" : "";
  return (
    <div className={`lc-graph-node lc-graph-${node.state}${taken} lc-graph-kind-${node.kind}`} title={named ? `${title}: ${named}` : title} data-node={node.id} style={{ left: at.x - sizes.width / 2 + EDGE, top: at.y - sizes.height / 2 + EDGE, width: sizes.width, height: sizes.height }}>
      <span>
        <NodeIcon kind={node.kind} /> {title}
      </span>
      {named && <small>{named}</small>}
    </div>
  );
}

/** The arrows of the graph, and after them those from a scope to where it begins inside. */
function arranged(graph: FlowGraph, sizes: typeof WIDE): Layout {
  const inside = graph.nodes.filter((node) => node.scope && node.kind === "start").map((node) => ({ from: node.scope!, to: node.id }));
  return layered(graph.nodes.map((node) => node.id), [...graph.arrows, ...inside], sizes);
}

function curve(points: Spot[]): string {
  return points.map((point, at) => (at === 0 ? `M${point.x} ${point.y}` : bend(points[at - 1]!, point))).join(" ");
}

function bend(from: Spot, to: Spot): string {
  const middle = (from.y + to.y) / 2;
  return `C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
}

const corners = (points: Spot[]): string => points.map((point, at) => `${at === 0 ? "M" : "L"}${point.x} ${point.y}`).join(" ");
