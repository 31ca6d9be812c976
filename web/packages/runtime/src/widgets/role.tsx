import { Choice } from "./select";
import type { ShowProps, Widget } from "./widget";

const Role = ({ field, value }: ShowProps) => <Choice name={String(value)} options={field.options} />;

export const role: Widget = { Show: Role, width: 120, least: 96 };
