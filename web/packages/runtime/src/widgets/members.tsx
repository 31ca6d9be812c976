import type { Reference } from "@lowcode/protocol";
import { Tags } from "./links";
import type { ShowProps, Widget } from "./widget";

/** Several people, or departments, by their names. */
const Named = ({ value, dense }: ShowProps) => <Tags references={value as Reference[]} dense={dense} />;

export const members: Widget = { Show: Named, width: 200, least: 120 };
