import { Badge, brief, Failure, go, instant, link, Nothing, Sketch, useSpeech, type TextKey } from "@lowcode/kit";
import type { ReceivedRequest } from "@lowcode/protocol";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Select } from "antd";
import { useRuntime } from "../runtime";
import { useConnections } from "./known";

const STATES = ["accepted", "refused", "flagged"] as const;
const COLORS = { accepted: "green", refused: "red", flagged: "orange" } as const;
const PAGE = 50;

/** What came in, the newest first: what became of it, what was wrong, and once more after a mapping was corrected. */
export function Received({ of, state }: { of?: string; state?: string }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const known = useConnections();
  const asked = { ...(of ? { intake: of } : {}), ...(state ? { state } : {}) };
  const found = useInfiniteQuery({
    queryKey: ["requests", asked],
    queryFn: ({ pageParam }) => client.run<{ items: ReceivedRequest[]; next: number | null }>("api.requests", { ...asked, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const intakes = new Map(known.data?.intakes.map((each) => [each.name, each]));
  const items = found.data?.pages.flatMap((each) => each.items) ?? [];
  const turn = (next: { of?: string; state?: string }) => go(link(["connections", "received"], { of, state, ...next }));
  return (
    <section className="lc-panel lc-access" aria-label={t("connectionsReceived")}>
      <div className="lc-refusals-filter">
        <Select allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t("intakeAll")} placeholder={t("intakeAll")} value={of} onChange={(next?: string) => turn({ of: next })} options={known.data?.intakes.map((each) => ({ value: each.name, label: each.title }))} />
        <Select allowClear aria-label={t("connectionEveryState")} placeholder={t("connectionEveryState")} value={state} onChange={(next?: string) => turn({ state: next })} options={STATES.map((value) => ({ value, label: t(`requestState_${value}`) }))} />
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={6} />
      ) : items.length === 0 ? (
        <Nothing small title={t("requestsNone")} />
      ) : (
        <ul className="lc-keys lc-connection-log">
          {items.map((each) => <One key={each.id} request={each} title={intakes.get(each.intake)?.title ?? each.intake} form={intakes.get(each.intake)?.form} />)}
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

function One({ request, title, form }: { request: ReceivedRequest; title: string; form?: string }) {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const { state, record, outcome } = request;
  const again = async () => {
    try {
      const came = await client.run<ReceivedRequest>("api.replay", { id: request.id });
      if (came.state === "refused") void message.error([t("requestAgainBad"), ...came.problems.map((each) => each.detail)].join(" "), 6);
      else void message.success(t("requestAgainGood"));
      await Promise.all([queries.invalidateQueries({ queryKey: ["requests"] }), queries.invalidateQueries({ queryKey: ["connections"] })]);
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const facts = [instant(request.at, true), request.address, outcome && t(`requestOutcome_${outcome}` as TextKey), request.replays > 0 && t("requestReplays", { count: request.replays })].filter(Boolean);
  return (
    <li>
      <div>
        <strong>{title}</strong> <Badge color={COLORS[state]}>{t(`requestState_${state}`)}</Badge> {form && record !== null && <a href={link(["records", form, record])}>{w(app.forms[form]?.title) || form} #{record}</a>}
        <div className="lc-quiet">{facts.join(" · ")}</div>
        {request.problems.map((each, at) => (
          <div key={at} className="lc-log-bad">{each.pointer && <code>{each.pointer}</code>} {each.detail}</div>
        ))}
      </div>
      {state !== "accepted" && (
        <div className="lc-keys-do">
          <Button size="small" type="primary" onClick={() => void again()}>{t("requestAgain")}</Button>
        </div>
      )}
    </li>
  );
}
