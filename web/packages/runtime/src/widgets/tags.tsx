import type { Field } from "@lowcode/protocol";
import { Choices } from "./multi_select";
import type { ShowProps, Widget } from "./widget";

/** Every tag of a field, of its dimensions too. */
export const tagsOf = (field: Field) => [
  ...(field.options ?? []),
  ...(field.dimensions ?? []).flatMap((group) => group.options.map((each) => ({ ...each, color: each.color ?? group.color }))),
];

const TagsShow = (props: ShowProps) => <Choices {...props} field={{ ...props.field, options: tagsOf(props.field) }} />;

export const tags: Widget = { Show: TagsShow, width: 180, least: 110 };
