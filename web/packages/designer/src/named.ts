import type { FormInstance } from "antd";
import { link } from "@lowcode/kit";
import { codeOf } from "./titles";

/** The address of a designer: where all of its sort are listed, or of one. */
export const placed = (place: string, name?: string, query: Record<string, string | undefined> = {}): string => link([...place.split("/"), ...(name === undefined ? [] : [name])], query);

interface Called {
  title: string;
  name: string;
}

/** While the title of something new is typed its name follows, until somebody writes one. */
export const namedBy = <Wish extends Called>(form: FormInstance<Wish>, kind: string, taken: (name: string) => boolean) => (changed: Partial<Called>): void => {
  if (changed.title !== undefined && !form.isFieldTouched("name" as never)) form.setFieldValue("name" as never, codeOf(changed.title, kind, taken) as never);
};
