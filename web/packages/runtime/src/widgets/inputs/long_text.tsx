import { useSpeech } from "@lowcode/kit";
import { Input, Segmented } from "antd";
import { useState } from "react";
import { Markdown } from "../markdown";
import { status, type InputProps } from "../widget";

export function LongTextInput(props: InputProps) {
  const { value, onChange, id, label, disabled, invalid, field, dense } = props;
  const { t } = useSpeech();
  const [looking, setLooking] = useState(false);
  const marked = field.widget === "markdown" && !dense;
  return (
    <>
      {marked && <Segmented size="small" value={looking} options={[{ value: false, label: t("write") }, { value: true, label: t("look") }]} onChange={setLooking} />}
      {marked && looking ? (
        <Markdown text={String(value ?? "")} />
      ) : (
        <Input.TextArea
          id={id}
          aria-label={label}
          className={field.widget === "code" ? "lc-code" : undefined}
          spellCheck={field.widget !== "code"}
          value={(value as string | null) ?? ""}
          maxLength={field.max_length}
          disabled={disabled}
          status={status(invalid)}
          autoSize={{ minRows: dense ? 1 : 3, maxRows: field.widget ? 24 : 12 }}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </>
  );
}
