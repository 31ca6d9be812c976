import { go, link, useNarrow, usePlace, useSpeech } from "@lowcode/kit";
import { Tabs } from "antd";
import { Strip } from "../detail/strip";
import { useRuntime } from "../runtime";
import { Factors } from "./factors";
import { Keys } from "./keys";
import { FollowedOrganisations } from "./organisation";
import { Refusals } from "./refusals";

const PARTS = ["keys", "refusals", "factors", "organisation"] as const;
const TITLES = { keys: "apiKeys", refusals: "refusals", factors: "factors", organisation: "organisation" } as const;

/** Who gets in: keys of programs, what was refused, who shows a second factor, and the organisation people come from. */
export default function AccessPage() {
  const { session } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const place = usePlace();
  const parts = session.actor.administrator ? PARTS : (["keys"] as const);
  const part = parts.find((each) => each === place.path[1]) ?? "keys";
  const leaves = parts.map((key) => ({ key, label: t(TITLES[key]), children: null }));
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("access")}</h1>
        </div>
        {leaves.length < 2 ? null : narrow ? (
          <Strip leaves={leaves} at={part} onTurn={(key) => go(link(["access", key]))} />
        ) : (
          <Tabs className="lc-views" activeKey={part} onChange={(key) => go(link(["access", key]))} items={leaves.map(({ key, label }) => ({ key, label }))} />
        )}
      </header>
      {part === "keys" && <Keys />}
      {part === "refusals" && <Refusals />}
      {part === "factors" && <Factors />}
      {part === "organisation" && <FollowedOrganisations />}
    </div>
  );
}
