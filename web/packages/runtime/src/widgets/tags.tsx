import { useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { Select } from "antd";
import { Choices } from "./multi_select";
import { ChoiceInput } from "./select";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

/** Every tag of a field, of its dimensions too. */
export const tagsOf = (field: Field) => [
  ...(field.options ?? []),
  ...(field.dimensions ?? []).flatMap((group) => group.options.map((each) => ({ ...each, color: each.color ?? group.color }))),
];

/** Tags in groups; of a group that says so one at most, the last chosen. */
function TagsInput(props: InputProps) {
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
      placeholder={t("choose")}
      disabled={disabled}
      status={status(invalid)}
      onChange={put}
    />
  );
}

const TagsShow = (props: ShowProps) => <Choices {...props} field={{ ...props.field, options: tagsOf(props.field) }} />;

export const tags: Widget = { Input: TagsInput, Show: TagsShow, width: 180 };
