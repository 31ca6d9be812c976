import { useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import { Called } from "./called";
import type { ShowProps, Widget } from "./widget";

export interface Named extends Reference {
  form: string;
}

function LinkAny({ value }: ShowProps) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const named = value as Named;
  return (
    <span className="lc-cell">
      <span className="lc-quiet">{w(app.forms[named.form]?.title) || named.form}</span>{" "}
      <Called reference={named} form={named.form} />
    </span>
  );
}

export const link_any: Widget = { Show: LinkAny, width: 180, least: 132 };
