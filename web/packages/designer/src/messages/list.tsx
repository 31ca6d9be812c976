import { useSpeech } from "@lowcode/kit";
import type { NamedBy, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Users } from "@lowcode/runtime/connections/known";
import { useQuery } from "@tanstack/react-query";
import { Begin } from "../begin";
import { Listed } from "../listed";

interface MessageLine {
  message: string;
  title: Text;
  form: string;
  group: Text;
  variants: number;
  used_by: NamedBy[];
}

/** The message templates of the app: what each is about, what sends it, and a new one. */
export function MessagesList() {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const found = useQuery({ queryKey: ["messages"], queryFn: () => client.run<{ items: MessageLine[] }>("rules.message_templates", {}), staleTime: 0 });
  const describe = (each: MessageLine) => (
    <>
      {[w(app.forms[each.form]?.title) || each.form, w(each.group), each.variants > 0 ? t("messageVariants", { count: each.variants }) : ""].filter(Boolean).join(" · ")} · {each.used_by.length === 0 ? t("messageByHand") : <>{t("messageUsedBy")} <Users users={each.used_by} /></>}
    </>
  );
  const words = { title: t("designMessages"), hint: t("designMessagesHint"), none: t("messagesNoneYet"), begin: t("messageNew") };
  const asked = { what: t("messageNew"), title: t("messageTitle"), taken: t("messageTaken") };
  return <Listed place="messages" words={words} found={found} nameOf={(each) => each.message} describe={describe} beginning={(taken, close) => <Begin place="messages" words={asked} taken={taken} close={close} />} />;
}
