import { useEffect, useRef, useState } from "react";

/** What a search answers, asked while somebody types; only the last question counts. */
export function useLookup<Item>(ask: (search: string, signal: AbortSignal) => Promise<Item[]>) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [items, setItems] = useState<Item[]>([]);
  const [loading, setLoading] = useState(false);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (!open) return;
    const control = new AbortController();
    setLoading(true);
    const timer = setTimeout(
      () => {
        latest.current(search, control.signal).then(
          (found) => {
            setItems(found);
            setLoading(false);
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
  return { open, setOpen, search, setSearch, items, loading };
}
