import { isReference } from "@lowcode/protocol";
import type { ShowProps, Widget } from "./widget";

const DepartmentShow = ({ value }: ShowProps) => <>{isReference(value) ? value.label : String(value)}</>;

export const department: Widget = { Show: DepartmentShow, width: 120, least: 96 };
