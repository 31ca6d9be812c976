import { DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Button, Collapse, Input } from "antd";
import { Options } from "../controls";
import { findingsOf, useDesign } from "../design";
import { resolved, type Schema } from "../schema";
import { at, isNode, pointerOf, type Node, type Path } from "../tree";
import type { StepKind } from "./page";
import { People } from "./people";
import { stepsOf } from "./steps";

interface Props {
  kinds: StepKind[];
  form?: Form;
  /** The flow as the app has it: steps that stand in it keep their names. */
  written: Node;
  removable: boolean;
  rename: (id: string) => void;
}

/** Options that name people. */
const PEOPLE = ["approvers", "assignees", "to_people"];
/** What most steps are given, in this order; the rest is under "more". */
const USUAL = ["text", "values", "form", "flow", "template", "branches", "otherwise", "for", "until", "mode", "passes", "approved", "rejected", "to", "outcome", "nobody", "starter_is_approver", "same_person", "opinion", "deadline", "fields"];
const ELSEWHERE = ["id", "type", "title", "help", ...PEOPLE, ...USUAL];

/** What the chosen step may say, or the flow itself: made of the closed models. */
export function FlowInspector({ kinds, form, written, removable, rename }: Props) {
  const design = useDesign();
  const { t, w } = useSpeech();
  const { chosen, document, palette } = design;
  const root = palette.schema;
  const step = chosen ? at(document, chosen) : undefined;
  if (!chosen || !isNode(step)) {
    return (
      <section className="lc-design-inspector" aria-label={t("flowDesign")}>
        <header><h2>{t("flowDesign")}</h2></header>
        <p className="lc-quiet">{w(form?.title)} · <code>{String(document["name"])}</code></p>
        <Findings path={null} />
        <Options schema={picked(root, ["title", "subject", "withdraw", "urge"])} path={[]} />
      </section>
    );
  }
  const type = String(step["type"]);
  const way = root.properties?.["nodes"]?.items?.discriminator?.mapping[type];
  const schema = way ? resolved({ $ref: way }, root) : undefined;
  const id = String(step["id"]);
  const kept = stepsOf(written).some((each) => each["id"] === id);
  const more = schema ? picked(schema, Object.keys(schema.properties ?? {}).filter((name) => !ELSEWHERE.includes(name))) : undefined;
  return (
    <section className="lc-design-inspector" aria-label={t("flowStep")} key={pointerOf(chosen)}>
      <header>
        <h2>{w(kinds.find((each) => each.name === type)?.title) || type}</h2>
        <Button size="small" type="text" danger icon={<DeleteOutlined />} disabled={!removable} aria-label={t("formDelete")} title={t("formDelete")} onClick={() => design.drop(chosen)} />
      </header>
      <Findings path={chosen} />
      {schema && more && (
        <>
          <Options schema={picked(schema, ["title"])} path={chosen} />
          <div className="lc-design-option">
            <div className="lc-design-label">{t("flowStepCode")}</div>
            {kept ? <code>{id}</code> : <Input aria-label={t("flowStepCode")} value={id} onChange={(event) => rename(event.target.value.toLowerCase().replace(/[^a-z0-9_]/g, "_"))} />}
          </div>
          {PEOPLE.filter((each) => schema.properties?.[each]).map((each) => <People key={each} name={each} path={[...chosen, each]} form={form} />)}
          <Options schema={picked(schema, USUAL)} path={chosen} />
          <Collapse ghost size="small" items={[{ key: "more", label: t("formMore"), children: <><Options schema={picked(schema, ["help"])} path={chosen} /><Options schema={more} path={chosen} /></> }]} />
        </>
      )}
    </section>
  );
}

function Findings({ path }: { path: Path | null }) {
  const found = findingsOf(useDesign(), path);
  if (found.length === 0) return null;
  return <ul className="lc-design-findings">{found.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>;
}

const picked = (schema: Schema, names: string[]): Schema => ({ ...schema, properties: Object.fromEntries(names.filter((name) => schema.properties?.[name]).map((name) => [name, schema.properties![name]!])) });
