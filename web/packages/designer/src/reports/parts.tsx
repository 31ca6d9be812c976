import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Input, Select } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { DesignContext, useDesign, type Offers } from "../design";
import { ExpressionInput } from "../expression";
import { offersOf } from "../offers";
import { AboutRule, Labelled, useRule } from "../rules/about";
import { at, isNode, type Path } from "../tree";
import { dimensionsOf, measuresOf, nameOf, renamed } from "./report";
import { useSaid } from "./said";
import { everyField, type Known } from "./subject";

/** A field by its path, or what is worked out of several. */
export function FieldOrExpression({ path, label, value, change, form, fits, none }: { path: Path; label: string; value: string; change: (next: string) => void; form: string; fits?: (known: Known) => boolean; none?: string }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const [free, setFree] = useState(false);
  const known = everyField(app, form).filter((each) => !fits || fits(each) || each.path === value);
  const plain = value === "" || known.some((each) => each.path === value);
  const options = [...(none === undefined ? [] : [{ value: "", label: none }]), ...known.map((each) => ({ value: each.path, label: w(each.title) })), { value: "\0", label: t("ruleOwnExpression") }];
  const choose = (next: string) => {
    setFree(next === "\0");
    if (next !== "\0") change(next);
  };
  return (
    <>
      <Select aria-label={label} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false} placeholder={t("choose")} value={free || !plain ? "\0" : value === "" && none === undefined ? null : value} options={options} onChange={choose} />
      {(free || !plain) && <ExpressionInput label={t("ruleOwnExpression")} path={path} value={value} change={change} />}
    </>
  );
}

/** Everything inside speaks of the records of another form. */
export function AboutForm({ form, children }: { form: string; children: ReactNode }) {
  const { app } = useRuntime();
  const { palette } = useRule();
  const design = useDesign();
  const offers = useMemo<Offers>(() => (app.forms[form] ? offersOf(form, app.forms) : { own: [], linked: [], rows: [] }), [form, app]);
  return (
    <DesignContext value={{ ...design, offers }}>
      <AboutRule palette={palette} about={form} event={false}>{children}</AboutRule>
    </DesignContext>
  );
}

/** Everything inside names the report's own measures, but for one. */
export function AboutMeasures({ but, children }: { but: string; children: ReactNode }) {
  const design = useDesign();
  const said = useSaid();
  const own = measuresOf(design.document).map(nameOf).filter((each) => each !== but && each !== "").map((path) => ({ path, title: said.column(path) }));
  return <DesignContext value={{ ...design, offers: { own, linked: [], rows: [] } }}>{children}</DesignContext>;
}

/** What other parts of the report, and files that are exported, call a column: changed everywhere at once. */
export function NameInput({ list, place }: { list: "dimensions" | "measures"; place: number }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const item = at(document, [list, place]);
  const name = nameOf(item);
  const [typed, setTyped] = useState<string>();
  const others = [...dimensionsOf(document), ...measuresOf(document)].filter((each) => each !== item).map(nameOf);
  const wanted = typed ?? name;
  const wrong = !/^[a-z][a-z0-9_]*$/.test(wanted) ? t("templateNameWrong") : others.includes(wanted) ? t("reportNameTaken") : null;
  const done = () => {
    if (typed !== undefined && wrong === null && typed !== name) change([], renamed(document, list, place, typed));
    setTyped(undefined);
  };
  if (!isNode(item) || "measure" in item) return null;
  return (
    <Labelled label={t("reportName")} path={[list, place, "name"]}>
      <Input aria-label={t("reportName")} status={wrong ? "error" : undefined} value={wanted} onChange={(event) => setTyped(event.target.value)} onBlur={done} onPressEnter={done} />
      {wrong && <div className="lc-design-wrong">{wrong}</div>}
    </Labelled>
  );
}
