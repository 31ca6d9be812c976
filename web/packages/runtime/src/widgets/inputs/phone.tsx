import { TextInput } from "./text";
import type { InputProps } from "../widget";

export const PhoneInput = (props: InputProps) => <TextInput {...props} type="tel" mode="tel" />;
