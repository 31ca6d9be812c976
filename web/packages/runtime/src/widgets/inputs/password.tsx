import { useSpeech } from "@lowcode/kit";
import { Input } from "antd";
import { status, type InputProps } from "../widget";

/** Nobody reads it back: what is shown is that there is one. */
export function PasswordInput({ value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const typed = typeof value === "string" && !value.includes("****") ? value : "";
  return (
    <Input.Password
      id={id}
      aria-label={label}
      value={typed}
      placeholder={value ? t("passwordSet") : undefined}
      autoComplete="new-password"
      disabled={disabled}
      status={status(invalid)}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}
