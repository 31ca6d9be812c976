import { Input } from "antd";
import { useState } from "react";
import type { Json } from "./tree";

interface Props {
  label: string;
  value: Json | undefined;
  change: (next: Json | undefined) => void;
  /** What is no JSON is taken for a text, and nothing for nothing. */
  plain?: boolean;
}

/** A value written as JSON; kept when it can be read. */
export function AsJson({ label, value, change, plain = false }: Props) {
  const [text, setText] = useState(value === undefined ? "" : plain && typeof value === "string" ? value : JSON.stringify(value, null, plain ? 1 : undefined));
  const [wrong, setWrong] = useState(false);
  const read = () => {
    if (plain && text.trim() === "") return change(undefined);
    try {
      change(JSON.parse(text) as Json);
      setWrong(false);
    } catch {
      if (plain && !/^\s*[[{]/.test(text)) change(text);
      else setWrong(true);
    }
  };
  return <Input.TextArea autoSize aria-label={label} className="lc-design-code" spellCheck={false} status={wrong ? "error" : undefined} value={text} onChange={(event) => setText(event.target.value)} onBlur={read} />;
}
