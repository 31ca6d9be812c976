import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { AsJson } from "../as_json";
import { Options } from "../controls";
import { useDesign } from "../design";
import { picked } from "../flows/schemas";
import { at, isNode, pointerOf, type Json, type Node, type Path } from "../tree";
import { Labelled, useRule, Wrong } from "./about";
import { ConditionBuilder } from "./condition";
import { ActionOptions, Other } from "./options";
import { actionOf, actionsAt, isLadder, stepsOf, triggersOf } from "./rule";
import { useSaid } from "./said";
import { SpanInput } from "./times";
import { TriggerInspector } from "./trigger";

type Put = (document: Node, path?: Path | null) => void;

/** What the chosen part of the rule says, or the rule as a whole. */
export function RuleInspector({ put }: { put: Put }) {
  const { document, chosen } = useDesign();
  const { t } = useSpeech();
  if (chosen === null) return <Whole />;
  if (chosen[0] === "on") return <TriggerInspector put={put} />;
  if (chosen[0] === "when") {
    return (
      <section className="lc-design-inspector" aria-label={t("ruleIf")}>
        <header><h2>{t("ruleIf")}</h2></header>
        <p className="lc-quiet">{t("ruleIfHint")}</p>
        <ConditionBuilder path={["when"]} label="" none={t("ruleAlways")} />
      </section>
    );
  }
  if (chosen[0] === "steps" && chosen.length === 2) return <OfRung key={pointerOf(chosen)} path={chosen} />;
  return <OfAction key={`${pointerOf(chosen)}/${actionOf(at(document, chosen))?.word ?? ""}`} path={chosen} action={at(document, chosen)} />;
}

/** Moving, copying and taking away what is chosen of a list. */
function Bar({ path, title, copy = true }: { path: Path; title: string; copy?: boolean }) {
  const { document, shift, drop, add } = useDesign();
  const { t } = useSpeech();
  const list = path.slice(0, -1);
  const place = path[path.length - 1] as number;
  const items = actionsAt(document, list);
  const item = items[place];
  return (
    <header>
      <h2>{title}</h2>
      <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: title })} onClick={() => shift(path, list, place - 1)} />
      <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={place >= items.length - 1} aria-label={t("designDown", { name: title })} onClick={() => shift(path, list, place + 2)} />
      {copy && isNode(item) && <Button size="small" type="text" icon={<CopyOutlined />} aria-label={t("ruleCopyAction", { name: title })} title={t("ruleCopyAction", { name: title })} onClick={() => add(list, place + 1, structuredClone(item))} />}
      <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} title={t("designTakeAway", { name: title })} onClick={() => drop(path)} />
    </header>
  );
}

function OfAction({ path, action }: { path: Path; action: Json | undefined }) {
  const { change } = useDesign();
  const { palette } = useRule();
  const { t } = useSpeech();
  const said = useSaid();
  const made = actionOf(action);
  const title = made ? said.kindTitle(made.word) : t("ruleUnknown");
  const known = made !== null && palette.kinds.some((each) => each.name === made.word);
  return (
    <section className="lc-design-inspector" aria-label={title}>
      <Bar path={path} title={title} />
      <Wrong path={path} />
      {known ? (
        <><Wrong path={[...path, made.word]} /><ActionOptions path={path} word={made.word} /></>
      ) : (
        <Labelled label={t("ruleAsJson")} path={path} within><AsJson label={t("ruleAsJson")} value={action} change={(next) => next !== undefined && change(path, next)} /></Labelled>
      )}
    </section>
  );
}

function OfRung({ path }: { path: Path }) {
  const { document } = useDesign();
  const { t } = useSpeech();
  const title = t("ruleRung", { number: (path[1] as number) + 1 });
  return (
    <section className="lc-design-inspector" aria-label={title}>
      <Bar path={path} title={title} copy={false} />
      <Wrong path={path} />
      <SpanInput required path={[...path, "after"]} label={t("ruleHowLong")} />
      <ConditionBuilder path={[...path, "when"]} label={t("ruleRungWhen")} none={stepsOf(document).length > 0 ? t("ruleRungAlways") : undefined} />
    </section>
  );
}

/** The rule as a whole: what it is called, and how it acts. */
function Whole() {
  const { document, palette } = useDesign();
  const { palette: known } = useRule();
  const { t } = useSpeech();
  const names = triggersOf(document, known.triggers);
  const event = names.some((each) => known.triggers.find((one) => one.name === each)?.alone === false);
  const waits = isLadder(document) || actionsAt(document, ["actions"]).some((each) => actionOf(each)?.word === "wait");
  const schema = palette.schema;
  return (
    <section className="lc-design-inspector" aria-label={t("ruleOptions")}>
      <header><h2>{t("ruleOptions")}</h2></header>
      <p className="lc-quiet"><code>{String(document["name"])}</code></p>
      <Wrong path={[]} />
      <Wrong path={["actions"]} />
      <Wrong path={["steps"]} />
      <Options schema={picked(schema, ["title", "help", "enabled"])} path={[]} />
      {event && <Options schema={picked(schema, ["phase", "repeat"])} path={[]} />}
      {waits && <ConditionBuilder path={["exit"]} label={t("ruleExit")} none={t("ruleExitNone")} />}
      <details className="lc-ruled-more" open={["priority", "run_as", "limit", "log", "catch_up"].some((each) => document[each] !== undefined)}>
        <summary>{t("ruleMore")}</summary>
        <Options schema={picked(schema, ["priority", "run_as", ...(names.includes("schedule") ? ["catch_up"] : []), "limit", "log"])} path={[]} />
      </details>
      <Other path={[]} schema={schema} />
    </section>
  );
}
