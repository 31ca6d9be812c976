import type { ShowProps, Widget } from "./widget";

const Email = ({ value }: ShowProps) => (
  <a href={`mailto:${String(value)}`} onClick={(event) => event.stopPropagation()}>
    {String(value)}
  </a>
);

export const email: Widget = { Show: Email, width: 190 };
