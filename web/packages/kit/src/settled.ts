import { useEffect, useRef, useState } from "react";

/**
 * What somebody types, once it is worth asking about: at once where nothing was typed for a while (something pasted, a
 * word that an input method hands over, the first key), and from then on when the hand rests for `wait` milliseconds.
 * While `held`, as long as an input method is composing, what was settled stays: its letters are not the word yet.
 */
export function useSettled(text: string, wait: number, held = false): string {
  const [settled, setSettled] = useState(text);
  const typed = useRef(-Infinity);
  useEffect(() => {
    if (held || text === settled) return;
    const now = performance.now();
    const rested = now - typed.current >= wait;
    typed.current = now;
    if (rested) {
      setSettled(text);
      return;
    }
    const timer = setTimeout(() => setSettled(text), wait);
    return () => clearTimeout(timer);
  }, [text, wait, held]);
  return settled;
}

/** Whether an input method is composing a word in a field, and what the field has to tell for it. */
export function useComposing() {
  const [composing, setComposing] = useState(false);
  return [composing, { onCompositionStart: () => setComposing(true), onCompositionEnd: () => setComposing(false) }] as const;
}
