import { go, link, Strip, usePlace, useSpeech } from "@lowcode/kit";
import { useRuntime } from "../runtime";
import { Departments } from "./departments";
import { Factors } from "./factors";
import { Keys } from "./keys";
import { People } from "./people";
import { FollowedOrganisations } from "./organisation";
import { Refusals } from "./refusals";

const PARTS = ["people", "departments", "keys", "refusals", "factors", "organisation"] as const;
const TITLES = { people: "peoplePart", departments: "departmentsHere", keys: "apiKeys", refusals: "refusals", factors: "factors", organisation: "organisation" } as const;

/** Who gets in: people, keys of programs, what was refused, who shows a second factor, and the organisation people come from. */
export default function AccessPage() {
  const { session } = useRuntime();
  const { t } = useSpeech();
  const place = usePlace();
  const parts = session.actor.administrator ? PARTS : (["keys"] as const);
  const part = parts.find((each) => each === place.path[1]) ?? "keys";
  const bodies = { people: <People />, departments: <Departments />, keys: <Keys />, refusals: <Refusals />, factors: <Factors />, organisation: <FollowedOrganisations /> };
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t(parts.length < 2 ? "apiKeys" : "access")}</h1>
        </div>
      </header>
      {parts.length < 2 ? bodies[part] : <Strip label={t("access")} leaves={parts.map((key) => ({ key, label: t(TITLES[key]), children: bodies[key] }))} at={part} onTurn={(key) => go(link(["access", key]))} />}
    </div>
  );
}
