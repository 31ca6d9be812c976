import { ArrowDownOutlined, ArrowUpOutlined, BorderOuterOutlined, DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Button, Collapse, Input } from "antd";
import type { ReactNode } from "react";
import { Options } from "../controls";
import { findingsOf, useDesign } from "../design";
import { Which } from "../rules/options";
import { resolved, type Schema } from "../schema";
import { at, isNode, pointerOf, type Node, type Path } from "../tree";
import { Asking } from "./asking";
import { useDeeds } from "./deeds";
import { EVENTS } from "./events";
import { movable } from "./moving";
import { EventsOf, Happening, Ways } from "./parts";
import { People, PEOPLE } from "./people";
import { picked, schemaOf } from "./schemas";
import { levelOf, SPLITS, stepsOf } from "./steps";
import { useNames } from "./words";

interface Props {
  form?: Form;
  /** The flow as the app has it: steps that stand in it keep their names. */
  written: Node;
  removable: boolean;
  shift: (up: boolean) => void;
  rename: (id: string) => void;
}

/** What most steps are given, in this order; the rest is under "more". */
const USUAL = ["text", "form", "values", "lines", "for_each", "flow", "template", "signal", "message", "escalation", "undo", "undoes", "otherwise", "for", "until", "mode", "passes", "waits_for", "approved", "rejected", "to", "outcome", "stops", "nobody", "starter_is_approver", "same_person", "opinion", "deadline", "fields"];
/** What a request to another program says, which has a part of its own. */
const ASKED = ["connector", "operation", "parameters", "body", "set", "refused"];
/** Which records a step is about, which has a part of its own. */
const MEANT = ["link", "relation", "form", "where"];
const ELSEWHERE = [...ASKED, "id", "type", "in", "on", "event", "branches", "title", "help", ...PEOPLE, ...USUAL];

/** What the chosen step may say, an event at it, a way out of it, or the flow itself: made of the closed models. */
export function FlowInspector({ form, written, removable, shift, rename }: Props) {
  const design = useDesign();
  const { ways, wrap, eventsOf } = useDeeds();
  const { t, w } = useSpeech();
  const names = useNames();
  const { chosen, document, palette } = design;
  const root = palette.schema;
  const found = chosen ? at(document, chosen) : undefined;
  if (!chosen || !isNode(found)) {
    return (
      <section className="lc-design-inspector" aria-label={t("flowDesign")}>
        <header><h2>{t("flowDesign")}</h2></header>
        <p className="lc-quiet">{w(form?.title)} · <code>{String(document["name"])}</code></p>
        <Findings path={null} />
        <Options schema={picked(root, ["title", "start", "subject", "withdraw", "urge", "messages"])} path={[]} />
      </section>
    );
  }
  const step = at(document, chosen.slice(0, 2)) as Node;
  const type = String(step["type"]);
  const schema = schemaOf(root, type);
  const away = <Button size="small" type="text" danger icon={<DeleteOutlined />} disabled={!removable} aria-label={t("formDelete")} title={t("formDelete")} onClick={() => design.drop(chosen)} />;
  if (chosen.length > 2) {
    const caught = chosen[2] === "on";
    const inner = schema && resolved(schema.properties?.[String(chosen[2])] ?? {}, root).items;
    const own = inner && resolved(inner, root);
    return (
      <section className="lc-design-inspector" aria-label={t("flowStep")} key={pointerOf(chosen)}>
        <header><h2>{caught ? t("flowEventAt", { name: names.step(String(step["id"])) }) : t("flowWayOf", { name: names.step(String(step["id"])) })}</h2>{away}</header>
        {own && (caught ? <Happening schema={own} path={chosen} offered={eventsOf(type)} /> : <WayOptions schema={own} path={chosen} />)}
      </section>
    );
  }
  const id = String(step["id"]);
  const kept = stepsOf(written).some((each) => each["id"] === id);
  const split = SPLITS.includes(type) || type === "branch";
  const which = type === "update" || type === "delete";
  const apart = which ? MEANT : [];
  const usual = USUAL.filter((each) => !apart.includes(each) && !(type === "parallel" && each === "to") && !(type === "handler" && each === "undoes" && !("undoes" in step)));
  const more = schema ? picked(schema, Object.keys(schema.properties ?? {}).filter((name) => !ELSEWHERE.includes(name) && !apart.includes(name))) : undefined;
  const event = type === "handler" && "event" in step && schema ? resolved(schema.properties?.["event"] ?? {}, root) : undefined;
  const moves = movable(document, id, ways);
  return (
    <section className="lc-design-inspector" aria-label={t("flowStep")} key={pointerOf(chosen)}>
      <header>
        <h2>{names.kind(type)}</h2>
        {moves && <Tool icon={<ArrowUpOutlined />} words={`${t("flowEarlier")} Alt+↑`} press={() => shift(true)} />}
        {moves && <Tool icon={<ArrowDownOutlined />} words={`${t("flowLater")} Alt+↓`} press={() => shift(false)} />}
        {moves && <Tool icon={<BorderOuterOutlined />} words={t("flowWrap")} press={() => wrap(chosen)} />}
        {away}
      </header>
      <Findings path={chosen} />
      {schema && more && (
        <>
          <Options schema={picked(schema, ["title"])} path={chosen} />
          <div className="lc-design-option">
            <div className="lc-design-label">{t("flowStepCode")}</div>
            {kept ? <code>{id}</code> : <Input aria-label={t("flowStepCode")} value={id} onChange={(each) => rename(each.target.value.toLowerCase().replace(/[^a-z0-9_]/g, "_"))} />}
          </div>
          {type === "start" && levelOf(step) === "" && <Options schema={picked(root, ["start"])} path={[]} />}
          {event && <Happening schema={event} path={[...chosen, "event"]} offered={Object.keys(EVENTS)} />}
          {split && <Ways path={chosen} />}
          {PEOPLE.filter((each) => schema.properties?.[each]).map((each) => <People key={each} name={each} path={[...chosen, each]} form={form} />)}
          {type === "request" && <Asking path={chosen} form={form} />}
          {which && <Which path={chosen} />}
          <Options schema={picked(schema, usual)} path={chosen} />
          <EventsOf path={chosen} type={type} />
          <Collapse ghost size="small" items={[{ key: "more", label: t("formMore"), children: <><Options schema={picked(schema, ["help"])} path={chosen} /><Options schema={more} path={chosen} /></> }]} />
        </>
      )}
    </section>
  );
}

/** A way out of a split with its condition. */
function WayOptions({ schema, path }: { schema: Schema; path: Path }) {
  const { document, shift } = useDesign();
  const { t } = useSpeech();
  const list = path.slice(0, -1);
  const place = path[path.length - 1] as number;
  const items = at(document, list);
  const last = Array.isArray(items) ? items.length - 1 : 0;
  return (
    <>
      <Options schema={picked(schema, ["when", "title", "to"])} path={path} />
      {last > 0 && (
        <div className="lc-design-row lc-flow-order">
          <Button size="small" icon={<ArrowUpOutlined />} disabled={place === 0} onClick={() => shift(path, list, place - 1)}>{t("flowTriedEarlier")}</Button>
          <Button size="small" icon={<ArrowDownOutlined />} disabled={place === last} onClick={() => shift(path, list, place + 2)}>{t("flowTriedLater")}</Button>
        </div>
      )}
      <Findings path={path} />
    </>
  );
}

const Tool = ({ icon, words, press }: { icon: ReactNode; words: string; press: () => void }) => <Button size="small" type="text" icon={icon} aria-label={words} title={words} onClick={press} />;

/** What is wrong with the chosen thing itself; what is wrong with an option stands at it too. */
function Findings({ path }: { path: Path | null }) {
  const found = findingsOf(useDesign(), path);
  if (found.length === 0) return null;
  return <ul className="lc-design-findings">{found.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>;
}
