import { ColorPicker } from "antd";
import type { InputProps, ShowProps, Widget } from "./widget";

const PRESETS = ["#1677ff", "#13a8a8", "#52c41a", "#d4b106", "#fa8c16", "#f5222d", "#eb2f96", "#722ed1", "#595959"];

const ColorInput = ({ field, value, onChange, disabled }: InputProps) => (
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

const Color = ({ value }: ShowProps) => (
  <span className="lc-number">
    <span className="lc-swatch" style={{ background: String(value) }} aria-hidden /> {String(value)}
  </span>
);

export const color: Widget = { Input: ColorInput, Show: Color, width: 110 };
