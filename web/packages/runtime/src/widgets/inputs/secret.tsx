import { useSpeech } from "@lowcode/kit";
import { Input } from "antd";
import { status, type InputProps } from "../widget";

export function SecretInput({ value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const kept = typeof value === "string" && value.includes("****");
  return (
    <Input.Password
      id={id}
      aria-label={label}
      value={kept ? "" : ((value as string | null) ?? "")}
      placeholder={kept ? t("secretKept") : undefined}
      autoComplete="off"
      disabled={disabled}
      status={status(invalid)}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}
