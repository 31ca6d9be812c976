import { Badge, brief, Failure, go, instant, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { Delivery } from "@lowcode/protocol";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { useConnections } from "./known";

const STATES = ["waiting", "delivered", "dead"] as const;
const COLORS = { waiting: "orange", delivered: "green", dead: "red" } as const;
const PAGE = 50;

/** What went out, the newest first: what became of it, what to do, and once more. */
export function Sent({ of, state }: { of?: string; state?: string }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const known = useConnections();
  const asked = { ...(of ? { target: of } : {}), ...(state ? { state } : {}) };
  const found = useInfiniteQuery({
    queryKey: ["deliveries", asked],
    queryFn: ({ pageParam }) => client.run<{ items: Delivery[]; next: number | null }>("api.deliveries", { ...asked, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const titles = new Map(known.data?.connectors.map((each) => [each.name, each.title]));
  const items = found.data?.pages.flatMap((each) => each.items) ?? [];
  const turn = (next: { of?: string; state?: string }) => go(link(["connections", "sent"], { of, state, ...next }));
  return (
    <section className="lc-panel lc-access" aria-label={t("connectionsSent")}>
      <div className="lc-refusals-filter">
        <Select allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t("connectionAll")} placeholder={t("connectionAll")} value={of} onChange={(next?: string) => turn({ of: next })} options={known.data?.connectors.map((each) => ({ value: each.name, label: each.title }))} />
        <Select allowClear aria-label={t("connectionEveryState")} placeholder={t("connectionEveryState")} value={state} onChange={(next?: string) => turn({ state: next })} options={STATES.map((value) => ({ value, label: t(`deliveryState_${value}`) }))} />
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={6} />
      ) : items.length === 0 ? (
        <Nothing small title={t("deliveriesNone")} />
      ) : (
        <ul className="lc-keys lc-connection-log">
          {items.map((each) => <One key={each.id} delivery={each} title={titles.get(each.target) ?? each.target} />)}
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

function One({ delivery, title }: { delivery: Delivery; title: string }) {
  const { client, app } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const [whole, setWhole] = useState<Delivery | null>(null);
  const { state, form, record } = delivery;
  const doing = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const again = () =>
    doing(async () => {
      await client.run("api.redeliver", { id: delivery.id });
      void message.success(t("deliveryAgainDone"));
      await Promise.all([queries.invalidateQueries({ queryKey: ["deliveries"] }), queries.invalidateQueries({ queryKey: ["connections"] })]);
    });
  const read = () =>
    modal.confirm({
      title: t("deliveryRead"), content: t("deliveryReadAsk"), okText: t("deliveryRead"), cancelText: t("cancel"),
      onOk: () => doing(async () => setWhole(await client.run<Delivery>("api.delivery", { id: delivery.id }))),
    });
  const facts = [
    instant(delivery.created_at, true),
    delivery.attempts > 0 && t("deliveryAttempts", { count: delivery.attempts }),
    delivery.status !== null && t("connectionCameStatus", { status: delivery.status }),
    state === "waiting" && delivery.next_at !== null && t("deliveryNext", { at: instant(delivery.next_at, true) }),
  ].filter(Boolean);
  return (
    <li>
      <div>
        <strong>{title}</strong> <Badge color={COLORS[state]}>{t(`deliveryState_${state}`)}</Badge>{" "}
        {form && record !== null && <a href={link(["records", form, record])}>{w(app.forms[form]?.title) || form} #{record}</a>}
        <div className="lc-quiet">{facts.join(" · ")}</div>
        {delivery.error && <div className={state === "dead" ? "lc-log-bad" : undefined}>{[delivery.error, delivery.hint].filter(Boolean).join(" ")}</div>}
        {whole && (
          <>
            <h3>{t("deliveryBody")}</h3>
            <pre className="lc-connection-answer" tabIndex={0}>{pretty(whole.body)}</pre>
            {whole.answer && (
              <>
                <h3>{t("deliveryAnswer")}</h3>
                <pre className="lc-connection-answer" tabIndex={0}>{whole.answer}</pre>
              </>
            )}
          </>
        )}
      </div>
      <div className="lc-keys-do">
        {!whole && <Button size="small" onClick={read}>{t("deliveryRead")}</Button>}
        {state !== "delivered" && <Button size="small" type={state === "dead" ? "primary" : "default"} onClick={() => void again()}>{t("deliveryAgain")}</Button>}
      </div>
    </li>
  );
}

/** JSON as it is read. */
function pretty(text: string | null): string {
  try {
    return JSON.stringify(JSON.parse(text ?? ""), null, 2);
  } catch {
    return text ?? "";
  }
}
