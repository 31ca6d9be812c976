import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useMemo, type ReactNode } from "react";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { dayAt, wallNow } from "./wall";

/** The months that a view over time may show at once. */
const SPANS = [1, 3, 12];

interface Shown {
  month: Dayjs;
  today: Dayjs;
  tools: ReactNode;
  /** How many months are shown, where that may be chosen. */
  span: number;
  widen: (span: number) => void;
}

/** The month of a view over time, with what moves it. It stands in the address, with how many months are shown: who comes
 * back from a record finds it again. */
export function useMonth(state: ListState, usual = 1): Shown {
  const { now } = useRuntime();
  const { t } = useSpeech();
  const today = useMemo(() => dayAt(wallNow(now())), [now]);
  const [named = "", wide = ""] = state.at.split("~");
  const span = SPANS.includes(Number(wide)) ? Number(wide) : usual;
  const month = useMemo(() => monthOf(named) ?? today.startOf("month"), [named, today]);
  const show = (to: Dayjs, months: number) => state.change({ at: `${to.isSame(today, "month") ? "" : to.format("YYYY-MM")}${months === usual ? "" : `~${months}`}` });
  const move = (to: Dayjs) => show(to, span);
  const step = span > 3 ? 3 : 1;
  const tools = (
    <span className="lc-calendar-move">
      <Button icon={<LeftOutlined />} aria-label={t("earlier")} onClick={() => move(month.subtract(step, "month"))} />
      <Button onClick={() => move(today)}>{t("today")}</Button>
      <Button icon={<RightOutlined />} aria-label={t("later")} onClick={() => move(month.add(step, "month"))} />
    </span>
  );
  return { month, today, tools, span, widen: (months) => show(month, months) };
}

/** What an address says; somebody may have typed it. */
export const monthOf = (text: string): Dayjs | null => (/^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text) ? dayjs(`${text}-01`) : null);
