import { go, link, Nothing, Strip, usePlace, useSpeech } from "@lowcode/kit";
import { useRuntime } from "../runtime";
import { Library } from "./library";
import { Log } from "./log";
import { Models } from "./models";
import { Published } from "./published";
import { Rules } from "./rules";
import { Trial } from "./trial";
import { Waiting } from "./waiting";

const PARTS = ["rules", "log", "waiting", "backtest", "library", "models", "published"] as const;
const TITLES = { rules: "rulesAll", log: "runLog", waiting: "onTheWay", backtest: "backtest", library: "library", models: "models", published: "publishedParts" } as const;

/** What rules there are, what they did and why, what they would have done, and which more there could be. */
export default function AutomationPage() {
  const { app } = useRuntime();
  const { t } = useSpeech();
  const place = usePlace();
  const part = PARTS.find((each) => each === place.path[1]) ?? "rules";
  if (!app.pages?.automation) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const rule = place.query.get("rule") ?? undefined;
  const bodies = { rules: <Rules key={rule ?? ""} rule={rule ?? ""} />, log: <Log rule={rule} />, waiting: <Waiting />, backtest: <Trial rule={rule} />, library: <Library />, models: <Models />, published: <Published /> };
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("automation")}</h1>
        </div>
      </header>
      <Strip label={t("automation")} leaves={PARTS.map((key) => ({ key, label: t(TITLES[key]), children: bodies[key] }))} at={part} onTurn={(key) => go(link(["automation", key]))} />
    </div>
  );
}
