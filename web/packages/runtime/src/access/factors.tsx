import { brief, Failure, instant, link, Nothing, Person, Sketch, useSpeech } from "@lowcode/kit";
import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRuntime } from "../runtime";

interface Held {
  items: { user: number; since: string }[];
  /** Whom the rules ask for one and who has none, with until when they may still sign in without. */
  missing: { user: number; asked: string | null; until: string | null }[];
  missing_count: number;
  roles: string[];
  remember_days: number;
  grace_days: number;
}

interface Found {
  id: number;
  login: string;
  label: string;
}

/** So many people are shown; the rest is counted. */
const SHOWN = 500;

/** Who has to show a second factor and who does, and a reset for whoever lost it. */
export function Factors() {
  const { app, client } = useRuntime();
  const { message, modal } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const found = useQuery({
    queryKey: ["factors"],
    queryFn: async () => {
      const held = await client.run<Held>("identity.factors");
      const named = async (ids: number[]) => (ids.length ? (await client.run<{ items: Found[] }>("identity.people", { ids: ids.slice(0, SHOWN), inactive: true, limit: SHOWN })).items : []);
      const [people, lacking] = await Promise.all([named(held.items.map((each) => each.user)), named(held.missing.map((each) => each.user))]);
      return {
        rules: held,
        people: people.map((person) => ({ ...person, since: held.items.find((each) => each.user === person.id)!.since })),
        lacking: lacking.map((person) => ({ ...person, ...held.missing.find((each) => each.user === person.id)! })),
      };
    },
  });
  const reset = (person: Found) =>
    modal.confirm({
      title: t("factorReset"),
      content: t("factorResetAsk", { name: person.label }),
      okText: t("factorReset"),
      okButtonProps: { danger: true },
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          await client.run("identity.reset_factor", { login: person.login });
          void message.success(t("factorResetDone", { name: person.label }));
          await found.refetch();
        } catch (error) {
          void message.error(brief(error, speech), 6);
        }
      },
    });
  const rulesOf = ({ roles, remember_days, grace_days }: Held): string[] =>
    roles.length === 0
      ? [t("factorRulesNone")]
      : [
          t("factorRulesRoles", { roles: roles.map((name) => w(app.roles?.find((each) => each.name === name)?.title) || name).join(t("factorBetween")) }),
          grace_days > 0 ? t("factorRulesGrace", { count: grace_days }) : t("factorRulesNoGrace"),
          remember_days > 0 ? t("factorRulesRemember", { count: remember_days }) : t("factorRulesNoRemember"),
        ];
  return (
    <section className="lc-panel lc-access" aria-label={t("factors")}>
      <p className="lc-quiet">{t("factorsHint")}</p>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : (
        <>
          <h2 className="lc-section-title">{t("factorRules")}</h2>
          {rulesOf(found.data.rules).map((words) => (
            <div key={words}>{words}</div>
          ))}
          <p><a href={link(["app", "general"])}>{t("factorRulesChange")}</a></p>
          {found.data.lacking.length > 0 && (
            <>
              <h2 className="lc-section-title">{t("factorLacking", { count: found.data.rules.missing_count })}</h2>
              <ul className="lc-keys">
                {found.data.lacking.map((each) => (
                  <li key={each.id}>
                    <div className="lc-person-line">
                      <Person name={each.label} /> <span className="lc-quiet">{each.until ? t("factorLackingUntil", { until: instant(each.until) }) : found.data.rules.grace_days > 0 && !each.asked ? t("factorLackingUnasked") : t("factorLackingNow")}</span>
                    </div>
                  </li>
                ))}
              </ul>
              {found.data.rules.missing_count > found.data.lacking.length && <p className="lc-quiet">{t("factorsFirst", { shown: found.data.lacking.length })}</p>}
            </>
          )}
          <h2 className="lc-section-title">{t("factorHeld")}</h2>
          {found.data.people.length === 0 ? (
            <Nothing small title={t("factorsNone")} />
          ) : (
            <ul className="lc-keys">
              {found.data.people.map((each) => (
                <li key={each.id}>
                  <div className="lc-person-line">
                    <Person name={each.label} /> <span className="lc-quiet">{t("factorSince", { since: instant(each.since) })}</span>
                  </div>
                  <div className="lc-keys-do">
                    <Button size="small" danger onClick={() => reset(each)}>
                      {t("factorReset")}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
          )}
          {found.data.rules.items.length > SHOWN && <p className="lc-quiet">{t("factorsFirst", { shown: SHOWN })}</p>}
        </>
      )}
    </section>
  );
}
