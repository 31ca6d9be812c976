import { useSpeech } from "@lowcode/kit";
import type { Option } from "@lowcode/protocol";
import { Cascader } from "antd";
import { PlainText, TextInput } from "./text";
import { status, type InputProps, type Widget } from "./widget";

interface Node {
  value: string;
  label: string;
  children?: Node[];
}

/** Levels of a place, joined by a stroke; without a given tree a text. */
function RegionInput(props: InputProps) {
  const { w, t } = useSpeech();
  const { value, onChange, id, label, disabled, invalid, field } = props;
  if (!field.options?.length) return <TextInput {...props} />;
  const node = (option: Option): Node => ({ value: option.name, label: w(option.title), children: option.children?.map(node) });
  return (
    <Cascader<Node>
      id={id}
      aria-label={label}
      className="lc-fill"
      options={field.options.map(node)}
      changeOnSelect
      showSearch
      placeholder={t("choose")}
      value={value ? String(value).split("/") : undefined}
      disabled={disabled}
      status={status(invalid)}
      onChange={(path) => onChange(path?.length ? path.join("/") : null)}
    />
  );
}

export const region: Widget = { Input: RegionInput, Show: PlainText, width: 100 };
