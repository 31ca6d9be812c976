import { TextInput } from "./text";
import type { InputProps, ShowProps, Widget } from "./widget";

const EmailInput = (props: InputProps) => <TextInput {...props} type="email" mode="email" />;

const Email = ({ value }: ShowProps) => (
  <a href={`mailto:${String(value)}`} onClick={(event) => event.stopPropagation()}>
    {String(value)}
  </a>
);

export const email: Widget = { Input: EmailInput, Show: Email, width: 190 };
