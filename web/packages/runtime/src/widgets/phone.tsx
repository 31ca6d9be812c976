import { TextInput } from "./text";
import type { InputProps, ShowProps, Widget } from "./widget";

const PhoneInput = (props: InputProps) => <TextInput {...props} type="tel" mode="tel" />;

const Phone = ({ value }: ShowProps) => (
  <a className="lc-number" href={`tel:${String(value).replace(/[^\d+]/g, "")}`} onClick={(event) => event.stopPropagation()}>
    {String(value)}
  </a>
);

export const phone: Widget = { Input: PhoneInput, Show: Phone, width: 130 };
