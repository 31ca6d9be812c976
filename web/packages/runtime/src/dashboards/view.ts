import type { Drawing, Result } from "@lowcode/protocol";
import type { Pressed } from "./chart";

/** What every component of a chart is given. */
export interface View {
  result: Result;
  drawing: Drawing;
  title: string;
  press?: (mark: Pressed) => void;
}
