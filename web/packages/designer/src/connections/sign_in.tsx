import { Badge, brief, useSpeech, type TextKey } from "@lowcode/kit";
import type { OrganisationRun } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { OrganisationChanges } from "@lowcode/runtime/access/organisation";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Collapse, Input } from "antd";
import { useState } from "react";
import { Options } from "../controls";
import { useDesign } from "../design";
import { picked } from "../flows/schemas";
import { resolved } from "../schema";
import type { Node } from "../tree";
import { Section } from "./mapping";
import { Came, type Meant, type Said } from "./came";
import { TrySignIn } from "./try_sign_in";

/** The groups of kinds that are about people. */
export const PEOPLE_KINDS: ReadonlySet<string> = new Set(["sign_in", "directory"]);

/** What has a part of its own, or what the designer knows by itself. */
const APART = ["title", "enabled", "people", "second_factor", "type", "name", "$schema", "format"];
/** What most leave as it is. */
const MORE = ["scopes", "prompt", "trusts_email", "trusts_addresses", "sign_out", "entity", "key", "name_id", "issuer", "attributes", "groups", "authority", "start_tls", "where", "timeout", "page", "inside", "leaves", "same_logins"];

/** A way to sign in, a directory or an organisation: where it is, which person is meant, and a trial beside it. */
export function SignInParts({ kind, drafted }: { kind: string; drafted: boolean }) {
  const { document, palette, findings } = useDesign();
  const { t } = useSpeech();
  const schema = palette.schema;
  const names = Object.keys(schema.properties ?? {}).filter((each) => !APART.includes(each));
  const more = names.filter((each) => MORE.includes(each) && !(kind === "oidc" && each === "issuer"));
  const people = resolved(schema.properties?.["people"] ?? {}, schema);
  const faulty = findings.some((each) => more.includes(each.pointer.split("/")[1] ?? ""));
  return (
    <div className="lc-intake">
      <div>
        <Options schema={picked(schema, ["title", "enabled", ...names.filter((each) => !more.includes(each))])} path={[]} />
        <Section title={t("signInPeople")} hint={t(kind === "organisation" ? "signInPeopleFollow" : "signInPeopleHint")} at={["/people"]}>
          <Options schema={picked(people, ["find", "domains", "create", "roles", "department"])} path={["people"]} />
        </Section>
        <Options schema={picked(schema, ["second_factor"])} path={[]} />
        {more.length > 0 && <Collapse key={faulty ? "faulty" : "fine"} ghost size="small" defaultActiveKey={faulty ? ["more"] : []} items={[{ key: "more", label: t("connectionMore"), children: <Options schema={picked(schema, more)} path={[]} /> }]} />}
      </div>
      <div>{kind === "ldap" ? <TryLdap document={document} /> : kind === "organisation" ? <TryOrganisation document={document} /> : <TrySignIn name={String(document["name"])} drafted={drafted} />}</div>
    </div>
  );
}

interface Looked {
  done: boolean;
  error: string | null;
  person: Said | null;
  meant: Meant | null;
}

/** Whom a login means in the directory as it stands on the desk. */
function TryLdap({ document }: { document: Node }) {
  const { client } = useRuntime();
  const { findings } = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const [login, setLogin] = useState("");
  const looked = useMutation({ mutationFn: () => client.run<Looked>("api.try_ldap", { document, login: login.trim() }) });
  const found = looked.isPending ? undefined : looked.data;
  const said = looked.error ? brief(looked.error, speech) : (found?.error ?? undefined);
  const ready = login.trim() !== "" && findings.length === 0;
  return (
    <Section title={t("ldapTry")} hint={t("ldapTryHint")}>
      <div className="lc-design-row">
        <Input aria-label={t("ldapLogin")} placeholder={t("ldapLogin")} value={login} onChange={(event) => setLogin(event.target.value)} onPressEnter={() => ready && looked.mutate()} />
        <Button disabled={!ready} loading={looked.isPending} onClick={() => looked.mutate()}>{t("ldapLook")}</Button>
      </div>
      {findings.length > 0 && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      <div aria-live="polite">
        {!looked.isPending && said && <Alert type="error" showIcon title={t("ldapFails")} description={said} />}
        {found?.done && found.person === null && <Alert type="warning" showIcon title={t("ldapNobody")} />}
        {found?.person && found.meant && <Came person={found.person} meant={found.meant} />}
      </div>
    </Section>
  );
}

/** What would change if the people here followed the organisation as it stands on the desk. */
function TryOrganisation({ document }: { document: Node }) {
  const { client } = useRuntime();
  const { findings } = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const looked = useMutation({ mutationFn: () => client.run<Pick<OrganisationRun, "departments" | "people" | "conflicts"> & { counts: Record<string, number> }>("api.try_organisation", { document }) });
  const found = looked.isPending ? undefined : looked.data;
  const counts = Object.entries(found?.counts ?? {}).filter(([, count]) => count > 0);
  return (
    <Section title={t("organisationTry")} hint={t("organisationTryHint")}>
      <Button disabled={findings.length > 0} loading={looked.isPending} onClick={() => looked.mutate()}>{t("organisationPlan")}</Button>
      {findings.length > 0 && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      <div aria-live="polite" className="lc-organisation-tried">
        {!looked.isPending && looked.error && <Alert type="error" showIcon title={t("organisationFailed")} description={brief(looked.error, speech)} />}
        {counts.length > 0 && <p>{counts.map(([name, count]) => <Badge key={name} color={name === "person_leaves" || name === "conflicts" ? "red" : "gray"}>{counted(name, count, t)}</Badge>)}</p>}
        {found && <OrganisationChanges shown={found} planned />}
      </div>
    </Section>
  );
}

function counted(name: string, count: number, t: (key: TextKey, values?: Record<string, string | number>) => string): string {
  if (name === "conflicts") return `${t("organisationConflictsShort")} ${count}`;
  const [sort, does] = name.split("_");
  return `${sort === "department" ? `${t("organisationDepartments")} ` : ""}${t(`organisationDoes_${does}` as TextKey)} ${count}`;
}
