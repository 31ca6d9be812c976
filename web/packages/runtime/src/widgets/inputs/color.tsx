import { ColorPicker } from "antd";
import type { InputProps } from "../widget";

const PRESETS = ["#1677ff", "#13a8a8", "#52c41a", "#d4b106", "#fa8c16", "#f5222d", "#eb2f96", "#722ed1", "#595959"];

export const ColorInput = ({ field, value, onChange, disabled }: InputProps) => (
  <ColorPicker
    value={(value as string | null) ?? undefined}
    allowClear={!field.required}
    disabledAlpha
    disabled={disabled}
    showText
    presets={[{ label: "", colors: PRESETS }]}
    onChange={(chosen) => onChange(chosen.cleared ? null : chosen.toHexString())}
    onClear={() => onChange(null)}
  />
);
