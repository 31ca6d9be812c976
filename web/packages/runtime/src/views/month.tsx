import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useMemo, type ReactNode } from "react";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";

/** The month of a view over time, with what moves it. It stands in the address: who comes back from a record finds it again. */
export function useMonth(state: ListState): { month: Dayjs; today: Dayjs; tools: ReactNode } {
  const { now } = useRuntime();
  const { t } = useSpeech();
  const today = useMemo(() => dayjs(now()).startOf("day"), [now]);
  const month = useMemo(() => monthOf(state.at) ?? today.startOf("month"), [state.at, today]);
  const move = (to: Dayjs) => state.change({ at: to.isSame(today, "month") ? "" : to.format("YYYY-MM") });
  const tools = (
    <span className="lc-calendar-move">
      <Button icon={<LeftOutlined />} aria-label={t("earlier")} onClick={() => move(month.subtract(1, "month"))} />
      <Button onClick={() => move(today)}>{t("today")}</Button>
      <Button icon={<RightOutlined />} aria-label={t("later")} onClick={() => move(month.add(1, "month"))} />
    </span>
  );
  return { month, today, tools };
}

/** What an address says; somebody may have typed it. */
export const monthOf = (text: string): Dayjs | null => (/^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text) ? dayjs(`${text}-01`) : null);
