import { useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { Select, Space } from "antd";
import { useState } from "react";
import { useRuntime } from "../../runtime";
import { LinkInput } from "./link";
import { status, type InputProps } from "../widget";
import type { Named } from "../link_any";

/** First which form, then which record of it. */
export function LinkAnyInput(props: InputProps) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { field, value, onChange, disabled, invalid } = props;
  const named = (value as Named | null) ?? null;
  const forms = ((field.to as unknown as string[]) ?? []).filter((name) => app.forms[name]);
  const [chosen, setChosen] = useState<string | undefined>(named?.form ?? forms[0]);
  const form = named?.form ?? chosen;
  const inner: Field = { ...field, type: "link", to: form };
  return (
    <Space.Compact className="lc-fill lc-link-any">
      <Select<string>
        aria-label={t("kindOfRecord")}
        value={form}
        options={forms.map((name) => ({ value: name, label: w(app.forms[name]!.title) || name }))}
        disabled={disabled}
        status={status(invalid)}
        popupMatchSelectWidth={false}
        onChange={(name) => {
          setChosen(name);
          onChange(null);
        }}
      />
      <LinkInput {...props} key={form} field={inner} value={named} onChange={(found) => onChange(found ? { ...(found as object), form } : null)} />
    </Space.Compact>
  );
}
