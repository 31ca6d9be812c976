import { FullscreenExitOutlined, ZoomInOutlined, ZoomOutOutlined } from "@ant-design/icons";
import { useNarrow, useSpeech } from "@lowcode/kit";
import type { FlowGraph, GraphNode } from "@lowcode/protocol";
import { Button } from "antd";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { nodeTitle } from "../tasks/words";
import { nested, type Box, type Nested } from "./frames";
import { NodeIcon } from "./kinds";
import { lineOf, type Arrow } from "./layers";

const WIDE = { width: 148, height: 52, gap: 20, rise: 40 };
const SMALL = { width: 104, height: 56, gap: 10, rise: 34 };
const EDGE = 10;
/** What is smaller can no longer be read; it begins no smaller than this and is scrolled. */
const READ = 0.72;
const LEAST = 0.3;
const MOST = 1.5;
const CHIP = 18;

/** A flow as a picture: what was walked, where it stands, and the way it would take. `people` are named under the steps
 * at which they are asked. It begins as large as there is room, with where it stands in sight. */
export function Graph({ graph, people = {} }: { graph: FlowGraph; people?: Record<string, string[]> }) {
  const { t } = useSpeech();
  const sizes = useNarrow() ? SMALL : WIDE;
  const layout = useMemo(() => arranged(graph, sizes), [graph, sizes]);
  const sheet = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  const size = { width: layout.width + 2 * EDGE, height: layout.height + 2 * EDGE };
  const fit = () => within((sheet.current!.clientWidth - 2) / size.width, 1);
  useLayoutEffect(() => setScale(Math.max(READ, fit())), [size.width]);
  useLayoutEffect(() => {
    const [around, here] = [sheet.current!, sheet.current!.querySelector<HTMLElement>(".lc-graph-active, .lc-graph-failed, .lc-graph-waiting")];
    const middle = here ? (here.offsetLeft + here.offsetWidth / 2) * scale : (size.width * scale) / 2;
    around.scrollLeft = middle - around.clientWidth / 2;
  }, [scale, size.width]);
  const by = (factor: number) => setScale(within(scale * factor, MOST));
  return (
    <div className="lc-graph-around">
      <div className="lc-graph-zoom">
        <Button size="small" type="text" icon={<ZoomOutOutlined />} aria-label={t("flowSmaller")} title={t("flowSmaller")} disabled={scale <= LEAST} onClick={() => by(0.8)} />
        <Button size="small" type="text" icon={<FullscreenExitOutlined />} aria-label={t("flowFit")} title={t("flowFit")} onClick={() => setScale(fit())} />
        <Button size="small" type="text" icon={<ZoomInOutlined />} aria-label={t("flowLarger")} title={t("flowLarger")} disabled={scale >= MOST} onClick={() => by(1.25)} />
      </div>
      <div ref={sheet} className="lc-graph" role="group" aria-label={t("flowPicture")} tabIndex={0}>
        <div style={{ width: size.width * scale, height: size.height * scale }}>
          <div style={{ ...size, transform: `scale(${scale})` }}>
            <Drawn graph={graph} layout={layout} people={people} />
          </div>
        </div>
      </div>
    </div>
  );
}

const within = (scale: number, most: number): number => Math.max(LEAST, Math.min(most, scale));

function Drawn({ graph, layout, people }: { graph: FlowGraph; layout: Nested; people: Record<string, string[]> }) {
  const size = { width: layout.width + 2 * EDGE, height: layout.height + 2 * EDGE };
  const ways = graph.arrows.map((arrow, at) => ({ arrow, at, taken: arrow.walked + arrow.foreseen > 0, way: layout.ways.get(at) })).sort((one, other) => Number(one.taken) - Number(other.taken));
  return (
    <>
      {graph.nodes.map((node) => layout.frames.has(node.id) && <Frame key={node.id} node={node} box={layout.frames.get(node.id)!} />)}
      <svg {...size} aria-hidden>
        <defs>
          {["", "-taken"].map((kind) => (
            <marker key={kind} id={`lc-tip${kind}`} className={`lc-graph-tip${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
              <path d="M0 0 L8 4 L0 8 z" />
            </marker>
          ))}
        </defs>
        <g transform={`translate(${EDGE} ${EDGE})`}>
          {ways.map(({ arrow, at, taken, way }) => way && <path key={at} className={`lc-graph-way${taken ? " lc-graph-taken" : ""}${caught(arrow.exit) ? " lc-graph-caught" : ""}`} d={lineOf(way.points)} markerEnd={`url(#lc-tip${taken ? "-taken" : ""})`} />)}
          {ways.map(({ arrow, at, taken, way }) => way && caught(arrow.exit) && <circle key={at} className={`lc-graph-event${taken ? " lc-graph-taken" : ""}`} cx={way.points[0]!.x} cy={way.points[0]!.y} r={5} />)}
        </g>
      </svg>
      {graph.nodes.map((node) => layout.steps.has(node.id) && <Step key={node.id} node={node} box={layout.steps.get(node.id)!} people={people[node.id] ?? []} />)}
    </>
  );
}

/** Whether an exit is opened by an event on the step. */
const caught = (exit: string): boolean => /^on\d+$/.test(exit);

const placed = ({ x, y, width, height }: Box) => ({ left: x + EDGE, top: y + EDGE, width, height });

const look = (node: GraphNode): string => `lc-graph-${node.state}${node.walked + node.foreseen > 0 ? " lc-graph-taken" : ""} lc-graph-kind-${node.kind}`;

/** A scope or a handler around what it holds. */
function Frame({ node, box }: { node: GraphNode; box: Box }) {
  const speech = useSpeech();
  const title = nodeTitle(node.title, speech);
  return (
    <div className={`lc-graph-frame ${look(node)}`} data-node={node.id} title={title} style={placed(box)}>
      <span>
        <NodeIcon kind={node.kind} /> {title}
      </span>
    </div>
  );
}

function Step({ node, box, people }: { node: GraphNode; box: Box; people: string[] }) {
  const speech = useSpeech();
  const named = people.join("、");
  const title = nodeTitle(node.title, speech);
  return (
    <div className={`lc-graph-node ${look(node)}`} title={named ? `${title}: ${named}` : title} data-node={node.id} style={placed(box)}>
      <span>
        <NodeIcon kind={node.kind} /> {title}
      </span>
      {named && <small>{named}</small>}
    </div>
  );
}

function arranged(graph: FlowGraph, sizes: typeof WIDE): Nested {
  const holders = new Set(graph.nodes.map((node) => node.scope));
  const nodes = graph.nodes.map((node) => ({ id: node.id, scope: node.scope, holds: holders.has(node.id), aside: node.kind === "handler" }));
  const arrows = graph.arrows.map(({ from, to, exit }): Arrow => ({ from, to, ...(caught(exit) && { leaves: sizes.width / 2 - 14 - CHIP * Number(exit.slice(2)) }) }));
  return nested(nodes, arrows, sizes);
}
