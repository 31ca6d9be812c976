import { DatePicker } from "antd";
import dayjs from "dayjs";

/** From one day to another. */
export default function Days({ label, from, to, change }: { label: string; from?: string; to?: string; change: (value: { from: string; to: string }) => void }) {
  return (
    <DatePicker.RangePicker
      aria-label={label}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      allowClear={false}
      onChange={(days) => days?.[0] && days[1] && change({ from: days[0].format("YYYY-MM-DD"), to: days[1].format("YYYY-MM-DD") })}
    />
  );
}
