import { Checkbox } from "antd";
import { ChoiceInput, useChoices } from "./select";
import type { InputProps } from "../widget";

export function MultiInput(props: InputProps) {
  const { field, value, onChange, label, disabled, dense } = props;
  const choices = useChoices(field.options);
  if (dense || field.widget !== "checkboxes") return <ChoiceInput {...props} many />;
  return (
    <Checkbox.Group
      aria-label={label}
      value={(value as string[] | null) ?? []}
      options={choices.map(({ value: name, label: words }) => ({ value: name, label: words }))}
      disabled={disabled}
      onChange={(names) => onChange(names.length > 0 ? names : null)}
    />
  );
}
