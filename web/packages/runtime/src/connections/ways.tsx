import { Badge, Failure, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { Connections } from "@lowcode/protocol";
import { Button } from "antd";
import { Facts, Secrets, useConnections, useTypeName } from "./known";

/** By what people sign in beside their password, and which organisations they follow. */
export function Ways() {
  const { t } = useSpeech();
  const found = useConnections();
  const [signing, followed] = [true, false].map((wanted) => (found.data?.ways ?? []).filter((each) => (each.type !== "organisation") === wanted));
  return (
    <section className="lc-panel lc-access" aria-label={t("connectionsPeople")}>
      <div className="lc-connection-begin">
        <p className="lc-quiet">{t("connectionsPeopleHint")}</p>
        <Button type="primary" href={link(["connections", "design"])}>{t("connectionNew")}</Button>
      </div>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : found.data.ways.length === 0 ? (
        <Nothing small title={t("connectionsPeopleNone")} hint={t("connectionsNoneHint")} />
      ) : (
        <>
          {signing!.length > 0 && <h2>{t("waysSignIn")}</h2>}
          {signing!.map((each) => <Way key={each.name} way={each} />)}
          {followed!.length > 0 && <h2>{t("organisation")}</h2>}
          {followed!.map((each) => <Way key={each.name} way={each} />)}
        </>
      )}
    </section>
  );
}

function Way({ way }: { way: Connections["ways"][number] }) {
  const { t } = useSpeech();
  const typeName = useTypeName();
  const missing = way.secrets.some((each) => !each.there);
  return (
    <article className="lc-organisation lc-connection" aria-label={way.title}>
      <header>
        <div>
          <h3>{way.title} {missing && <Badge color="orange">{t("connectionState_secrets")}</Badge>}</h3>
          <p className="lc-quiet">{typeName(way.type)} · <code>{way.name}</code></p>
        </div>
        <div className="lc-keys-do">
          <Button href={link(["connections", "design", way.name])} aria-label={`${t("connectionChange")} ${way.title}`}>{t("connectionChange")}</Button>
          {way.type === "organisation" && <Button href={link(["access", "organisation"])}>{t("organisation")}</Button>}
        </div>
      </header>
      <Facts facts={[way.connector !== null && [t("wayConnector"), <code>{way.connector}</code>], way.secrets.length > 0 && [t("connectionSecrets"), <Secrets secrets={way.secrets} />]]} />
    </article>
  );
}
