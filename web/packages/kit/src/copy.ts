import { App } from "antd";
import { copied } from "./copied";
import { useSpeech } from "./locale";

/** Seconds for which a text that somebody copies by hand is shown. */
export const BY_HAND = 30;

/** What copies a text and says so; where nothing can be copied, the text is shown to be copied by hand. */
export function useCopy(): (text: string, said?: string) => void {
  const { message } = App.useApp();
  const { t } = useSpeech();
  return (text, said = t("copied")) => void copied(text).then((done) => (done ? message.success(said) : message.info(t("copyByHand", { what: text }), BY_HAND)));
}
