import { PlainText } from "./text";
import type { ShowProps, Widget } from "./widget";

const IdCard = (props: ShowProps) => (
  <span className="lc-number">
    <PlainText {...props} />
  </span>
);

export const id_card: Widget = { Show: IdCard, width: 180 };
