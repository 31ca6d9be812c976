import { useSpeech, type Speech } from "@lowcode/kit";
import type { Result } from "@lowcode/protocol";

/** The words for a period with a name. */
const NAMES = [
  "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
  "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
  "last_7_days", "last_30_days", "last_90_days", "last_365_days",
  "this_fiscal_quarter", "last_fiscal_quarter", "this_fiscal_year", "last_fiscal_year",
] as const;

/** The days that a result is of: two figures side by side are not of the same ones because they stand on one board. */
export function PeriodOf({ result }: { result?: Result }) {
  const { t } = useSpeech();
  const period = result?.period;
  if (!period) return null;
  const days = period.from === period.to ? period.from : `${period.from} – ${period.to}`;
  return (
    <span className="lc-quiet lc-period" title={days}>
      {named(period.name, t) ?? days}
    </span>
  );
}

function named(name: string | null, t: Speech["t"]): string | undefined {
  const known = NAMES.find((each) => each === name);
  return known && t(known);
}
