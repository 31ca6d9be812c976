import { CheckOutlined, SearchOutlined } from "@ant-design/icons";
import { link, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button, Input } from "antd";
import { useState } from "react";
import { useDesign } from "../design";
import { reportOf, tilesOf, type Offered, type Sort } from "./board";
import { TileFace } from "./faces";

/** What is added to a board: a heading, a text, or a report by its name. */
export interface Added {
  sort: Sort;
  report?: string;
}

interface Props {
  offered: Offered[];
  /** Puts it below what there is. */
  add: (added: Added) => void;
  /** That it is being dragged, or no longer. */
  drag?: (added: Added | null) => void;
}

/** What may stand on a board: headings, texts, and every report under its form, found by words. */
export function BoardSides({ offered, add, drag }: Props) {
  const { app } = useRuntime();
  const { document } = useDesign();
  const { t, w } = useSpeech();
  const [looked, setLooked] = useState("");
  const there = new Set(tilesOf(document).map((each) => reportOf(each.tile)));
  const formOf = (each: Offered) => w(app.forms[each.form.split(".")[0]!]?.title) || each.form;
  const words = looked.trim().toLowerCase();
  const found = offered.filter((each) => [w(each.title as string), each.name, formOf(each)].some((one) => one.toLowerCase().includes(words)));
  const forms = [...new Set(found.map(formOf))].sort((one, other) => one.localeCompare(other));
  return (
    <div className="lc-design-palette lc-board-sides">
      <p className="lc-quiet">{t("boardAddHint")}</p>
      <Taken added={{ sort: "heading" }} face="heading" title={t("boardHeading")} add={add} drag={drag} />
      <Taken added={{ sort: "text" }} face="text" title={t("boardText")} add={add} drag={drag} />
      <h2>{t("appReports")}</h2>
      <Input allowClear size="small" prefix={<SearchOutlined />} aria-label={t("boardFindReport")} placeholder={t("boardFindReport")} value={looked} onChange={(event) => setLooked(event.target.value)} />
      {found.length === 0 && <p className="lc-quiet">{t("noMatch")}</p>}
      {forms.map((form) => (
        <section key={form}>
          <h3>{form}</h3>
          {found
            .filter((each) => formOf(each) === form)
            .sort((one, other) => w(one.title as string).localeCompare(w(other.title as string)))
            .map((each) => <Taken key={each.name} added={{ sort: "report", report: each.name }} face={each.chart} title={w(each.title as string) || each.name} there={there.has(each.name)} add={add} drag={drag} />)}
        </section>
      ))}
      <Button type="link" size="small" href={link(["reports", "design"])}>{t("boardNewReport")}</Button>
    </div>
  );
}

function Taken({ added, face, title, there = false, add, drag }: { added: Added; face: string; title: string; there?: boolean; add: Props["add"]; drag: Props["drag"] }) {
  const { t } = useSpeech();
  return (
    <button
      type="button"
      className="lc-design-kind lc-board-kind"
      draggable={drag !== undefined}
      data-added={added.report ?? added.sort}
      onClick={() => add(added)}
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", added.report ?? added.sort);
        event.dataTransfer.effectAllowed = "copy";
        drag?.(added);
      }}
      onDragEnd={() => drag?.(null)}
    >
      <TileFace name={face} /> <span>{title}</span> {there && <CheckOutlined className="lc-quiet" aria-label={t("boardThere")} />}
    </button>
  );
}
