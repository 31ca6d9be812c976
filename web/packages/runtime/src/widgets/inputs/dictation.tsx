import { AudioOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";

interface Heard {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

/** What a browser hears (Web Speech), as far as it is asked here. */
interface Listener {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((heard: Heard) => void) | null;
  onerror: ((wrong: { error: string }) => void) | null;
  onend: (() => void) | null;
  start: () => void;
  abort: () => void;
  stop: () => void;
}

/** The browser's own recognition of speech, where it has one. */
const recognition = (): (new () => Listener) | undefined => {
  const page = window as { SpeechRecognition?: new () => Listener; webkitSpeechRecognition?: new () => Listener };
  return page.SpeechRecognition ?? page.webkitSpeechRecognition;
};

export const dictated = (): boolean => recognition() !== undefined;

/** What was said behind what stands there; between words of Latin letters with a space. */
export function joined(before: string, said: string): string {
  const more = said.trim();
  const apart = /[^\s\u2e80-\uffff]$/.test(before) && /^[^\s\p{P}\u2e80-\uffff]/u.test(more);
  return before + (apart ? " " : "") + more;
}

/** What went wrong, in words; nothing for what is no fault. */
const FAULTS = { "not-allowed": "dictateDenied", "service-not-allowed": "dictateDenied", "audio-capture": "dictateNoSound", network: "dictateOffline", "language-not-supported": "dictateLanguage" } as const;

/** Speak instead of typing: listens until it is pressed again or nothing more is said. `put` gets each sentence. */
export function Dictation({ put, label }: { put: (said: string) => void; label?: string }) {
  const { t, locale } = useSpeech();
  const listening = useRef<Listener | null>(null);
  const [heard, setHeard] = useState<string | null>(null);
  const [fault, setFault] = useState<keyof typeof FAULTS | null>(null);
  const tell = useRef(put);
  tell.current = put;
  useEffect(() => () => listening.current?.abort(), []);
  const begin = () => {
    const Own = recognition();
    if (!Own) return;
    const by = new Own();
    [by.lang, by.continuous, by.interimResults] = [locale, true, true];
    by.onresult = ({ resultIndex, results }) => {
      let going = "";
      for (let at = resultIndex; at < results.length; at++) {
        const said = results[at]![0]!.transcript;
        if (results[at]!.isFinal) tell.current(said);
        else going += said;
      }
      setHeard(going);
    };
    by.onerror = ({ error }) => setFault(error in FAULTS ? (error as keyof typeof FAULTS) : null);
    by.onend = () => {
      listening.current = null;
      setHeard(null);
    };
    listening.current = by;
    setFault(null);
    setHeard("");
    by.start();
  };
  const words = t(heard === null ? "dictate" : "dictateStop");
  return (
    <div className="lc-dictation">
      <Button type={heard === null ? "text" : "primary"} icon={<AudioOutlined />} aria-pressed={heard !== null} aria-label={label ? `${label}: ${words}` : words} title={words} onClick={() => (heard === null ? begin() : listening.current?.stop())} />
      {heard !== null && <span className="lc-quiet" role="status">{heard || t("dictating")}</span>}
      {fault && <span className="lc-problem" role="alert">{t(FAULTS[fault])}</span>}
    </div>
  );
}
