import { useSpeech } from "@lowcode/kit";
import { Select } from "antd";
import { ChoiceInput } from "./select";
import { status, type InputProps } from "../widget";

/** Tags in groups; of a group that says so one at most, the last chosen. */
export function TagsInput(props: InputProps) {
  const { field, value, onChange, id, label, disabled, invalid } = props;
  const { w, t } = useSpeech();
  const groups = field.dimensions ?? [];
  if (groups.length === 0) return <ChoiceInput {...props} many free={field.free !== false} />;
  const option = (each: { name: string; title?: Parameters<typeof w>[0] }) => ({ value: each.name, label: w(each.title) || each.name });
  const chosen = (value as string[] | null) ?? [];
  const put = (names: string[]) => {
    const added = names.find((name) => !chosen.includes(name));
    const group = groups.find((each) => each.one && each.options.some((tag) => tag.name === added));
    const kept = group ? names.filter((name) => name === added || !group.options.some((tag) => tag.name === name)) : names;
    onChange(kept.length > 0 ? kept : null);
  };
  return (
    <Select<string[]>
      id={id}
      aria-label={label}
      className="lc-fill"
      mode={field.free === false ? "multiple" : "tags"}
      value={chosen}
      options={[...(field.options ?? []).map(option), ...groups.map((group) => ({ label: w(group.title) || group.name, title: group.name, options: group.options.map(option) }))]}
      placeholder={disabled ? "" : t("choose")}
      disabled={disabled}
      status={status(invalid)}
      onChange={put}
    />
  );
}
