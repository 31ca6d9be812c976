import { COLORS, shades, sameColor } from "@lowcode/kit";
import { Select } from "antd";

interface Props {
  label: string;
  required?: boolean;
  value: string | null;
  choices: { value: string | number; label: string }[];
  change: (next: string | undefined) => void;
}

const Swatch = ({ name }: { name: string }) => <span aria-hidden="true" className="lc-design-swatch" style={{ background: shades(name).solid }} />;

/** A colour by its name, chosen by what it looks like; the names of other palettes stand for one of these. */
export function ColorName({ label, required, value, choices, change }: Props) {
  const offered = choices.filter((each) => COLORS.includes(String(each.value)) || each.value === value);
  return (
    <Select
      aria-label={label}
      allowClear={!required}
      value={value}
      options={offered.map((each) => ({
        value: String(each.value),
        label: (
          <span className="lc-design-color">
            <Swatch name={sameColor(String(each.value))} />
            {each.label}
          </span>
        ),
      }))}
      onChange={(next: string | null | undefined) => change(next ?? undefined)}
    />
  );
}
