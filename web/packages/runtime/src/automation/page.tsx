import { go, link, Nothing, useNarrow, usePlace, useSpeech } from "@lowcode/kit";
import { Tabs } from "antd";
import { Strip } from "../detail/strip";
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
  const narrow = useNarrow();
  const place = usePlace();
  const part = PARTS.find((each) => each === place.path[1]) ?? "rules";
  if (!app.pages?.automation) return <Nothing title={t("forbidden")} hint={t("forbiddenHint")} />;
  const leaves = PARTS.map((key) => ({ key, label: t(TITLES[key]), children: null }));
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("automation")}</h1>
        </div>
        {narrow ? (
          <Strip leaves={leaves} at={part} onTurn={(key) => go(link(["automation", key]))} />
        ) : (
          <Tabs className="lc-views" activeKey={part} onChange={(key) => go(link(["automation", key]))} items={leaves.map(({ key, label }) => ({ key, label }))} />
        )}
      </header>
      {part === "rules" && <Rules />}
      {part === "log" && <Log rule={place.query.get("rule") ?? undefined} />}
      {part === "waiting" && <Waiting />}
      {part === "backtest" && <Trial rule={place.query.get("rule") ?? undefined} />}
      {part === "library" && <Library />}
      {part === "models" && <Models />}
      {part === "published" && <Published />}
    </div>
  );
}
