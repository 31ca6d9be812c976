import { useSpeech } from "@lowcode/kit";
import { Button, ColorPicker } from "antd";
import type { InputProps } from "../widget";

const PRESETS = ["#1677ff", "#13a8a8", "#52c41a", "#d4b106", "#fa8c16", "#f5222d", "#eb2f96", "#722ed1", "#595959"];

/** A button opens the colours, so that keys reach them. */
export function ColorInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const color = (value as string | null) ?? undefined;
  return (
    <ColorPicker
      value={color}
      allowClear={!field.required}
      disabledAlpha
      disabled={disabled}
      presets={[{ label: t("colorPresets"), colors: PRESETS }]}
      onChange={(chosen) => onChange(chosen.cleared ? null : chosen.toHexString())}
      onClear={() => onChange(null)}
    >
      <Button id={id} aria-label={label && `${label} ${color ?? t("choose")}`} aria-haspopup="dialog" danger={Boolean(invalid)} disabled={disabled} icon={color && <span className="lc-swatch" aria-hidden style={{ background: color }} />}>
        {color ?? t("choose")}
      </Button>
    </ColorPicker>
  );
}
