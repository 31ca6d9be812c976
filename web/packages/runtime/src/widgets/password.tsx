import type { Widget } from "./widget";

const Dots = () => <span className="lc-quiet">••••••••</span>;

export const password: Widget = { Show: Dots, width: 100 };
