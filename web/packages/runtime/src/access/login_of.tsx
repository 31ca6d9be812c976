import { useSpeech } from "@lowcode/kit";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

/** Somebody by login: a manager, the head of a department. */
export function LoginOf({ label, value, change, but }: { label: string; value: string | null; change: (login: string | null) => void; but?: string }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [search, setSearch] = useState("");
  const found = useQuery({ queryKey: ["people", "logins", search], queryFn: () => client.run<{ items: { login: string; label: string }[] }>("identity.people", { search: search || undefined, limit: 30 }), placeholderData: (before) => before });
  const options = found.data?.items.filter((each) => each.login !== but).map((each) => ({ value: each.login, label: `${each.label} (${each.login})` })) ?? [];
  return <Select allowClear aria-label={label} showSearch={{ filterOption: false, onSearch: setSearch }} value={value ?? undefined} placeholder={t("choosePerson")} options={options} onChange={(login: string | undefined) => change(login ?? null)} />;
}
