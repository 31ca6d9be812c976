import { Failure, instant, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { RefusalPage } from "@lowcode/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Input, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useRuntime } from "../runtime";

const REASONS = {
  "identity.wrong-password": "refused_password",
  "identity.wrong-code": "refused_code",
  "identity.too-many-attempts": "refused_often",
  "api.too-many": "refused_often",
  "ask.not-allowed": "refused_operation",
  "ask.beyond-key": "refused_beyond",
  "api.bad-key": "refused_key",
  "http.bad-key": "refused_key",
  "http.cross-site": "refused_site",
  "http.csrf": "refused_page",
} as const;

/** What was refused at the door, the newest first, with a filter. */
export function Refusals() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [code, setCode] = useState<string | undefined>(undefined);
  const [login, setLogin] = useState<string | undefined>(undefined);
  const [address, setAddress] = useState("");
  const [since, setSince] = useState<Dayjs | null>(null);
  const people = useQuery({ queryKey: ["keys", "logins"], queryFn: () => client.run<{ items: { login: string; label: string }[] }>("identity.people", { limit: 500 }) });
  const asked = { ...(code ? { code } : {}), ...(login ? { login } : {}), ...(address.trim() ? { address: address.trim() } : {}), ...(since ? { since: since.startOf("day").toISOString() } : {}) };
  const found = useInfiniteQuery({
    queryKey: ["refusals", asked],
    queryFn: ({ pageParam }) => client.run<RefusalPage>("identity.refusals", { ...asked, ...(pageParam ? { before: pageParam } : {}) }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const reason = (said: string) => {
    const known = said.startsWith("sign-in.") || said.startsWith("api.not-meant") || said === "api.directory-away" ? "refused_service" : REASONS[said as keyof typeof REASONS];
    return known ? `${t(known)} (${said})` : said;
  };
  const first = found.data?.pages[0];
  const items = found.data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <section className="lc-panel lc-access" aria-label={t("refusals")}>
      <p className="lc-quiet">{t("refusalsHint", { days: first?.kept_days ?? "" })}</p>
      <div className="lc-refusals-filter">
        <Select allowClear showSearch aria-label={t("refusalCode")} placeholder={t("refusalCode")} value={code} onChange={setCode} options={first?.codes.map((each) => ({ value: each.code, label: `${reason(each.code)} · ${each.count}` }))} />
        <Select allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t("refusalPerson")} placeholder={t("refusalPerson")} value={login} onChange={setLogin} options={people.data?.items.map((each) => ({ value: each.login, label: each.label }))} />
        <Input allowClear aria-label={t("refusalAddress")} placeholder={t("refusalAddress")} onPressEnter={(event) => setAddress(event.currentTarget.value)} onBlur={(event) => setAddress(event.currentTarget.value)} onClear={() => setAddress("")} />
        <DatePicker aria-label={t("refusalSince")} placeholder={t("refusalSince")} value={since} onChange={setSince} inputReadOnly />
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : items.length === 0 ? (
        <Nothing small title={t("refusalsNone")} />
      ) : (
        <ul className="lc-log">
          {items.map((each) => (
            <li key={each.id}>
              <span className="lc-log-bad">{each.status}</span>
              <span>
                <strong>{each.user ? each.user.label : t("refusalNobody")}</strong> {reason(each.code)}
                <div>
                  <code>{each.what}</code>
                </div>
              </span>
              <span className="lc-quiet">
                {[instant(each.at, true), each.address, each.key && `${each.key}…`, each.more > 0 && t("refusalMore", { count: each.more })].filter(Boolean).join(" · ")}
              </span>
            </li>
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </section>
  );
}
