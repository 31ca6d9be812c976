import { useSpeech } from "@lowcode/kit";
import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Entry } from "./entry";
import { loadOn } from "./lanes";
import { weekday } from "./month_days";
import { Name, type Drawn } from "./resource_sheet";
import type { Row } from "./resource_rows";
import { byDay, type Span } from "./span";
import { DAY, dayAt } from "./wall";

const MORNING = 9 * 60;

/** The same on a phone: each row with what stands in it, day by day. */
export function ResourceList(drawn: Drawn) {
  return (
    <ul className="lc-resource-list">
      {drawn.rows.map((row) => (
        <Section key={row.key} {...drawn} row={row} spans={drawn.taken.get(row.key) ?? []} />
      ))}
    </ul>
  );
}

function Section({ board, row, spans, days, measure, capacity }: Drawn & { row: Row; spans: Span[] }) {
  const { t, chinese } = useSpeech();
  const loads = days.map((day) => loadOn(spans, day, measure));
  const filled = byDay(spans, days).map((each, at) => ({ day: days[at]!, spans: each })).filter((each) => each.spans.length > 0);
  const over = capacity !== undefined && loads.some((each) => each > capacity);
  const day = days[0]!;
  const from = board.starts.type === "datetime" ? day + MORNING : day;
  return (
    <li>
      <div className="lc-resource-top">
        <Name row={row} load={loads.reduce((sum, each) => sum + each, 0)} measure={measure} over={over} />
        {board.mayCreate && <Button type="text" icon={<PlusOutlined />} aria-label={`${row.name} ${t("create")}`} onClick={() => board.create(from, board.starts.type === "datetime" ? from + 60 : from + DAY, row.key)} />}
      </div>
      {filled.length === 0 && <p className="lc-quiet">{t("resourceFree")}</p>}
      {filled.map((each) => (
        <div key={each.day} className="lc-resource-part">
          <span className="lc-quiet">{chinese ? `${dayAt(each.day).format("M/D")} ${weekday(dayAt(each.day), true)}` : dayAt(each.day).format("ddd D")}</span>
          <div>
            {each.spans.map((span) => (
              <Entry key={span.record.id} board={board} span={span} day={each.day} step={DAY} />
            ))}
          </div>
        </div>
      ))}
    </li>
  );
}
