import { go, link, Nothing, Strip, usePlace, useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { useRuntime } from "../runtime";
import { Incidents } from "./incidents";
import { Messages } from "./messages";
import { Migration } from "./migration";
import { Overview } from "./overview";

const PARTS = ["all", "incidents", "messages", "migration"] as const;
const TITLES = { all: "flowsAll", incidents: "incidents", messages: "flowMessages", migration: "migration" } as const;

/** Every flow: what begins it and how many run; what is stuck, and the way out; messages that are kept; instances carried to a new version. */
export default function FlowsPage() {
  const { app, session } = useRuntime();
  const { t } = useSpeech();
  const place = usePlace();
  const part = PARTS.find((each) => each === place.path[1]) ?? "all";
  if (!app.pages?.flows) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const bodies = { all: <Overview />, incidents: <Incidents />, messages: <Messages />, migration: <Migration flow={place.query.get("flow") ?? undefined} /> };
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("flows")}</h1>
          <span className="lc-grow" />
          {session.actor.administrator && <Button type="primary" href={link(["flows", "design"])}>{t("flowNew")}</Button>}
        </div>
      </header>
      <Strip label={t("flows")} leaves={PARTS.map((key) => ({ key, label: t(TITLES[key]), children: bodies[key] }))} at={part} onTurn={(key) => go(link(["flows", key]))} />
    </div>
  );
}
