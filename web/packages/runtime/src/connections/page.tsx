import { go, link, Nothing, Strip, usePlace, useSpeech } from "@lowcode/kit";
import { useRuntime } from "../runtime";
import { Inward } from "./inward";
import { Outward } from "./outward";
import { Received } from "./received";
import { Sent } from "./sent";
import { Ways } from "./ways";

const PARTS = ["out", "sent", "in", "received", "people"] as const;
const TITLES = { out: "connectionsOut", sent: "connectionsSent", in: "connectionsIn", received: "connectionsReceived", people: "connectionsPeople" } as const;

/** What the app is connected with: programs it calls, what went there, ways in, and what came by them. */
export default function ConnectionsPage() {
  const { session } = useRuntime();
  const { t } = useSpeech();
  const place = usePlace();
  if (session.actor.administrator !== true) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const part = PARTS.find((each) => each === place.path[1]) ?? "out";
  const of = place.query.get("of") ?? undefined;
  const state = place.query.get("state") ?? undefined;
  const bodies = { out: <Outward />, sent: <Sent of={of} state={state} />, in: <Inward />, received: <Received of={of} state={state} />, people: <Ways /> };
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("connections")}</h1>
        </div>
      </header>
      <Strip label={t("connections")} leaves={PARTS.map((key) => ({ key, label: t(TITLES[key]), children: bodies[key] }))} at={part} onTurn={(key) => go(link(["connections", key]))} />
    </div>
  );
}
