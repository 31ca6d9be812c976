import { TextInput } from "./text";
import type { InputProps } from "../widget";

export const EmailInput = (props: InputProps) => <TextInput {...props} type="email" mode="email" />;
