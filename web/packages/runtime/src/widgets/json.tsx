import type { ShowProps, Widget } from "./widget";

export const text = (value: unknown) => (value == null ? "" : JSON.stringify(value, null, 2));

const Json = ({ value, dense }: ShowProps) => (dense ? <code className="lc-cell">{JSON.stringify(value)}</code> : <pre className="lc-code">{text(value)}</pre>);

export const json: Widget = { Show: Json, width: 160, wide: true };
