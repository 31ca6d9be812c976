import { isMasked } from "../fields";
import type { ShowProps, Widget } from "./widget";

/** An address under a mask leads to nobody. */
function Email({ value }: ShowProps) {
  const text = String(value);
  if (isMasked(text)) return <>{text}</>;
  return (
    <a href={`mailto:${text}`} onClick={(event) => event.stopPropagation()}>
      {text}
    </a>
  );
}

export const email: Widget = { Show: Email, width: 190, least: 130 };
