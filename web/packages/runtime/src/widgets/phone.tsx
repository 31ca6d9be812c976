import type { ShowProps, Widget } from "./widget";

/** What dials a number; an extension after a pause, as it would be pressed. */
export function dial(value: string): string {
  const [number = "", extension = ""] = value.split(/[x,#转]/i);
  const digits = extension.replace(/\D/g, "");
  return `tel:${number.replace(/[^\d+]/g, "")}${digits && `,${digits}`}`;
}

const Phone = ({ value }: ShowProps) => (
  <a className="lc-number" href={dial(String(value))} onClick={(event) => event.stopPropagation()}>
    {String(value)}
  </a>
);

export const phone: Widget = { Show: Phone, width: 130 };
