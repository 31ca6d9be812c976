import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Dropdown, Segmented } from "antd";
import { AsJson } from "../as_json";
import { Fold, Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { filled, Labelled, useRule, Wrong, type ActionKind } from "../rules/about";
import { useKindItems } from "../rules/canvas";
import { ConditionBuilder } from "../rules/condition";
import { ActionOptions, Other } from "../rules/options";
import { actionOf, actionsAt } from "../rules/rule";
import { useSaid } from "../rules/said";
import { SpanInput } from "../rules/times";
import { Dated, Inactive } from "../rules/trigger";
import { resolved } from "../schema";
import { codeOf, spokenIn } from "../titles";
import { at, isNode, pathOf, within, type Node, type Path } from "../tree";

const nodesAt = (document: Node, path: Path): Node[] => {
  const found = at(document, path);
  return Array.isArray(found) ? found.filter(isNode) : [];
};

/** What takes records back by itself: each way, what is done before, and what with it. */
export function Reclaims() {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const items = nodesAt(document, ["reclaim"]);
  const begin = () => {
    const name = codeOf("", "back", (wanted) => items.some((each) => each["name"] === wanted));
    change(["reclaim", items.length], { name, inactive: { since: "updated_at", for: { days: 30 } } });
  };
  return (
    <>
      {items.map((each, place) => <Reclaim key={String(each["name"])} path={["reclaim", place]} item={each} />)}
      <Button size="small" icon={<PlusOutlined />} onClick={begin}>{t("poolAddReclaim")}</Button>
    </>
  );
}

function Reclaim({ path, item }: { path: Path; item: Node }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const place = Number(path[1]);
  const title = w(item["title"] as string) || t("poolReclaim", { number: place + 1 });
  const schema = resolved({ $ref: "#/$defs/Reclaim" }, palette.schema);
  const way = item["date"] !== undefined ? "date" : "inactive";
  const turn = (next: string) => {
    const { inactive: _i, date: _d, warn: _w, ...rest } = item;
    change(path, next === "date" ? { ...rest, date: { field: "", after: { days: 30 } } } : { ...rest, inactive: { since: "updated_at", for: { days: 30 } } });
  };
  const warns = nodesAt(document, [...path, "warn"]);
  return (
    <fieldset className="lc-flow-part lc-pool-reclaim">
      <legend>
        {title}
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => change(path, undefined)} />
      </legend>
      <Wrong path={path} />
      <Options schema={picked(schema, ["title"])} path={path} />
      <Segmented block size="small" aria-label={title} value={way} options={[{ value: "inactive", label: w(optionWords(palette, "inactive")) }, { value: "date", label: w(optionWords(palette, "date")) }]} onChange={turn} />
      {way === "date" ? <Dated path={[...path, "date"]} /> : <Inactive path={[...path, "inactive"]} />}
      <ConditionBuilder path={[...path, "when"]} label={t("poolReclaimWhen")} none={t("poolReclaimAlways")} />
      {way === "inactive" && (
        <>
          <div className="lc-design-label">{w(optionWords(palette, "warn"))}</div>
          {warns.map((_, index) => <Warn key={index} path={[...path, "warn", index]} number={index + 1} />)}
          <Button size="small" icon={<PlusOutlined />} onClick={() => change([...path, "warn", warns.length], { after: { days: 23 }, actions: [{ notify: { to: ["owner"], title: "" } }] })}>{t("poolAddWarn")}</Button>
        </>
      )}
      <div className="lc-design-label">{w(optionWords(palette, "actions"))}</div>
      <ActionList list={[...path, "actions"]} />
      <Options schema={picked(schema, ["reason", "notify"])} path={path} />
      <Other path={path} schema={schema} />
    </fieldset>
  );
}

/** Something done before a record goes back. */
function Warn({ path, number }: { path: Path; number: number }) {
  const { change } = useDesign();
  const { t } = useSpeech();
  const title = t("poolWarn", { number });
  return (
    <fieldset className="lc-flow-part">
      <legend>
        {title}
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => change(path, undefined)} />
      </legend>
      <Wrong path={path} />
      <SpanInput required path={[...path, "after"]} label={t("poolWarnAfter")} />
      <ActionList list={[...path, "actions"]} />
    </fieldset>
  );
}

/** Taking a record back is what a pool does itself. */
const spared = (kind: ActionKind): boolean => !kind.phases.includes("after") || kind.name === "return_to_pool" || kind.name === "claim";

/** Actions one after the other, each opened to be changed. */
function ActionList({ list }: { list: Path }) {
  const { document, add } = useDesign();
  const { palette, about } = useRule();
  const { t } = useSpeech();
  const actions = actionsAt(document, list);
  const items = useKindItems((word) => {
    const kind = palette.kinds.find((each) => each.name === word);
    if (kind) add(list, actions.length, filled(spokenIn(structuredClone(kind.begin), palette.languages), word, palette, about));
  }, spared);
  return (
    <div className="lc-pool-actions">
      {actions.map((_, place) => <Action key={place} path={[...list, place]} last={place === actions.length - 1} />)}
      <Wrong path={list} />
      <Dropdown autoFocus trigger={["click"]} menu={{ className: "lc-ruled-menu", items }}>
        <Button size="small" type="dashed" icon={<PlusOutlined />}>{t("ruleAddAction")}</Button>
      </Dropdown>
    </div>
  );
}

function Action({ path, last }: { path: Path; last: boolean }) {
  const { document, change, shift, findings } = useDesign();
  const { t } = useSpeech();
  const said = useSaid();
  const action = at(document, path);
  const word = actionOf(action)?.word;
  const title = word === undefined ? t("ruleUnknown") : said.kindTitle(word);
  const [list, place] = [path.slice(0, -1), Number(path[path.length - 1])];
  const wrong = findings.some((each) => within(pathOf(each.pointer), path));
  const deeds = (
    <>
      <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: title })} onClick={() => shift(path, list, place - 1)} />
      <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={last} aria-label={t("designDown", { name: title })} onClick={() => shift(path, list, place + 2)} />
      <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => change(path, undefined)} />
    </>
  );
  return (
    <Fold open={wrong} title={<>{title} <span className="lc-quiet">{said.action(action ?? null)}</span></>} deeds={deeds}>
      <Wrong path={path} />
      {word === undefined ? <Labelled label={t("ruleAsJson")} path={path} within><AsJson label={t("ruleAsJson")} value={action} change={(next) => next !== undefined && change(path, next)} /></Labelled> : <><Wrong path={[...path, word]} /><ActionOptions path={path} word={word} /></>}
    </Fold>
  );
}
