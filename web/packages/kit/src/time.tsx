import { ago, instant } from "./format";
import { useSpeech } from "./locale";

/** When something was, as people say it; the exact instant on pointing. */
export function When({ at }: { at: string }) {
  const { chinese } = useSpeech();
  return (
    <time dateTime={at} title={instant(at, true)} className="lc-when">
      {ago(at, chinese)}
    </time>
  );
}
