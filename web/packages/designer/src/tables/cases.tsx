import { CheckCircleOutlined, InfoCircleOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useState } from "react";
import { isNode, type Node } from "../tree";
import { columnsOf, rowsOf } from "./cells";
import { useLooked, type Choice } from "./known";

/** What is known of the cases of a table: which no row covers, and which rows answer for the same. */
export function Cases({ document, choices, go }: { document: Node; choices: Choice[][]; go: (row: number) => void }) {
  const { t, w } = useSpeech();
  const looked = useLooked();
  const [open, setOpen] = useState(false);
  if (!looked || rowsOf(document).length === 0 || looked.inputs.length === 0) return <div className="lc-table-cases lc-quiet">{t("tableCasesUnknown")}</div>;
  const columns = columnsOf(document);
  const several = ["COLLECT", "RULE ORDER", "OUTPUT ORDER"].includes(String(document["hit"] ?? ""));
  const gaps = looked.gaps;
  const otherwise = isNode(document["otherwise"]) && Object.keys(document["otherwise"]).length > 0;
  const facts = [
    !looked.complete ? t("tableCasesTooMany") : gaps.length === 0 ? t("tableCasesCovered") : t(otherwise ? "tableCasesOtherwise" : "tableCasesOpen", { count: looked.gap_count }),
    !several && looked.overlaps.length > 0 ? t("tableCasesOverlap", { count: looked.overlaps.length }) : "",
    looked.unreached.length > 0 && !several ? t("tableCasesUnreached", { rows: looked.unreached.join(", ") }) : "",
    looked.exact ? "" : t("tableCasesInexact"),
  ].filter(Boolean);
  const more = gaps.length > 0 || (!several && looked.overlaps.length > 0);
  /** A part of a column in words: values by their titles. */
  const said = (words: string, column: number): string =>
    words === "*" ? t("tableAnyOther") : words.split(", ").map((each) => (each === "blank" ? t("tableBlank") : each === "*" ? t("tableAnyOther") : (choices[column]?.find((one) => one.value === each)?.title ?? each))).join(", ");
  return (
    <div className="lc-table-cases">
      <button type="button" className="lc-design-fold" aria-expanded={open} disabled={!more} onClick={() => setOpen(!open)}>
        {gaps.length === 0 && looked.complete ? <CheckCircleOutlined /> : <InfoCircleOutlined />} {facts.join(" · ")}
      </button>
      {open && more && (
        <ul>
          {gaps.map((gap, place) => <li key={`gap ${place}`}>{t(otherwise ? "tableCaseOtherwise" : "tableCase")}: {gap.map((words, column) => `${w(columns[column]?.title)} = ${said(words, column)}`).join("; ")}</li>)}
          {looked.gap_count > gaps.length && <li>… ({looked.gap_count - gaps.length})</li>}
          {!several && looked.overlaps.map(([one, other]) => <li key={`${one} ${other}`}><button type="button" className="lc-linkish" onClick={() => go(other - 1)}>{t("tableOverlap", { one, other })}</button></li>)}
        </ul>
      )}
    </div>
  );
}
