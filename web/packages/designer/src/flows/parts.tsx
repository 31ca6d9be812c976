import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Select } from "antd";
import { Options } from "../controls";
import { useDesign } from "../design";
import { resolved, type Schema } from "../schema";
import { at, isNode, pointerOf, put, type Path } from "../tree";
import { useDeeds } from "./deeds";
import { changeWhat, EVENTS, interrupts, whatOf } from "./events";
import { EVENT_FACES } from "./faces";
import { picked } from "./schemas";
import { exitsOf } from "./tidy";
import { stepOf } from "./steps";
import { useNames } from "./words";

/** What is caught at a step, or begins a handler: what it waits for, and whether what goes on is broken off. */
export function Happening({ schema, path, offered }: { schema: Schema; path: Path; offered: string[] }) {
  const { document, findings, palette } = useDesign();
  const { done, ways } = useDeeds();
  const { t } = useSpeech();
  const event = at(document, path);
  const what = whatOf(event) ?? "message";
  const atStep = path[2] === "on";
  const stops = !isNode(event) || event["interrupts"] !== false;
  const own = findings.filter((each) => each.pointer === pointerOf(path) || each.pointer === pointerOf([...path, "interrupts"]) || each.pointer === pointerOf([...path, "after"]));
  const change = (next: typeof document) => done({ document: next, chosen: atStep ? path : path.slice(0, 2) });
  return (
    <>
      <div className="lc-design-option">
        <div className="lc-design-label">{t("flowHappens")}</div>
        <Select aria-label={t("flowHappens")} value={what} options={Object.keys(EVENTS).filter((each) => offered.includes(each) || each === what).map((each) => ({ value: each, label: t(EVENT_FACES[each]!.words) }))} onChange={(next: string) => change(changeWhat(document, path, next))} />
      </div>
      {what === "after" ? <Options schema={resolved(schema.properties?.["after"] ?? {}, palette.schema)} path={[...path, "after"]} /> : <Options schema={{ ...picked(schema, [what, ...(what === "message" ? ["roles"] : [])]), required: [what] }} path={path} />}
      {(what === "error" || what === "escalation") && <p className="lc-quiet">{t("flowAnyName")}</p>}
      {what !== "error" && (
        <div className="lc-design-option">
          <div className="lc-design-label">{t("flowThen")}</div>
          <Select aria-label={t("flowThen")} value={stops} options={[{ value: true, label: t(atStep ? "flowBreaksOff" : "flowBreaksLevelOff") }, { value: false, label: t("flowGoesOnBeside") }]} onChange={(next: boolean) => change(atStep ? interrupts(document, path, next, ways) : put(document, [...path, "interrupts"], next ? undefined : false))} />
        </div>
      )}
      <Options schema={picked(schema, ["title", "to"])} path={path} />
      {own.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </>
  );
}

/** The ways out of a split: each is chosen, taken away, and there can be more. */
export function Ways({ path }: { path: Path }) {
  const { document, choose } = useDesign();
  const { ways, addWay, dropWay } = useDeeds();
  const { t } = useSpeech();
  const names = useNames();
  const step = at(document, path);
  const exits = isNode(step) ? exitsOf(document, String(step["id"]), ways) : [];
  const led = (to: string) => (stepOf(document, to)?.["type"] === "join" ? t("flowEmptyWay") : names.step(to));
  return (
    <div className="lc-design-list" data-option="ways">
      <div className="lc-design-label">{t("flowWays")}</div>
      {exits.map((arrow, place) => {
        const called = names.way(arrow, place);
        const own = arrow.path[2] === "branches" ? arrow.path.slice(0, 4) : null;
        return (
          <div key={pointerOf(arrow.path)} className="lc-flow-way">
            {own ? <Button size="small" type="link" onClick={() => choose(own)}>{called}</Button> : <span>{called}</span>}
            <span className="lc-quiet">→ {led(arrow.to)}</span>
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: called })} onClick={() => dropWay(arrow.path)} />
          </div>
        );
      })}
      <Button size="small" icon={<PlusOutlined />} onClick={() => addWay(path)}>{t("flowAddWay")}</Button>
    </div>
  );
}

/** The events at a step: each is chosen, and there can be more. */
export function EventsOf({ path, type }: { path: Path; type: string }) {
  const { document, choose } = useDesign();
  const { eventsOf, putEvent } = useDeeds();
  const { t } = useSpeech();
  const names = useNames();
  const step = at(document, path);
  const events = isNode(step) && Array.isArray(step["on"]) ? step["on"] : [];
  const offered = eventsOf(type);
  if (offered.length === 0 && events.length === 0) return null;
  return (
    <div className="lc-design-list" data-option="on">
      <div className="lc-design-label">{t("flowEvents")}</div>
      {events.map((each, place) => <div key={place} className="lc-flow-way"><Button size="small" type="link" onClick={() => choose([...path, "on", place])}>{names.event(each)}</Button></div>)}
      <Select className="lc-flow-add-event" aria-label={t("flowAddEvent")} placeholder={t("flowAddEvent")} value={null} options={offered.map((each) => ({ value: each, label: t(EVENT_FACES[each]!.words) }))} onChange={(what: string) => putEvent(path, what)} />
    </div>
  );
}
