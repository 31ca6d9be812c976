import { ChoiceInput } from "./select";
import type { InputProps, ShowProps, Widget } from "./widget";

const CurrencyInput = (props: InputProps) => <ChoiceInput {...props} />;

const Code = ({ value }: ShowProps) => <span className="lc-number">{String(value)}</span>;

export const currency: Widget = { Input: CurrencyInput, Show: Code, width: 84 };
