import { PlainText, TextInput } from "./text";
import type { InputProps, ShowProps, Widget } from "./widget";

const IdCardInput = (props: InputProps) => <TextInput {...props} field={{ ...props.field, max_length: 22 }} />;

const IdCard = (props: ShowProps) => (
  <span className="lc-number">
    <PlainText {...props} />
  </span>
);

export const id_card: Widget = { Input: IdCardInput, Show: IdCard, width: 180 };
