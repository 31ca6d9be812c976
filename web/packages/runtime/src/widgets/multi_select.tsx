import { Badge, useSpeech } from "@lowcode/kit";
import { Checkbox } from "antd";
import { ChoiceInput, useChoices } from "./select";
import type { InputProps, ShowProps, Widget } from "./widget";

function MultiInput(props: InputProps) {
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

export function Choices({ field, value }: ShowProps) {
  const { w } = useSpeech();
  return (
    <span className="lc-badges">
      {(value as string[]).map((name) => {
        const option = field.options?.find((each) => each.name === name);
        return (
          <Badge key={name} color={option?.color}>
            {option ? w(option.title) || name : name}
          </Badge>
        );
      })}
    </span>
  );
}

export const multi_select: Widget = { Input: MultiInput, Show: Choices, width: 180 };
