import type { ShowProps, Widget } from "./widget";

const Phone = ({ value }: ShowProps) => (
  <a className="lc-number" href={`tel:${String(value).replace(/[^\d+]/g, "")}`} onClick={(event) => event.stopPropagation()}>
    {String(value)}
  </a>
);

export const phone: Widget = { Show: Phone, width: 130 };
