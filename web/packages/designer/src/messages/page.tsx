import type { Text } from "@lowcode/protocol";
import { Designed } from "../opened";
import type { RulePalette } from "../rules/about";
import { MessageDesk } from "./desk";
import { MessagesList } from "./list";

export interface MessagePalette extends RulePalette {
  /** The groups that templates are in. */
  groups: Text[];
}

/** The designer of one message template, or the templates there are. */
export default function MessageDesignerPage({ name }: { name?: string }) {
  const begin = () => ({ subject: "", text: "" });
  return <Designed<MessagePalette> name={name} place="messages" type="message" palette="rules.message_palette" words={{ list: "designMessages", gone: "messageGone" }} list={<MessagesList />} begin={begin} desk={(begun) => <MessageDesk {...begun} />} />;
}
