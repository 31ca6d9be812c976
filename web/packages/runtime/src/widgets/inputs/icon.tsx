import { Icon, ICON_NAMES, useSpeech } from "@lowcode/kit";
import { Select } from "antd";
import { status, type InputProps } from "../widget";

export function IconInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  return (
    <Select<string | null>
      id={id}
      aria-label={label}
      className="lc-fill"
      showSearch
      allowClear={!field.required}
      value={(value as string | null) ?? undefined}
      placeholder={disabled ? "" : t("choose")}
      options={ICON_NAMES.map((name) => ({ value: name, label: name }))}
      optionRender={({ value: name }) => <Named name={String(name)} />}
      labelRender={({ value: name }) => <Named name={String(name)} />}
      disabled={disabled}
      status={status(invalid)}
      onChange={(name) => onChange(name ?? null)}
    />
  );
}

const Named = ({ name }: { name: string }) => (
  <>
    <Icon name={name} /> {name}
  </>
);
