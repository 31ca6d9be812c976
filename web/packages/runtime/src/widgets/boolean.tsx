import { CheckOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Switch } from "antd";
import type { InputProps, ShowProps, Widget } from "./widget";

const BooleanInput = ({ value, onChange, id, label, disabled }: InputProps) => (
  <Switch id={id} aria-label={label} checked={value === true} disabled={disabled} onChange={onChange} />
);

function BooleanShow({ value, dense }: ShowProps) {
  const { t } = useSpeech();
  if (dense) return value === true ? <CheckOutlined className="lc-check" aria-label={t("yes")} /> : <span className="lc-quiet">—</span>;
  return <>{value === true ? t("yes") : t("no")}</>;
}

export const boolean: Widget = { Input: BooleanInput, Show: BooleanShow, align: "center", width: 90 };
