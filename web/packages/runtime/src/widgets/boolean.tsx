import { CheckOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Checkbox, Switch } from "antd";
import type { InputProps, ShowProps, Widget } from "./widget";

function BooleanInput({ field, value, onChange, id, label, disabled }: InputProps) {
  if (field.widget === "checkbox") return <Checkbox id={id} aria-label={label} checked={value === true} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />;
  return <Switch id={id} aria-label={label} checked={value === true} disabled={disabled} onChange={onChange} />;
}

function BooleanShow({ value, dense }: ShowProps) {
  const { t } = useSpeech();
  if (dense) return value === true ? <CheckOutlined className="lc-check" aria-label={t("yes")} /> : <span className="lc-quiet">—</span>;
  return <>{value === true ? t("yes") : t("no")}</>;
}

export const boolean: Widget = { Input: BooleanInput, Show: BooleanShow, align: "center", width: 90 };
