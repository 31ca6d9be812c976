import { Choice, ChoiceInput } from "./select";
import type { InputProps, ShowProps, Widget } from "./widget";

const RoleInput = (props: InputProps) => <ChoiceInput {...props} />;

const Role = ({ field, value }: ShowProps) => <Choice name={String(value)} options={field.options} />;

export const role: Widget = { Input: RoleInput, Show: Role, width: 120 };
