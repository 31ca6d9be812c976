import { TextInput } from "./text";
import type { InputProps } from "../widget";

export const IdCardInput = (props: InputProps) => <TextInput {...props} field={{ ...props.field, max_length: 22 }} />;
