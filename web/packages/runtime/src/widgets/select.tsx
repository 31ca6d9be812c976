import { Badge, useSpeech } from "@lowcode/kit";
import type { Option } from "@lowcode/protocol";
import type { ShowProps, Widget } from "./widget";

export function Choice({ name, options }: { name: string; options: Option[] | undefined }) {
  const { w } = useSpeech();
  const option = options?.find((each) => each.name === name);
  const words = option ? w(option.title) || name : name;
  return option?.color ? <Badge color={option.color}>{words}</Badge> : <>{words}</>;
}

const ChoiceShow = ({ field, value }: ShowProps) => <Choice name={String(value)} options={field.options} />;

export const select: Widget = { Show: ChoiceShow, width: 104, least: 72 };
