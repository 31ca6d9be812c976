import { members } from "./members";
import type { Widget } from "./widget";

export const departments: Widget = members;
