import { isReference } from "@lowcode/protocol";
import { Called } from "./called";
import type { ShowProps, Widget } from "./widget";

export function Link({ field, value }: Pick<ShowProps, "field" | "value">) {
  return isReference(value) ? <Called reference={value} form={field.to} /> : <>{String(value)}</>;
}

export const link: Widget = { Show: Link, width: 180, least: 132 };
