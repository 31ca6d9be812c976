import { CheckOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

function BooleanShow({ value, dense }: ShowProps) {
  const { t } = useSpeech();
  if (dense) return value === true ? <CheckOutlined className="lc-check" aria-label={t("yes")} /> : <span className="lc-quiet">—</span>;
  return <>{value === true ? t("yes") : t("no")}</>;
}

export const boolean: Widget = { Show: BooleanShow, align: "center", width: 90 };
