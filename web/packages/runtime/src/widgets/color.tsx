import type { ShowProps, Widget } from "./widget";

const Color = ({ value }: ShowProps) => (
  <span className="lc-number">
    <span className="lc-swatch" style={{ background: String(value) }} aria-hidden /> {String(value)}
  </span>
);

export const color: Widget = { Show: Color, width: 110 };
