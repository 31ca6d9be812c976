import { decimal, useSpeech } from "@lowcode/kit";

export function Count({ total }: { total: { value: number; capped: boolean } | undefined }) {
  const { t } = useSpeech();
  if (!total) return null;
  const count = decimal(total.value, 0);
  return <span className="lc-quiet lc-count">{total.capped ? t("recordsMore", { count }) : total.value === 1 ? t("oneRecord") : t("records", { count })}</span>;
}
