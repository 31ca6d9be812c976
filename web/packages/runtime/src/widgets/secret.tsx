import { EyeOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import { App, Button } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import type { ShowProps, Widget } from "./widget";

/** Shown on request to whoever may see it; that it was is remembered. */
function Secret({ field, dense, source }: ShowProps) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [text, setText] = useState<string | null>(null);
  const reveal = async () => {
    try {
      setText(await client.run<string | null>("records.reveal", { type: source!.form, id: source!.id, field: source!.way ? `${source!.way}.${field.name}` : field.name, ...(source!.row !== undefined && { row: source!.row }) }));
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  if (text !== null) return <span className="lc-text">{text}</span>;
  return (
    <span className="lc-quiet">
      •••••••• {(!dense || source?.row !== undefined) && source && field.revealed && <Button type="text" size="small" icon={<EyeOutlined />} aria-label={speech.t("reveal")} title={speech.t("reveal")} onClick={() => void reveal()} />}
    </span>
  );
}

export const secret: Widget = { Show: Secret, width: 110 };
