import { Choices } from "./multi_select";
import { ChoiceInput } from "./select";
import type { InputProps, Widget } from "./widget";

const TagsInput = (props: InputProps) => <ChoiceInput {...props} many free />;

export const tags: Widget = { Input: TagsInput, Show: Choices, width: 180 };
