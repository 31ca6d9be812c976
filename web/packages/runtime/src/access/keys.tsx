import { Badge, brief, Failure, instant, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { AccessKey } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { NewKey } from "./new_key";
import { Uses } from "./uses";

type State = "good" | "revoked" | "expired";
const COLORS: Record<State, string> = { good: "green", revoked: "red", expired: "gray" };

/** The keys of programs: one's own; an administrator sees all. */
export function Keys() {
  const { client, session, now } = useRuntime();
  const { message, modal } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const narrow = useNarrow();
  const [making, setMaking] = useState(false);
  const [used, setUsed] = useState<AccessKey | null>(null);
  const found = useQuery({ queryKey: ["keys"], queryFn: () => client.run<{ items: AccessKey[] }>("api.list_keys") });
  const people = useQuery({
    queryKey: ["keys", "people"],
    queryFn: () => client.run<{ items: { id: number; label: string }[] }>("identity.people", { inactive: true, limit: 500 }),
    enabled: session.actor.administrator,
  });
  const names = new Map(people.data?.items.map((each) => [each.id, each.label]));
  const stateOf = (key: AccessKey): State => (key.revoked_at ? "revoked" : key.expires_at && new Date(key.expires_at) <= now() ? "expired" : "good");
  const revoke = (key: AccessKey) =>
    modal.confirm({
      title: t("apiKeyRevoke"),
      content: t("apiKeyRevokeAsk", { name: key.name }),
      okText: t("apiKeyRevoke"),
      okButtonProps: { danger: true },
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          await client.run("api.revoke_key", { id: key.id });
          void message.success(t("apiKeyRevoked"));
          await found.refetch();
        } catch (error) {
          void message.error(brief(error, speech), 6);
        }
      },
    });
  const items = [...(found.data?.items ?? [])].reverse();
  const facts = (key: AccessKey) => [
    key.scopes.includes("*") ? t("apiKeyEverything") : key.scopes.join(" · "),
    ...(key.rows || key.fields ? [t("apiKeyNarrowed")] : []),
    ...(session.actor.administrator ? [t("apiKeyActsAs", { name: names.get(key.user) ?? String(key.user) })] : []),
    key.expires_at ? t("apiKeyUntil", { at: instant(key.expires_at) }) : t("apiKeyNoEnd"),
    t("apiKeyRate", { count: key.rate }),
  ];
  return (
    <section className="lc-panel lc-access" aria-label={t("apiKeys")}>
      <div className="lc-access-head">
        <p className="lc-quiet">{t("apiKeysHint")}</p>
        <Button type="primary" onClick={() => setMaking(true)}>
          {t("apiKeyNew")}
        </Button>
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : items.length === 0 ? (
        <Nothing small title={t("apiKeysNone")} />
      ) : (
        <ul className={narrow ? "lc-keys lc-keys-narrow" : "lc-keys"}>
          {items.map((key) => {
            const state = stateOf(key);
            return (
              <li key={key.id}>
                <div>
                  <strong>{key.name}</strong> <code>{key.prefix}…</code> <Badge color={COLORS[state]}>{t(`apiKeyState_${state}`)}</Badge>
                  <div className="lc-quiet">{facts(key).join(" · ")}</div>
                  <div className="lc-quiet">{key.last_used_at ? t("apiKeyLast", { at: instant(key.last_used_at), address: key.last_address ?? "" }) : t("apiKeyNeverUsed")}</div>
                </div>
                <div className="lc-keys-do">
                  <Button size="small" onClick={() => setUsed(key)}>
                    {t("apiKeyUses")}
                  </Button>
                  {state === "good" && (
                    <Button size="small" danger onClick={() => revoke(key)}>
                      {t("apiKeyRevoke")}
                    </Button>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {making && <NewKey close={() => setMaking(false)} made={() => void found.refetch()} />}
      {used && <Uses of={used} close={() => setUsed(null)} />}
    </section>
  );
}
