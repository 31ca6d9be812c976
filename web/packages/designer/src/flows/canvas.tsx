import { PlusOutlined, WarningFilled } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { usePlaceFor } from "@lowcode/runtime/dragging";
import { layered, type Spot } from "@lowcode/runtime/flows/layers";
import { Dropdown } from "antd";
import { useMemo } from "react";
import { findingsOf, useDesign } from "../design";
import { pointerOf, same, type Node, type Path } from "../tree";
import type { StepKind } from "./page";
import { arrowId, arrowsOf, stepsOf, type Arrow } from "./steps";

const SIZES = { width: 176, height: 60, gap: 40, rise: 76 };
const EDGE = 28;

interface Props {
  kinds: StepKind[];
  ways: string[];
  words: Record<string, Text>;
  put: (kind: string, arrow: Path) => void;
}

/** The flow as it will go: steps in rows by their distance from the beginning, and on every arrow a place for one more. */
export function FlowCanvas({ kinds, ways, words, put }: Props) {
  const { document, choose } = useDesign();
  const { t } = useSpeech();
  const steps = stepsOf(document);
  const arrows = useMemo(() => arrowsOf(document, ways), [document, ways]);
  const layout = useMemo(() => layered(stepsOf(document).map((each) => String(each["id"])), arrows, SIZES), [document, arrows]);
  const met = new Map<string, number>();
  return (
    <div className="lc-flow-sheet" style={{ width: layout.width + 2 * EDGE, height: layout.height + 2 * EDGE }} role="group" aria-label={t("flowPicture")} onClick={(event) => event.target === event.currentTarget && choose(null)}>
      <svg width={layout.width + 2 * EDGE} height={layout.height + 2 * EDGE} aria-hidden>
        <defs>
          <marker id="lc-flow-tip" className="lc-graph-tip" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" />
          </marker>
        </defs>
        <g transform={`translate(${EDGE} ${EDGE})`}>
          {layout.ways.map(({ points, back }, index) => <path key={index} className="lc-graph-way" d={back ? straight(points) : curved(points)} markerEnd="url(#lc-flow-tip)" />)}
        </g>
      </svg>
      {arrows.map((arrow, index) => {
        const way = layout.ways[index]!;
        const spot = middle(way.points, way.back);
        const pair = `${arrow.from}>${arrow.to}`;
        const count = met.get(pair) ?? 0;
        met.set(pair, count + 1);
        return <Plus key={arrowId(arrow)} arrow={arrow} at={{ x: spot.x + EDGE + count * 30, y: spot.y + EDGE }} kinds={kinds} words={words} put={put} />;
      })}
      {steps.map((step, index) => <Step key={String(step["id"])} step={step} path={["nodes", index]} at={layout.at.get(String(step["id"]))!} kinds={kinds} />)}
    </div>
  );
}

function Step({ step, path, at, kinds }: { step: Node; path: Path; at: Spot; kinds: StepKind[] }) {
  const design = useDesign();
  const { w } = useSpeech();
  const type = String(step["type"]);
  const kind = w(kinds.find((each) => each.name === type)?.title) || type;
  const title = w(step["title"] as string) || (type === "start" || type === "end" ? kind : String(step["id"]));
  const on = design.chosen !== null && same(design.chosen, path);
  const wrong = findingsOf(design, path);
  return (
    <button
      type="button"
      data-step={String(step["id"])}
      aria-pressed={on}
      title={wrong.map((each) => each.message).join("\n") || undefined}
      className={`lc-flow-box lc-graph-kind-${type}${on ? " lc-flow-chosen" : ""}${wrong.length > 0 ? " lc-flow-faulty" : ""}`}
      style={{ left: at.x - SIZES.width / 2 + EDGE, top: at.y - SIZES.height / 2 + EDGE, width: SIZES.width, height: SIZES.height }}
      onClick={() => design.choose(path)}
    >
      <small>{kind}{wrong.length > 0 && <WarningFilled className="lc-design-flag" />}</small>
      <span>{title}</span>
    </button>
  );
}

/** A place on an arrow: something is dropped there, or chosen from what may stand there. */
function Plus({ arrow, at, kinds, words, put }: { arrow: Arrow; at: Spot; kinds: StepKind[]; words: Record<string, Text>; put: Props["put"] }) {
  const { document } = useDesign();
  const { t, w } = useSpeech();
  const { ref, over } = usePlaceFor(arrowId(arrow), t("flowBetween", { from: arrow.from, to: arrow.to }), false);
  const exit = arrow.exit === "to" ? whenOf(document, arrow.path) : w(words[arrow.exit]) || arrow.exit;
  return (
    <div ref={ref} className={over ? "lc-flow-plus lc-flow-plus-over" : "lc-flow-plus"} style={{ left: at.x - 16, top: at.y - 16 }} data-way={pointerOf(arrow.path)}>
      <Dropdown trigger={["click"]} menu={{ items: kinds.filter((each) => each.begin !== null).map((each) => ({ key: each.name, label: w(each.title), onClick: () => put(each.name, arrow.path) })) }}>
        <button type="button" aria-label={t("flowAddBetween", { from: arrow.from, to: arrow.to })}><PlusOutlined /></button>
      </Dropdown>
      {exit && <span title={exit}>{exit}</span>}
    </div>
  );
}

/** The condition of a branch, for an arrow that leaves one. */
function whenOf(document: Node, path: Path): string {
  const step = stepsOf(document)[path[1] as number];
  const branch = path[2] === "branches" && Array.isArray(step?.["branches"]) ? (step["branches"][path[3] as number] as Node) : undefined;
  return branch ? String(branch["when"] ?? "") : "";
}

function middle(points: Spot[], back: boolean): Spot {
  if (back) return { x: points[1]!.x, y: (points[1]!.y + points[2]!.y) / 2 };
  const [one, two] = [points[points.length - 2]!, points[points.length - 1]!];
  return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
}

function curved(points: Spot[]): string {
  return points.map((point, index) => (index === 0 ? `M${point.x} ${point.y}` : bend(points[index - 1]!, point))).join(" ");
}

function bend(from: Spot, to: Spot): string {
  const half = (from.y + to.y) / 2;
  return `C${from.x} ${half} ${to.x} ${half} ${to.x} ${to.y}`;
}

const straight = (points: Spot[]): string => points.map((point, index) => `${index === 0 ? "M" : "L"}${point.x} ${point.y}`).join(" ");
