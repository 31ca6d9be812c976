import { ChoiceInput } from "./select";
import type { InputProps } from "../widget";

export const RoleInput = (props: InputProps) => <ChoiceInput {...props} />;
