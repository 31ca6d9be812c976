import { Badge, useSpeech } from "@lowcode/kit";
import { ChoiceInput } from "./select";
import type { InputProps, ShowProps, Widget } from "./widget";

const MultiInput = (props: InputProps) => <ChoiceInput {...props} many />;

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
