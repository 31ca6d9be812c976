import { useSpeech } from "@lowcode/kit";
import { Segmented } from "antd";
import { findingsOf, useDesign } from "../../design";
import { pathOf, type Node } from "../../tree";
import type { FormPalette } from "../page";
import { BusinessCard } from "./card";
import { Checks } from "./checks";
import { Faces } from "./faces";
import { itemsOf, listOf, partOf, PARTS, PART_WORDS, type Part } from "./parts";
import { Permissions } from "./permissions";
import { Relations } from "./relations";
import { Views } from "./views";

/** Which part of the form lies on the desk: its fields, or one of the others. */
export function PartChoice({ part }: { part: Part | null }) {
  const { document, findings, choose } = useDesign();
  const { t } = useSpeech();
  const wrong = (each: Part) => findings.some(({ pointer }) => partOf(pathOf(pointer)) === each);
  const count = (each: Part) => PARTS[each].reduce((sum, key) => sum + listOf(document, key).length, 0);
  const options = [
    { value: "fields", label: t("formLayout") },
    ...(Object.keys(PARTS) as Part[]).map((each) => ({ value: each, label: <span className={wrong(each) ? "lc-design-wrong" : undefined}>{t(PART_WORDS[each])} <span className="lc-quiet">{count(each) || ""}</span></span> })),
  ];
  return <nav className="lc-form-parts" aria-label={t("formPartsOf")}><Segmented value={part ?? "fields"} options={options} onChange={(next) => choose(next === "fields" ? null : [PARTS[next as Part][0]])} /></nav>;
}

/** A part of the form that is no field: what it says, item by item. */
export function PartDesk({ part, palette, written }: { part: Part; palette: FormPalette; written: Node }) {
  const design = useDesign();
  const own = new Set(itemsOf(design.document).map(String));
  const rest = findingsOf(design, null).filter((each) => partOf(pathOf(each.pointer)) === part && !own.has(String(pathOf(each.pointer))));
  return (
    <div className="lc-form-settings">
      <div>
        {rest.length > 0 && <ul className="lc-design-findings">{rest.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>}
        {part === "permissions" && <Permissions verbs={palette.verbs} />}
        {part === "views" && <Views needed={palette.views} />}
        {part === "checks" && <Checks />}
        {part === "relations" && <Relations />}
        {part === "public" && <Faces written={written} />}
        {part === "card" && <BusinessCard />}
      </div>
    </div>
  );
}
