import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useConnections, useTypeName } from "@lowcode/runtime/connections/known";
import { Trying } from "@lowcode/runtime/connections/trying";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Collapse } from "antd";
import { useMemo, useState } from "react";
import { Options } from "../controls";
import { DesignContext, useDesign, type Design, type Offers, type Palette } from "../design";
import { FreeParts } from "../flows/asking";
import { picked } from "../flows/schemas";
import { offersOf } from "../offers";
import { resolved, type Schema } from "../schema";
import { isNode, move, pointerOf, put, type Node } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { DocumentInput } from "./document";
import { EndpointParts } from "./endpoint";
import { IntakeParts } from "./intake";
import { MailboxParts } from "./mailbox";
import type { ConnectionKind, ConnectionPalette } from "./page";
import { PEOPLE_KINDS, SignInParts } from "./sign_in";

interface Props {
  name: string;
  path: string;
  base: string;
  begun: Node;
  palette: ConnectionPalette;
  kind: ConnectionKind;
  reopen: () => void;
}

/** What most leave as it is. */
const MORE = ["method", "headers", "timeout", "limit", "server", "variables", "lenient"];
/** What stands first, what has a part of its own, and what the designer knows by itself. */
const APART = ["title", "enabled", "url", "on", "document", "type", "name", "$schema", "format"];
/** What an OpenAPI document says for itself. */
const SAID = ["method", "secret"];
const NO_OFFERS: Offers = { own: [], linked: [], rows: [] };

/** The desk of one connection: a form made of what its kind may say. */
export function ConnectionDesk({ name, path, base, begun, palette, kind, reopen }: Props) {
  const { app } = useRuntime();
  const { w, locale } = useSpeech();
  const typeName = useTypeName();
  const queries = useQueryClient();
  const work = useWork(path, base, begun, "api.check_connection");
  const { document, act, findings } = work;
  const about = isNode(document["on"]) ? String(document["on"]["form"] ?? "") : "";
  const offers = useMemo(() => (about ? offersOf(about, app.forms) : NO_OFFERS), [about, app]);
  const fields = app.forms[about]?.fields ?? [];
  const plainly = (names: string[]) => names.map((value) => ({ value, title: value }));
  const named = (found: typeof fields) => found.map((each) => ({ value: each.name, title: each.title ?? each.name }));
  const known: Palette = {
    ...palette, words: { ...palette.words, options: { ...palette.words.options, ...kind.words } }, schema: kind.schema, kinds: [], variables: [], pictures: [], reports: [], outputs: [], json: ["is", "body"],
    names: { form: palette.forms.map((value) => ({ value, title: app.forms[value]?.title ?? value })), document: palette.files.map((value) => ({ value, title: value })), fields: named(fields), department: plainly(palette.departments), connector: connectionsFor(kind, palette), ...(kind.name === "endpoint" ? { flow: plainly(palette.flows), report: plainly(palette.reports) } : { for_each: named(fields.filter((each) => each.type === "lines")) }) },
  };
  const keys = useKeys(act, ".lc-connection-desk", () => undefined);
  const design: Design = {
    name, document, palette: known, offers, findings, blocks: [], chosen: null, language: locale, languages: palette.languages,
    choose: () => undefined, drop: () => undefined, add: () => undefined,
    change: (way, value) => act({ type: "change", document: put(document, way, value), what: pointerOf(way) }),
    shift: (from, list, index) => {
      const moved = move(document, from, list, index);
      if (moved && index >= 0) act({ type: "change", document: moved.whole, what: "" });
    },
    upload: () => Promise.reject(new Error("a connection has no pictures")),
  };
  const again = () => (void queries.invalidateQueries({ queryKey: ["connections"] }), reopen());
  return (
    <DesignContext value={design}>
      <div className="lc-designer lc-connection-designer" onKeyDown={keys}>
        <Head work={work} title={w(document["title"] as string) || name} back={{ place: "connections", words: "connections" }} blocks={[]} reopen={again} extra={kind.group !== "in" && !PEOPLE_KINDS.has(kind.group) && <TryIt name={name} drafted={work.drafted} />} />
        <div className="lc-connection-desk">
          <section className={`lc-design-inspector lc-connection-${kind.name}${PEOPLE_KINDS.has(kind.group) || kind.name === "mailbox" ? " lc-worded" : ""}`} aria-label={typeName(kind.name)}>
            <header><h2>{typeName(kind.name)}</h2></header>
            <p className="lc-quiet"><code>{path}</code> · {w(kind.help)}</p>
            <Whole />
            {kind.name === "intake" ? <IntakeParts settled={work.settled} /> : kind.name === "mailbox" ? <MailboxParts /> : kind.name === "endpoint" ? <EndpointParts /> : PEOPLE_KINDS.has(kind.group) ? <SignInParts kind={kind.name} drafted={work.drafted} /> : <Parts schema={kind.schema} />}
          </section>
        </div>
      </div>
    </DesignContext>
  );
}

/** The connections by whose application people may sign in that way, or be followed. */
function connectionsFor(kind: ConnectionKind, palette: ConnectionPalette): { value: string; title: Text }[] {
  const wanted = kind.name.replace(/_sign_in$/, "_app");
  const fits = (type: string) => (kind.name === "organisation" ? type === "ldap" || type.endsWith("_app") : type === wanted);
  return palette.connections.filter((each) => fits(each.type)).map((each) => ({ value: each.name, title: each.title }));
}

/** The options in the order in which they are thought of. */
function Parts({ schema }: { schema: Schema }) {
  const { findings } = useDesign();
  const { t } = useSpeech();
  const names = Object.keys(schema.properties ?? {});
  const openapi = names.includes("document");
  const watches = schema.properties?.["on"];
  const spare = openapi ? SAID : [];
  const free = watches ? ["body"] : [];
  const own = names.filter((each) => ![...APART, ...MORE, ...spare, ...free].includes(each) || (each === "method" && names.includes("encoding")));
  const more = names.filter((each) => MORE.includes(each) && !own.includes(each) && !spare.includes(each));
  const faulty = findings.some((each) => more.includes(each.pointer.split("/")[1] ?? ""));
  return (
    <>
      <Options schema={picked(schema, ["title", "enabled"])} path={[]} />
      {openapi && <DocumentInput path={["document"]} />}
      <Options schema={picked(schema, ["url", ...own])} path={[]} />
      {watches && <Options schema={resolved(watches, schema)} path={["on"]} />}
      {watches && <FreeParts path={["body"]} label={t("connectionBody")} hint={t("connectionBodyHint")} />}
      <Collapse key={faulty ? "faulty" : "fine"} ghost size="small" defaultActiveKey={faulty ? ["more"] : []} items={[{ key: "more", label: t("connectionMore"), children: <Options schema={picked(schema, more)} path={[]} /> }]} />
    </>
  );
}

/** What is wrong with the document itself, or with a part that has no place on the desk. */
function Whole() {
  const { findings, palette } = useDesign();
  const shown = new Set(Object.keys(palette.schema.properties ?? {}).filter((each) => !["type", "name", "$schema", "format"].includes(each)));
  const found = findings.filter((each) => !shown.has(each.pointer.split("/")[1] ?? "") || each.pointer === "/on" || each.pointer === "/body");
  if (found.length === 0) return null;
  return <ul className="lc-design-findings">{found.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>;
}

/** A test of the connection as it is published. */
function TryIt({ name, drafted }: { name: string; drafted: boolean }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const found = useConnections();
  const connector = found.data?.connectors.find((each) => each.name === name);
  const ready = connector !== undefined && !drafted;
  return (
    <>
      <Button disabled={!ready} title={ready ? undefined : t("connectionTryFirst")} onClick={() => setOpen(true)}>{t("connectionTry")}</Button>
      {open && connector && <Trying connector={connector} close={() => setOpen(false)} />}
    </>
  );
}
