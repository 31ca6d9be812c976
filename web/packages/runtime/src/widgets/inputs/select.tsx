import { useSpeech } from "@lowcode/kit";
import type { Option } from "@lowcode/protocol";
import { Radio, Select } from "antd";
import { status, type InputProps } from "../widget";

export function useChoices(options: Option[] | undefined) {
  const { w } = useSpeech();
  return (options ?? []).map((each) => ({ value: each.name, label: w(each.title) || each.name, color: each.color }));
}

export function ChoiceInput({ value, onChange, id, label, disabled, invalid, field, many, free }: InputProps & { many?: boolean; free?: boolean }) {
  const { t } = useSpeech();
  const choices = useChoices(field.options);
  return (
    <Select<unknown>
      id={id}
      aria-label={label}
      className="lc-fill"
      mode={free ? "tags" : many ? "multiple" : undefined}
      value={value ?? (many ? [] : undefined)}
      options={choices}
      allowClear={!field.required}
      showSearch={many || free || choices.length > 7 ? { optionFilterProp: "label" } : false}
      placeholder={disabled ? "" : t("choose")}
      disabled={disabled}
      status={status(invalid)}
      notFoundContent={t("noMatch")}
      onChange={(changed) => onChange(changed ?? null)}
    />
  );
}

/** All options at once, where there are few. */
export function SelectInput(props: InputProps) {
  const { field, value, onChange, label, disabled, dense } = props;
  const choices = useChoices(field.options);
  if (dense || !field.widget || field.widget === "select") return <ChoiceInput {...props} />;
  return (
    <Radio.Group
      aria-label={label}
      optionType={field.widget === "buttons" ? "button" : "default"}
      value={value ?? undefined}
      options={choices.map(({ value: name, label: words }) => ({ value: name, label: words }))}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
