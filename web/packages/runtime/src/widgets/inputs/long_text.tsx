import { useSpeech } from "@lowcode/kit";
import { Input, Segmented } from "antd";
import { useRef, useState, type CSSProperties } from "react";
import { Markdown } from "../markdown";
import { status, type InputProps } from "../widget";
import { Dictation, dictated, joined } from "./dictation";

/** The browser lets a field grow with what is in it; where it does not, it is measured, which lays out the whole page anew
 * for each of them when a form opens. */
const GROWS = globalThis.CSS?.supports?.("field-sizing", "content") === true;

/** From so many lines to so many. */
const growing = (least: number, most: number) =>
  GROWS ? { autoSize: false, style: { "--least": least, "--most": most } as CSSProperties } : { autoSize: { minRows: least, maxRows: most } };

export function LongTextInput(props: InputProps) {
  const { value, onChange, id, label, disabled, invalid, field, dense } = props;
  const { t } = useSpeech();
  const [looking, setLooking] = useState(false);
  const standing = useRef("");
  standing.current = String(value ?? "");
  const change = (text: string) => {
    standing.current = text; // two sentences may come before the next drawing
    onChange(text);
  };
  const marked = field.widget === "markdown" && !dense;
  return (
    <>
      {marked && <Segmented size="small" value={looking} options={[{ value: false, label: t("write") }, { value: true, label: t("look") }]} onChange={setLooking} />}
      {marked && looking ? (
        <Markdown text={String(value ?? "")} />
      ) : (
        <>
        <Input.TextArea
          id={id}
          aria-label={label}
          className={[GROWS && "lc-grows", field.widget === "code" && "lc-code"].filter(Boolean).join(" ")}
          spellCheck={field.widget !== "code"}
          value={(value as string | null) ?? ""}
          maxLength={field.max_length}
          disabled={disabled}
          status={status(invalid)}
          {...growing(dense ? 1 : 3, field.widget ? 24 : 12)}
          onChange={(event) => onChange(event.target.value)}
        />
        {!dense && !disabled && field.widget !== "code" && dictated() && <Dictation label={label} put={(said) => change(joined(standing.current, said))} />}
        </>
      )}
    </>
  );
}
