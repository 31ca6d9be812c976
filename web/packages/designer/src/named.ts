import type { FormInstance } from "antd";
import { codeOf } from "./titles";

interface Called {
  title: string;
  name: string;
}

/** While the title of something new is typed its name follows, until somebody writes one. */
export const namedBy = <Wish extends Called>(form: FormInstance<Wish>, kind: string, taken: (name: string) => boolean) => (changed: Partial<Called>): void => {
  if (changed.title !== undefined && !form.isFieldTouched("name" as never)) form.setFieldValue("name" as never, codeOf(changed.title, kind, taken) as never);
};
