import { CloseOutlined, PlusOutlined, ThunderboltOutlined, WarningFilled } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useMovable, usePlaceFor } from "@lowcode/runtime/dragging";
import { lineOf, type Spot } from "@lowcode/runtime/flows/layers";
import { Dropdown } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useDesign, type Design } from "../design";
import { at, isNode, pointerOf, same, type Node, type Path } from "../tree";
import { useDeeds } from "./deeds";
import { EVENT_FACES } from "./faces";
import { arranged, type Box, type Drawn, type Label } from "./layout";
import { movable, moveStep } from "./moving";
import { arrowId, SPLITS, stepOf, type Arrow } from "./steps";
import { useNames } from "./words";

const EDGE = 28;
/** Room for the words of the last arrow. */
const WORDS = 56;

/** The flow as it will go: steps in rows by their distance from the beginning, scopes around what they hold, events at the
 * edge of their step, and on every arrow a place for one more. */
export function FlowCanvas() {
  const { document, choose } = useDesign();
  const { ways } = useDeeds();
  const { t } = useSpeech();
  const drawn = useMemo(() => arranged(document, ways), [document, ways]);
  /** In the order in which they are read: Tab goes down the flow, and not from kind to kind. */
  const things = useMemo(
    () =>
      [
        ...drawn.lines.map((each) => ({ ...each.plus, thing: <Plus key={`way ${arrowId(each.arrow)}`} arrow={each.arrow} at={each.plus} label={each.label} /> })),
        ...drawn.cards.map((each) => ({ x: each.x, y: each.y, thing: <Card key={`card ${each.id}`} card={each} /> })),
        ...drawn.steps.map((each) => ({ x: each.x, y: each.y, thing: <Step key={`step ${each.id}`} box={each} /> })),
        ...drawn.chips.map((each) => ({ x: each.x, y: each.y, thing: <Chip key={`chip ${each.step} ${pointerOf(each.path)}`} chip={each} /> })),
        ...drawn.feet.map((each) => ({ x: each.x, y: each.y, thing: <Foot key={`foot ${each.level}`} foot={each} /> })),
      ]
        .sort((one, other) => one.y - other.y || one.x - other.x)
        .map(({ thing }) => thing),
    [drawn],
  );
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const around = sheet.current?.parentElement; // a narrow page begins in the middle, where the flow does
    if (around) around.scrollLeft = (around.scrollWidth - around.clientWidth) / 2;
  }, []);
  const size = { width: drawn.width + 2 * EDGE + WORDS, height: drawn.height + 2 * EDGE };
  return (
    <div ref={sheet} className="lc-flow-sheet" style={size} role="group" aria-label={t("flowPicture")} onClick={(event) => event.target === event.currentTarget && choose(null)}>
      {drawn.frames.map((each) => <Frame key={each.id} box={each} />)}
      <svg {...size} aria-hidden>
        <defs>
          <marker id="lc-flow-tip" className="lc-graph-tip" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" />
          </marker>
        </defs>
        <g transform={`translate(${EDGE} ${EDGE})`}>
          {drawn.lines.map(({ arrow, points }) => <path key={arrowId(arrow)} className={arrow.path[2] === "on" ? "lc-graph-way lc-flow-caught" : "lc-graph-way"} d={lineOf(points)} markerEnd="url(#lc-flow-tip)" />)}
        </g>
      </svg>
      {things}
    </div>
  );
}

const placed = ({ x, y, width, height }: Pick<Box, "x" | "y" | "width" | "height">) => ({ left: x + EDGE, top: y + EDGE, width, height });

/** What is wrong with a thing and all that belongs to it. */
const wrongIn = ({ findings }: Design, path: Path) => findings.filter((each) => each.pointer === pointerOf(path) || each.pointer.startsWith(`${pointerOf(path)}/`));

function useThing(path: Path) {
  const design = useDesign();
  const on = design.chosen !== null && same(design.chosen, path);
  const wrong = wrongIn(design, path);
  const title = wrong.map((each) => each.message).join("\n") || undefined;
  return { design, on, wrong, title, look: `${on ? " lc-flow-chosen" : ""}${wrong.length > 0 ? " lc-flow-faulty" : ""}` };
}

/** Both at once: it can be moved, and something can be put behind it. */
function useMoved(id: string, path: Path, name: string) {
  const { document } = useDesign();
  const { ways } = useDeeds();
  const moving = useMovable(`step:${pointerOf(path)}`, name, !movable(document, id, ways));
  const place = usePlaceFor(`step:${pointerOf(path)}`, name, false);
  const ref = (found: HTMLElement | null) => (moving.ref(found), place.ref(found));
  return { ref, look: `${moving.moving ? " lc-design-moving" : ""}${place.over ? " lc-flow-over" : ""}` };
}

function Step({ box }: { box: Box }) {
  const { id, path } = box;
  const { document, on, wrong, title, look, choose } = useStep(path);
  const shown = useShown(on);
  const names = useNames();
  const type = String(stepOf(document, id)?.["type"]);
  const called = names.step(id);
  const moved = useMoved(id, path, called);
  return (
    <>
      <button ref={(found) => (moved.ref(found), shown(found))} type="button" data-step={id} aria-current={on || undefined} title={title} className={`lc-flow-box lc-graph-kind-${type}${look}${moved.look}`} style={placed(box)} onClick={choose}>
        <small>{names.kind(type)}{wrong.length > 0 && <WarningFilled className="lc-design-flag" />}</small>
        <span>{called}</span>
      </button>
      {(SPLITS.includes(type) || type === "branch") && <MoreWays path={path} box={box} name={called} />}
      {on && <AddEvent path={path} type={type} box={box} name={called} />}
    </>
  );
}

/** What is chosen comes into sight; put there from a menu, it takes the focus of the menu that closes. */
function useShown(on: boolean): (found: HTMLElement | null) => void {
  const kept = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (!on) return;
    kept.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (document.activeElement?.closest(".ant-dropdown")) kept.current?.focus({ preventScroll: true });
  }, [on]);
  return (found) => void (kept.current = found);
}

function useStep(path: Path) {
  const { design, ...thing } = useThing(path);
  return { ...thing, document: design.document, choose: () => design.choose(path) };
}

/** A scope or a handler around what it holds. */
function Frame({ box }: { box: Box }) {
  const { id, path } = box;
  const { document, on, wrong, title, look, choose } = useStep(path);
  const { t } = useSpeech();
  const names = useNames();
  const step = stepOf(document, id);
  const type = String(step?.["type"]);
  const called = names.step(id);
  const undoes = step?.["undoes"];
  const note = type !== "handler" ? "" : typeof undoes === "string" ? t("flowUndoes", { name: names.step(undoes) }) : names.event(step?.["event"]);
  const moved = useMoved(id, path, called);
  return (
    <div className={`lc-flow-frame lc-flow-frame-${type}${look}`} style={placed(box)} onClick={(event) => event.target === event.currentTarget && choose()}>
      <button ref={moved.ref} type="button" data-step={id} aria-current={on || undefined} title={title} className={`lc-flow-frame-head${moved.look}`} onClick={choose}>
        <small>{names.kind(type)}</small> <span>{called}</span>{note !== "" && <em>{note}</em>}{wrong.length > 0 && <WarningFilled className="lc-design-flag" />}
      </button>
      {on && <AddEvent path={path} type={type} box={{ ...box, x: -EDGE, y: -EDGE }} name={called} />}
    </div>
  );
}

/** One way more, at the lower edge of a split. */
function MoreWays({ path, box, name }: { path: Path; box: Box; name: string }) {
  const { addWay } = useDeeds();
  const { t } = useSpeech();
  return <button type="button" className="lc-flow-more" style={{ left: box.x + EDGE + box.width / 2, top: box.y + EDGE + box.height }} aria-label={t("flowAddWayTo", { name })} onClick={() => addWay(path)}><PlusOutlined /> {t("flowAddWay")}</button>;
}

/** What may be caught at the chosen step. */
function AddEvent({ path, type, box, name }: { path: Path; type: string; box: Box; name: string }) {
  const { eventsOf, putEvent } = useDeeds();
  const { t } = useSpeech();
  const events = eventsOf(type);
  if (events.length === 0) return null;
  const items = events.map((what) => {
    const { icon: Icon, words } = EVENT_FACES[what]!;
    return { key: what, icon: <Icon />, label: t(words), onClick: () => putEvent(path, what) };
  });
  return (
    <Dropdown autoFocus trigger={["click"]} menu={{ items }}>
      <button type="button" className="lc-flow-catch" style={{ left: box.x + EDGE + box.width - 15, top: box.y + EDGE - 15 }} aria-label={t("flowAddEventTo", { name })} title={t("flowAddEvent")}><ThunderboltOutlined /></button>
    </Dropdown>
  );
}

/** An event at the edge of its step, or the handler that undoes the step. */
function Chip({ chip }: { chip: Drawn["chips"][number] }) {
  const { document, on, title, look, choose } = useStep(chip.path);
  const { t } = useSpeech();
  const names = useNames();
  const { icon: Icon, words } = EVENT_FACES[chip.what]!;
  const event = at(document, chip.path);
  const called = chip.what === "undo" ? t(words) : names.event(event);
  const beside = isNode(event) && event["interrupts"] === false;
  return <button type="button" data-event={chip.what} aria-current={on || undefined} aria-label={`${names.step(chip.step)}: ${called}`} title={title ?? called} className={`lc-flow-chip${beside ? " lc-flow-beside" : ""}${look}`} style={{ left: chip.x + EDGE - 12, top: chip.y + EDGE - 12 }} onClick={choose}><Icon /></button>;
}

/** What a way out of a split is: its condition, or its number. */
function Card({ card }: { card: Drawn["cards"][number] }) {
  const { path, arrow, place } = card;
  const own = path.length > 2;
  const { on, title, look, choose } = useStep(path);
  const { dropWay } = useDeeds();
  const { t } = useSpeech();
  const called = useNames().way(arrow, place);
  return (
    <div className={`lc-flow-card${own ? look : ""}`} style={placed(card)} data-card={pointerOf(arrow.path)}>
      <button type="button" aria-current={(own && on) || undefined} title={(own ? title : undefined) ?? called} onClick={choose}><span>{called}</span></button>
      <button type="button" aria-label={t("designTakeAway", { name: called })} title={t("designTakeAway", { name: called })} onClick={() => dropWay(arrow.path)}><CloseOutlined /></button>
    </div>
  );
}

/** A place on an arrow: something is dropped there, or chosen from what may stand there. */
function Plus({ arrow, at: spot, label }: { arrow: Arrow; at: Spot; label: Label | null }) {
  const { document, chosen } = useDesign();
  const { palette, ways, putKind, move } = useDeeds();
  const { t, w } = useSpeech();
  const names = useNames();
  const [open, setOpen] = useState(false);
  const [from, to] = [names.step(arrow.from), names.step(arrow.to)];
  const { ref, over } = usePlaceFor(arrowId(arrow), t("flowBetween", { from, to }), false);
  const event = arrow.path[2] === "on" ? at(document, arrow.path.slice(0, 4)) : undefined;
  const exit = !label ? "" : isNode(event) ? names.event(event) : arrow.exit === "to" ? "" : w(palette.words.choices[arrow.exit] ?? palette.words.options[arrow.exit]) || arrow.exit;
  const items = () => {
    const kinds = palette.kinds.filter((each) => each.begin !== null && each.name !== "handler");
    const groups = [...new Set(kinds.map((each) => each.group))].map((group) => ({ key: group, type: "group" as const, label: w(palette.words.groups[group]) || group, children: kinds.filter((each) => each.group === group).map((each) => ({ key: each.name, label: w(each.title), onClick: () => putKind(each.name, arrow.path) })) }));
    const here = chosen?.length === 2 && moveStep(document, chosen, arrow.path, ways) !== null ? stepOf(document, String((at(document, chosen) as Node)["id"])) : undefined;
    return here ? [{ key: "here", label: t("flowMoveHere", { name: names.step(String(here["id"])) }), onClick: () => move(chosen!, arrow.path) }, { type: "divider" as const }, ...groups] : groups;
  };
  return (
    <div ref={ref} className={`lc-flow-plus${over ? " lc-flow-plus-over" : ""}${label === "before" ? " lc-flow-plus-before" : ""}`} style={{ left: spot.x + EDGE - 16, top: spot.y + EDGE - 16 }} data-way={pointerOf(arrow.path)}>
      <Dropdown autoFocus trigger={["click"]} open={open} onOpenChange={setOpen} menu={{ items: open ? items() : [], className: "lc-flow-kinds", onClick: () => setOpen(false) }}>
        <button type="button" aria-label={t("flowAddBetween", { from, to })}><PlusOutlined /></button>
      </Dropdown>
      {exit && <span title={exit}>{exit}</span>}
    </div>
  );
}

/** Below each level: what is done when something happens while it goes on. */
function Foot({ foot }: { foot: Drawn["feet"][number] }) {
  const { putHandler } = useDeeds();
  const { t } = useSpeech();
  const names = useNames();
  const name = foot.level === "" ? t("flowWhole") : names.step(foot.level);
  const { ref, over } = usePlaceFor(`foot:${foot.level}`, t("flowAddHandlerTo", { name }), false);
  return <button ref={ref} type="button" data-foot={foot.level} className={over ? "lc-flow-foot lc-flow-over" : "lc-flow-foot"} style={{ left: foot.x + EDGE + foot.width / 2, top: foot.y + EDGE }} aria-label={t("flowAddHandlerTo", { name })} onClick={() => putHandler(foot.level)}><ThunderboltOutlined /> {t("flowAddHandler")}</button>;
}
