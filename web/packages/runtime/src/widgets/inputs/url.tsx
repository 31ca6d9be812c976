import { TextInput } from "./text";
import type { InputProps } from "../widget";

export const UrlInput = (props: InputProps) => <TextInput {...props} type="url" mode="url" />;
