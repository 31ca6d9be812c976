import { Badge, Failure, instant, link, Nothing, Sketch, useSpeech, type TextKey } from "@lowcode/kit";
import type { Connector } from "@lowcode/protocol";
import { Alert, Button } from "antd";
import { Fragment, useState } from "react";
import { useRuntime } from "../runtime";
import { Facts, Secrets, useConnections, Users, useTypeName } from "./known";
import { Trying } from "./trying";

/** What is switched off and has no desk. */
const OTHERS = new Set(["calendar", "card"]);
const COLORS = { ready: "green", secrets: "orange", failing: "red" } as const;

const stateOf = (each: Connector): keyof typeof COLORS => (each.secrets.some((one) => !one.there) ? "secrets" : each.last?.error ? "failing" : "ready");

/** The programs this app calls: what each needs, who uses it, how its last call ended, and a test. */
export function Outward() {
  const { t } = useSpeech();
  const [tried, setTried] = useState<Connector | null>(null);
  const found = useConnections();
  const off = found.data?.off ?? [];
  return (
    <section className="lc-panel lc-access" aria-label={t("connectionsOut")}>
      <div className="lc-connection-begin">
        <p className="lc-quiet">{t("connectionsOutHint")}</p>
        <Button type="primary" href={link(["connections", "design"])}>{t("connectionNew")}</Button>
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={6} />
      ) : found.data.connectors.length === 0 ? (
        <Nothing small title={t("connectionsNone")} hint={t("connectionsNoneHint")} />
      ) : (
        found.data.connectors.map((each) => <One key={each.name} connector={each} attempts={found.data.attempts} test={() => setTried(each)} />)
      )}
      {off.length > 0 && (
        <p className="lc-quiet">
          {t("connectionsOff")}{t("colon")}{off.map((each, at) => <Fragment key={each.name}>{at > 0 && " · "}{OTHERS.has(each.type) ? each.title : <a href={link(["connections", "design", each.name])}>{each.title}</a>}</Fragment>)}
        </p>
      )}
      {tried && <Trying connector={tried} close={() => setTried(null)} />}
    </section>
  );
}

function One({ connector, attempts, test }: { connector: Connector; attempts: number; test: () => void }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const typeName = useTypeName();
  const state = stateOf(connector);
  const { last, on, name, waiting, dead } = connector;
  const log = (only?: string) => link(["connections", "sent"], { of: name, state: only });
  const limits = [
    connector.limit === null ? t("connectionNoLimit") : t("connectionLimit", { limit: connector.limit }),
    t("connectionTimeout", { seconds: connector.timeout }),
    t("connectionAttempts", { count: attempts }),
  ];
  return (
    <article className="lc-organisation lc-connection" aria-label={connector.title}>
      <header>
        <div>
          <h2>
            {connector.title} <Badge color={COLORS[state]}>{t(`connectionState_${state}`)}</Badge>
          </h2>
          <p className="lc-quiet">
            {typeName(connector.type)} · <code>{name}</code>
          </p>
        </div>
        <div className="lc-keys-do">
          <Button href={link(["connections", "design", name])} aria-label={`${t("connectionChange")} ${connector.title}`}>{t("connectionChange")}</Button>
          <Button href={log()}>{t("connectionLog")}</Button>
          <Button type="primary" onClick={test}>{t("connectionTry")}</Button>
        </div>
      </header>
      {last?.error && <Alert type="warning" showIcon title={last.error} description={last.hint ?? undefined} />}
      <Facts
        facts={[
          [t("connectionAddress"), connector.address_secret ? t("connectionAddressSecret", { name: connector.address_secret }) : <code>{connector.address}</code>],
          connector.secrets.length > 0 && [t("connectionSecrets"), <Secrets secrets={connector.secrets} />],
          on && [t("connectionWhen"), t("connectionOn", { form: w(app.forms[on.form]?.title) || on.form, event: t(`connectionEvent_${on.event}` as TextKey) })],
          (connector.used_by.length > 0 || !on) && [t("connectionUses"), connector.used_by.length > 0 ? <Users users={connector.used_by} /> : t(connector.reach ? "connectionUnused" : "connectionUnusedPlain")],
          [t("connectionLimits"), limits.join(" · ")],
          [t("connectionLast"), last ? `${instant(last.at, true)} · ${t(`deliveryState_${last.state}` as TextKey)}${last.status === null ? "" : ` · ${last.status}`}` : t("connectionNever")],
          waiting + dead > 0 && [
            t("connectionOpen"),
            <span className="lc-connection-open">
              {waiting > 0 && <a href={log("waiting")}>{t("connectionWaiting", { count: waiting })}</a>}
              {dead > 0 && <a href={log("dead")}>{t("connectionDead", { count: dead })}</a>}
            </span>,
          ],
        ]}
      />
    </article>
  );
}
