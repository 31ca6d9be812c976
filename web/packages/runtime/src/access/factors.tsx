import { brief, Failure, instant, Nothing, Person, Sketch, useSpeech } from "@lowcode/kit";
import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRuntime } from "../runtime";

interface Found {
  id: number;
  login: string;
  label: string;
}

/** Who shows a second factor, and a reset for whoever lost it. */
export function Factors() {
  const { client } = useRuntime();
  const { message, modal } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const found = useQuery({
    queryKey: ["factors"],
    queryFn: async () => {
      const { items } = await client.run<{ items: { user: number; since: string }[] }>("identity.factors");
      const people = items.length ? (await client.run<{ items: Found[] }>("identity.people", { ids: items.map((each) => each.user), inactive: true, limit: 500 })).items : [];
      return people.map((person) => ({ ...person, since: items.find((each) => each.user === person.id)!.since }));
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
  return (
    <section className="lc-panel lc-access" aria-label={t("factors")}>
      <p className="lc-quiet">{t("factorsHint")}</p>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : found.data.length === 0 ? (
        <Nothing small title={t("factorsNone")} />
      ) : (
        <ul className="lc-keys">
          {found.data.map((each) => (
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
    </section>
  );
}
