import { Person } from "@lowcode/kit";
import { isReference } from "@lowcode/protocol";
import type { ShowProps, Widget } from "./widget";

const MemberShow = ({ value }: ShowProps) => (isReference(value) ? <Person name={value.label} /> : <>{String(value)}</>);

export const member: Widget = { Show: MemberShow, width: 140, least: 132 };
