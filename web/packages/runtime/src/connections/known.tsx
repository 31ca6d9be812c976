import { Badge, link, useSpeech, type TextKey } from "@lowcode/kit";
import type { Connections, NamedBy, NamedSecret } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { useRuntime } from "../runtime";

/** What the app is connected with, as its documents say it. */
export function useConnections() {
  const { client } = useRuntime();
  return useQuery({ queryKey: ["connections"], queryFn: () => client.run<Connections>("api.connections") });
}

/** What a kind of connection is called; one of a plug-in by its own name. */
export function useTypeName(): (type: string) => string {
  const { t } = useSpeech();
  return (type) => {
    const key = `connectionType_${type}`;
    const said = t(key as TextKey);
    return said === key ? type : said;
  };
}

/** What is said of a connection, line by line. */
export function Facts({ facts }: { facts: (readonly [string, ReactNode] | false | null | undefined)[] }) {
  return (
    <dl className="lc-connection-facts">
      {facts.map((each) => each && (
        <div key={each[0]}>
          <dt>{each[0]}</dt>
          <dd>{each[1]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Secrets by name: which are there, and where those that are missing are put. */
export function Secrets({ secrets }: { secrets: NamedSecret[] }) {
  const { t } = useSpeech();
  const missing = secrets.filter((each) => !each.there);
  return (
    <>
      <ul className="lc-connection-secrets">
        {secrets.map((each) => (
          <li key={each.name}>
            <code>{each.name}</code> <Badge color={each.there ? "green" : "red"}>{t(each.there ? "connectionSecretThere" : "connectionSecretMissing")}</Badge>
            {each.bound !== null && <span className="lc-quiet"> {t("connectionSecretBound", { bound: each.bound })}</span>}
          </li>
        ))}
      </ul>
      {missing.length > 0 && <p className="lc-quiet">{t("connectionSecretWhere", { names: missing.map((each) => each.variable).join(", ") })}</p>}
    </>
  );
}

const PLACES: Record<string, (name: string) => string> = {
  rules: (name) => link(["automation", "rules"], { rule: name }),
  flows: (name) => link(["flows", "design", name]),
  forms: (name) => link(["forms", name]),
};

/** The documents that name something, each where it is looked at, if there is such a place. */
export function Users({ users }: { users: NamedBy[] }) {
  const { w } = useSpeech();
  return users.map(({ kind, name, title }, at) => (
    <Fragment key={`${kind}/${name}`}>
      {at > 0 && " · "}
      {PLACES[kind] ? <a href={PLACES[kind](name)}>{w(title)}</a> : w(title)}
    </Fragment>
  ));
}
