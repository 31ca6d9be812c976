import { ChoiceInput } from "./select";
import type { InputProps } from "../widget";

export const CurrencyInput = (props: InputProps) => <ChoiceInput {...props} />;
