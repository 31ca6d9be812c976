import { CopyOutlined, DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button } from "antd";
import { Options } from "./controls";
import { findingsOf, useDesign } from "./design";
import { blockSchema, resolved } from "./schema";
import { at, isNode, pointerOf } from "./tree";

/** What the chosen block may say, or the template itself: a form made of its closed model. */
export function Inspector() {
  const design = useDesign();
  const { t, w, chinese } = useSpeech();
  const { chosen, document, palette, add, drop } = design;
  const block = chosen ? at(document, chosen) : undefined;
  if (!chosen || !isNode(block)) return <OfTemplate />;
  const type = String(block["type"]);
  const kind = palette.kinds.find((each) => each.name === type);
  const schema = blockSchema(palette.schema, type);
  const place = chosen[chosen.length - 1] as number;
  return (
    <section className="lc-design-inspector" aria-label={t("designOptions")} key={pointerOf(chosen)}>
      <header>
        <h2>{w(kind?.title) || type}</h2>
        <Button size="small" type="text" icon={<CopyOutlined />} aria-label={t("designCopy")} title={t("designCopy")} onClick={() => add(chosen.slice(0, -1), place + 1, structuredClone(block))} />
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("designDelete")} title={t("designDelete")} onClick={() => drop(chosen)} />
      </header>
      {!chinese && schema?.description && <p className="lc-quiet">{schema.description}</p>}
      <Findings />
      {schema && <Options schema={schema} path={chosen} />}
    </section>
  );
}

function Findings() {
  const design = useDesign();
  const found = findingsOf(design, design.chosen);
  if (found.length === 0) return null;
  return (
    <ul className="lc-design-findings">
      {found.map((each, place) => (
        <li key={place} className={each.severity === "error" ? "lc-design-wrong" : "lc-design-warned"}>
          {each.message} {each.hint}
        </li>
      ))}
    </ul>
  );
}

const OF_THE_APP = ["form", "body", "page"];

function OfTemplate() {
  const { palette, document } = useDesign();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const root = palette.schema;
  const page = resolved(root.properties?.["page"] ?? {}, root);
  return (
    <section className="lc-design-inspector" aria-label={t("designTemplate")}>
      <header>
        <h2>{t("designTemplate")}</h2>
      </header>
      <p className="lc-quiet">
        {w(app.forms[String(document["form"])]?.title) || String(document["form"])} · <code>{String(document["name"])}</code>
      </p>
      <Findings />
      <Options schema={root} path={[]} skip={OF_THE_APP} />
      <h3>{t("designPage")}</h3>
      <Options schema={page} path={["page"]} />
    </section>
  );
}
