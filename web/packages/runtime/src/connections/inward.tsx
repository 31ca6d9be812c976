import { Badge, Failure, instant, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { EndpointLine, IntakeLine } from "@lowcode/protocol";
import { Alert, Button } from "antd";
import { useRuntime } from "../runtime";
import { Facts, Secrets, useConnections } from "./known";

/** The ways in: intakes, mailboxes, and the addresses other programs call. */
export function Inward() {
  const { t } = useSpeech();
  const found = useConnections();
  const { intakes = [], mailboxes = [], endpoints = [] } = found.data ?? {};
  return (
    <section className="lc-panel lc-access" aria-label={t("connectionsIn")}>
      <div className="lc-connection-begin">
        <p className="lc-quiet">{t("connectionsInHint")}</p>
        <Button type="primary" href={link(["connections", "design"])}>{t("connectionNew")}</Button>
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={6} />
      ) : intakes.length + mailboxes.length + endpoints.length === 0 ? (
        <Nothing small title={t("connectionsInNone")} hint={t("connectionsNoneHint")} />
      ) : (
        <>
          {intakes.length > 0 && <h2>{t("intakes")}</h2>}
          {intakes.map((each) => <One key={each.name} intake={each} />)}
          {mailboxes.length > 0 && <h2>{t("mailboxesTitle")}</h2>}
          {mailboxes.map((each) => (
            <article key={each.name} className="lc-organisation lc-connection" aria-label={each.name}>
              <header>
                <div>
                  <h3><code>{each.name}</code></h3>
                  <p className="lc-quiet">{each.looked_at ? t("mailboxLooked", { at: instant(each.looked_at, true) }) : t("mailboxNever")}</p>
                </div>
                <div className="lc-keys-do"><Change name={each.name} title={each.name} /></div>
              </header>
              {each.error && <Alert type="warning" showIcon title={each.error} />}
            </article>
          ))}
          {endpoints.length > 0 && <h2>{t("endpointsTitle")}</h2>}
          {endpoints.map((each) => <Endpoint key={each.name} endpoint={each} />)}
        </>
      )}
    </section>
  );
}

function useLimits(): (each: { limit: number | null; limit_total: number | null }, otherwise?: string) => string {
  const { t } = useSpeech();
  return ({ limit, limit_total }, otherwise = "") => [limit !== null && t("intakeLimit", { limit }), limit_total !== null && t("intakeLimitTotal", { limit: limit_total })].filter(Boolean).join(" · ") || otherwise;
}

/** The way to where it is designed. */
function Change({ name, title }: { name: string; title: string }) {
  const { t } = useSpeech();
  return <Button href={link(["connections", "design", name])} aria-label={`${t("connectionChange")} ${title}`}>{t("connectionChange")}</Button>;
}

function One({ intake }: { intake: IntakeLine }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const limits = useLimits();
  const { name, proof, origins, refused, secrets } = intake;
  const log = (state?: string) => link(["connections", "received"], { of: name, state });
  return (
    <article className="lc-organisation lc-connection" aria-label={intake.title}>
      <header>
        <div>
          <h3>{intake.title}</h3>
          <p className="lc-quiet"><code>POST {intake.path}</code></p>
        </div>
        <div className="lc-keys-do">
          <Change name={name} title={intake.title} />
          {proof === "key" && <Button href={link(["access", "keys"])}>{t("intakeMakeKey")}</Button>}
          <Button href={log()}>{t("intakeLog")}</Button>
        </div>
      </header>
      <Facts
        facts={[
          [t("intakeBecomes"), <a href={link(["records", intake.form])}>{w(app.forms[intake.form]?.plural ?? app.forms[intake.form]?.title) || intake.form}</a>],
          [t("intakeProof"), `${t(`intakeProof_${proof}`, { name })}${origins.length > 0 ? t("intakeOrigins", { origins: origins.join(", ") }) : ""}`],
          secrets.length > 0 && [t("connectionSecrets"), <Secrets secrets={secrets} />],
          [t("connectionLimits"), limits(intake, t("intakeLimitKey"))],
          refused > 0 && [t("connectionOpen"), <a href={log("refused")}>{t("intakeRefused", { count: refused })}</a>],
        ]}
      />
    </article>
  );
}

function Endpoint({ endpoint }: { endpoint: EndpointLine }) {
  const { t } = useSpeech();
  const limits = useLimits()(endpoint);
  return (
    <article className="lc-organisation lc-connection" aria-label={endpoint.title}>
      <header>
        <div>
          <h3>
            {endpoint.title} {endpoint.by.map((each) => <Badge key={each}>{t(`endpointBy_${each}`)}</Badge>)}
          </h3>
          <p className="lc-quiet"><code>{endpoint.method} {endpoint.path}</code>{limits && ` · ${limits}`}</p>
        </div>
        <div className="lc-keys-do"><Change name={endpoint.name} title={endpoint.title} /></div>
      </header>
    </article>
  );
}
