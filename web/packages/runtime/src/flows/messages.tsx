import { Badge, Failure, instant, link, Nothing, Sketch, useSpeech, When, type TextKey } from "@lowcode/kit";
import type { KeptMessage, MessageState } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

const STATES: Record<MessageState, TextKey> = { waiting: "messagesWaiting", received: "messagesReceived", expired: "messagesExpired" };
const COLORS: Record<MessageState, "blue" | "green" | "orange"> = { waiting: "blue", received: "green", expired: "orange" };

interface Page {
  items: KeptMessage[];
  next: string | null;
  counts: Record<MessageState, number>;
}

/** Messages that came before anybody waited for them: which still wait, which were taken, and which nobody took in time. */
export function Messages() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [state, show] = useState<MessageState>("waiting");
  const query = useInfiniteQuery({
    queryKey: ["flows", "messages", state],
    queryFn: ({ pageParam }) => client.run<Page>("flows.messages", { state, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  const counts = query.data?.pages[0]?.counts;
  const items = query.data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <div className="lc-rules">
      <p className="lc-quiet">{t("messagesHint")}</p>
      <Segmented aria-label={t("flowMessages")} value={state} onChange={show} options={Object.entries(STATES).map(([value, title]) => ({ value: value as MessageState, label: counts ? `${t(title)} ${counts[value as MessageState]}` : t(title) }))} />
      {!query.data ? <Sketch rows={4} /> : items.length === 0 ? <Nothing title={t("messagesNone")} /> : (
        <ul className="lc-sheet lc-runs">
          {items.map((each) => <Line key={each.id} kept={each} />)}
        </ul>
      )}
      {query.hasNextPage && <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("more")}</Button>}
    </div>
  );
}

function Line({ kept }: { kept: KeptMessage }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { record } = kept;
  return (
    <li className="lc-run">
      <div className="lc-rule-head">
        <strong>{w(kept.flow.title)} · {w(kept.title)}</strong>
        <Badge color={COLORS[kept.state]}>{t(STATES[kept.state])}</Badge>
        <span className="lc-grow" />
        {app.forms[record.form] && <a href={link(["records", record.form, record.id])}>{t("openRecord")}</a>}
      </div>
      <div className="lc-rule-foot">
        <span>{record.label}</span>
        <span>{kept.sender?.label ?? t("application")} <When at={kept.sent_at} /></span>
        {kept.received_at ? <span>{t("messageReceivedAt", { at: instant(kept.received_at) })}</span> : <span>{t(kept.state === "expired" ? "messageExpiredAt" : "messageKeptUntil", { at: instant(kept.expires_at) })}</span>}
      </div>
    </li>
  );
}
