import { useSpeech } from "@lowcode/kit";
import type { Option } from "@lowcode/protocol";
import { Cascader, TreeSelect } from "antd";
import { status, type InputProps } from "../widget";

export interface Branch {
  value: string;
  label: string;
  title?: string;
  selectable?: boolean;
  children?: Branch[];
}

interface StepsProps extends InputProps {
  options: Branch[];
  anyLevel: boolean;
}

/** A choice in steps; what is kept is the way, joined by strokes. */
export function StepsInput({ value, onChange, id, label, disabled, invalid, options, anyLevel }: StepsProps) {
  const { t } = useSpeech();
  return (
    <Cascader<Branch>
      id={id}
      aria-label={label}
      className="lc-fill"
      options={options}
      changeOnSelect={anyLevel}
      showSearch
      placeholder={disabled ? "" : t("choose")}
      value={value ? String(value).split("/") : undefined}
      disabled={disabled}
      status={status(invalid)}
      onChange={(way) => onChange(way?.length ? way.join("/") : null)}
    />
  );
}

export function CascadeInput(props: InputProps) {
  const { w, t } = useSpeech();
  const { field } = props;
  const branch = (option: Option): Branch => ({ value: option.name, label: w(option.title) || option.name, children: option.children?.length ? option.children.map(branch) : undefined });
  const options = (field.options ?? []).map(branch);
  if (field.widget !== "tree") return <StepsInput {...props} options={options} anyLevel={field.any_level === true} />;
  const under = (each: Branch, before: string): Branch => {
    const value = before + each.value;
    return { ...each, value, title: each.label, selectable: field.any_level === true || !each.children, children: each.children?.map((inner) => under(inner, `${value}/`)) };
  };
  return (
    <TreeSelect
      id={props.id}
      aria-label={props.label}
      className="lc-fill"
      treeData={options.map((each) => under(each, ""))}
      treeNodeFilterProp="label"
      showSearch
      allowClear={!field.required}
      placeholder={props.disabled ? "" : t("choose")}
      value={(props.value as string | null) ?? undefined}
      disabled={props.disabled}
      status={status(props.invalid)}
      onChange={(way: string | undefined) => props.onChange(way ?? null)}
    />
  );
}
