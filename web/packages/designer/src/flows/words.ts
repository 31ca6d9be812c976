import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useConditionSaid } from "@lowcode/runtime/use_said";
import { isNode, type Node } from "../tree";
import { useDesign } from "../design";
import { EVENTS, whatOf } from "./events";
import { useDeeds } from "./deeds";
import { stepOf, type Arrow } from "./steps";
import { whenOf } from "./layout";
import { EVENT_FACES } from "./faces";

/** How the things of a flow are called. */
export function useNames() {
  const { document } = useDesign();
  const { palette } = useDeeds();
  const { app } = useRuntime();
  const condition = useConditionSaid();
  const { t, w, chinese } = useSpeech();
  const span = (unit: string, count: unknown): string => `${String(count)} ${chinese ? w(palette.words.options[unit]) || unit : count === 1 ? unit.replace(/s$/, "") : unit}`;
  const kind = (type: string): string => w(palette.kinds.find((each) => each.name === type)?.title) || type;
  const said = (text: string): string => condition(text, app.forms[String(document["form"])]);
  const step = (id: string): string => {
    const found = stepOf(document, id);
    const type = String(found?.["type"]);
    return w(found?.["title"] as string).replace(/\{\{\s*(.*?)\s*\}\}/g, (_, path: string) => `{${said(path)}}`) || (["start", "end", "join", "scope", "handler"].includes(type) ? kind(type) : id);
  };
  const event = (found: unknown): string => {
    const what = whatOf(found as Node);
    if (!isNode(found as Node) || what === undefined) return "";
    const value = (found as Node)[what];
    const said = w((found as Node)["title"] as string);
    const name = t(EVENT_FACES[what]!.words);
    return said || (what === "after" && isNode(value) ? Object.entries(value).map(([unit, count]) => span(unit, count)).join(" ") : value === EVENTS["error"] ? name : `${name} ${String(value)}`);
  };
  const way = (arrow: Arrow, place: number): string => {
    const branch = arrow.path[2] === "branches" ? (stepOf(document, arrow.from)?.["branches"] as Node[])[arrow.path[3] as number] : undefined;
    if (branch) return w(branch["title"] as string) || said(whenOf(document, arrow)) || t("flowNoCondition");
    return arrow.exit === "to" ? t("flowWay", { number: place + 1 }) : w(palette.words.options[arrow.exit]) || arrow.exit;
  };
  return { kind, step, event, way };
}

