import { useEffect, useRef, useState, type KeyboardEvent } from "react";

/** What a search answers, asked while somebody types; only the last question counts. Enter before the answer is there
 * takes the first of it when it comes (`take`), and not what an earlier question found. */
export function useLookup<Item>(ask: (search: string, signal: AbortSignal) => Promise<Item[]>, take: (first: Item) => void) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [items, setItems] = useState<Item[]>([]);
  const [loading, setLoading] = useState(false);
  const latest = useRef(ask);
  latest.current = ask;
  const taking = useRef(take);
  taking.current = take;
  const early = useRef(false);
  useEffect(() => {
    early.current = false; // who types on, or closes the list, asks for something else
    if (!open) return;
    const control = new AbortController();
    setLoading(true);
    const timer = setTimeout(
      () => {
        latest.current(search, control.signal).then(
          (found) => {
            setItems(found);
            setLoading(false);
            if (early.current && found.length > 0) taking.current(found[0]!);
            early.current = false;
          },
          () => {
            if (control.signal.aborted) return;
            setItems([]);
            setLoading(false);
          },
        );
      },
      search === "" ? 0 : 220,
    );
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [open, search]);
  const onKeyDownCapture = (event: KeyboardEvent) => {
    const elsewhere = (event.target as Element).getAttribute("role") !== "combobox"; // a button below the list, say
    if (elsewhere || event.key !== "Enter" || !open || !loading || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    early.current = true;
  };
  return { open, setOpen, search, setSearch, items, loading, onKeyDownCapture };
}
