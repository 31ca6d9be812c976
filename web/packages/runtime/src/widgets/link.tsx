import { recordLink } from "@lowcode/kit";
import { isReference } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import type { ShowProps, Widget } from "./widget";

export function Link({ field, value }: Pick<ShowProps, "field" | "value">) {
  const { app } = useRuntime();
  if (!isReference(value)) return <>{String(value)}</>;
  const form = field.to;
  if (!form || !app.forms[form]) return <>{value.label}</>;
  return (
    <a href={recordLink(form, value.id)} onClick={(event) => event.stopPropagation()}>
      {value.label}
    </a>
  );
}

export const link: Widget = { Show: Link, width: 180 };
