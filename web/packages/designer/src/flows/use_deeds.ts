import { useSpeech } from "@lowcode/kit";
import { App } from "antd";
import type { Deed } from "../history";
import { resolved } from "../schema";
import { at, isNode, type Node, type Path } from "../tree";
import type { Deeds } from "./deeds";
import { addWay, dropWay } from "./dropping";
import { addEvent, addHandler, addUndo } from "./events";
import { moveStep } from "./moving";
import type { FlowPalette } from "./page";
import { sound } from "./sound";
import { addStep, arrowsOf, onward, stepOf, wayOf, type Done } from "./steps";
import { exitsOf } from "./tidy";

/** What can be done to a flow: whatever would leave a way without an end is said, and not done. */
export function useDeeds(document: Node, palette: FlowPalette, act: (deed: Deed) => void): Deeds {
  const { t } = useSpeech();
  const { message } = App.useApp();
  const { ways } = palette;
  const kindOf = (name: string) => palette.kinds.find((each) => each.name === name);
  const done = (found: Done | null) => {
    if (found) act({ type: "change", document: found.document, what: "", chosen: found.chosen });
  };
  /** The first that leaves the flow as sound as it was. */
  const first = (...tries: (() => Done | null)[]) => {
    const was = sound(document, ways);
    const found = tries.map((each) => each()).filter((each) => each !== null);
    const fit = found.find((each) => !was || sound(each.document, ways));
    if (fit) done(fit);
    else void message.warning(found.length > 0 ? t("flowUnsound") : t("flowNotThere"));
  };
  const exitsOfKind = (kind: string): string[] => {
    const way = palette.schema.properties?.["nodes"]?.items?.discriminator?.mapping[kind];
    const schema = way ? resolved({ $ref: way }, palette.schema) : undefined;
    return kind === "end" ? [] : ["to", "approved", "rejected"].filter((each) => schema?.properties?.[each] && (each === "to" || schema.required?.includes(each)));
  };
  const putKind = (kind: string, arrow: Path) => {
    const begin = kindOf(kind)?.begin;
    if (!begin) return;
    if (kind === "handler") return putHandler(levelAt(arrow));
    const made = (refuses: boolean) => () => addStep(document, structuredClone(begin), arrow, exitsOfKind(kind), refuses);
    // What refuses may have to go on all the same, where others wait for it; an end there ends the flow.
    first(made(true), made(false), () => (kind === "end" ? addStep(document, { ...structuredClone(begin), stops: "flow" }, arrow, []) : null));
  };
  const levelAt = (path: Path): string => {
    const step = at(document, path.slice(0, 2));
    return isNode(step) && typeof step["in"] === "string" ? step["in"] : "";
  };
  const putHandler = (level: string) => {
    const begin = kindOf("handler")?.begin;
    if (begin) done(addHandler(document, level, structuredClone(begin)));
  };
  const move = (step: Path, arrow: Path) => first(() => moveStep(document, step, arrow, ways), () => moveStep(document, step, arrow, ways, false));
  const eventsOf = (type: string): string[] => {
    const events = kindOf(type)?.events ?? [];
    return events.length > 0 ? [...events, "undo"] : [];
  };
  const putEvent = (step: Path, what: string) => {
    const found = at(document, step);
    if (!isNode(found) || !eventsOf(String(found["type"])).includes(what)) return void message.warning(t("flowNeverCaught"));
    first(() => (what === "undo" ? addUndo(document, step) : addEvent(document, step, what)));
  };
  const wrap = (step: Path) => {
    const found = at(document, step);
    const begin = kindOf("scope")?.begin;
    const id = isNode(found) ? String(found["id"]) : "";
    const next = isNode(found) ? onward(found) : null;
    const out = arrowsOf(document, ways).find((each) => each.from === id && each.to === next);
    if (!begin || !out) return;
    first(() => {
      const made = addStep(document, structuredClone(begin), out.path, []);
      const scope = made && at(made.document, made.chosen!);
      const start = made && isNode(scope) ? exitsOf(made.document, `${String(scope["id"])}_start`, ways)[0] : undefined;
      const own = made && wayOf(made.document, id);
      const moved = made && start && own ? moveStep(made.document, own, start.path, ways) : null;
      return moved && isNode(scope) ? { document: moved.document, chosen: wayOf(moved.document, String(scope["id"])) } : null;
    });
  };
  return {
    palette, ways, putKind, move, putEvent, putHandler, wrap, done, eventsOf,
    addWay: (split) => first(() => {
      const next = addWay(document, split, ways);
      const step = at(document, split);
      return next && { document: next, chosen: isNode(step) && Array.isArray(step["branches"]) ? [...split, "branches", step["branches"].length] : split };
    }),
    dropWay: (arrow) => first(() => {
      const next = dropWay(document, arrow, ways);
      const owner = at(document, arrow.slice(0, 2));
      return next && { document: next, chosen: isNode(owner) && stepOf(next, String(owner["id"])) ? wayOf(next, String(owner["id"])) : null };
    }),
  };
}
