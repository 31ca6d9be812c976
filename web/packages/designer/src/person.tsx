import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";

interface Known {
  login: string;
  label: string;
  title?: string | null;
  department?: string | null;
}

interface Props {
  label: string;
  /** Their login; blank for nobody yet. */
  value: string;
  /** What whoever is chosen is called, where that is known. */
  called?: string;
  placeholder?: string;
  change: (login: string) => void;
}

/** One person by name, as their document says it by login: everybody there is, found by name, pinyin or login. */
export function PersonChoice({ label, value, called, placeholder, change }: Props) {
  const { client } = useRuntime();
  const [search, setSearch] = useState("");
  const found = useQuery({ queryKey: ["people", search], queryFn: () => client.run<{ items: Known[] }>("identity.people", { search: search || undefined, limit: 30 }), placeholderData: (before) => before });
  const options = (found.data?.items ?? []).map((each) => ({ value: each.login, label: [each.label, each.title, each.department].filter(Boolean).join(" · ") }));
  const all = value === "" || search !== "" || options.some((each) => each.value === value) ? options : [{ value, label: called ?? value }, ...options];
  return (
    <Select
      aria-label={label} placeholder={placeholder} showSearch={{ filterOption: false, onSearch: setSearch }} loading={found.isPending} options={all}
      value={value || null} labelRender={({ label: shown }) => shown ?? called ?? value} onChange={(login: string | null) => login !== null && (setSearch(""), change(login))}
    />
  );
}
