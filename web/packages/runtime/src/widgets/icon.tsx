import { Icon } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

const IconShow = ({ value }: ShowProps) => (
  <span title={String(value)}>
    <Icon name={String(value)} />
  </span>
);

export const icon: Widget = { Show: IconShow, align: "center", width: 70 };
