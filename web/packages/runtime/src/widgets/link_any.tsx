import { recordLink, useSpeech } from "@lowcode/kit";
import { useRuntime } from "../runtime";
import type { ShowProps, Widget } from "./widget";

export interface Named {
  form: string;
  id: number;
  label: string;
}

function LinkAny({ value }: ShowProps) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const named = value as Named;
  return (
    <span className="lc-cell">
      <span className="lc-quiet">{w(app.forms[named.form]?.title) || named.form}</span>{" "}
      <a href={recordLink(named.form, named.id)} onClick={(event) => event.stopPropagation()}>
        {named.label}
      </a>
    </span>
  );
}

export const link_any: Widget = { Show: LinkAny, width: 180 };
