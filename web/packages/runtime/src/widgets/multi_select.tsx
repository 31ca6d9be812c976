import { Badge, useSpeech } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

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

export const multi_select: Widget = { Show: Choices, width: 180, least: 110 };
