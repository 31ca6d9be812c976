import { Badge, brief, useNarrow, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Input, Segmented } from "antd";
import { use, useState } from "react";
import { Options } from "../controls";
import { DesignContext, useDesign, type Offer } from "../design";
import { Part } from "../flows/asking";
import { picked } from "../flows/schemas";
import { resolved } from "../schema";
import { at, isNode, put, type Json, type Node } from "../tree";
import { Pick, Section } from "./mapping";
import { objectOf, partsOf, sampleOf } from "./sample";
import { partsOfPath, Payload, Query } from "./sent";
import { Called } from "./snippets";
import { namedBy, Steps } from "./steps";

const BODIES = ["POST", "PUT", "PATCH"];

interface Tried {
  findings: { message: string }[];
  problems: { pointer: string; detail: string }[];
  status: number | null;
  answer: { body: Json } | null;
}

/** An address of the app's own: what is sent, who may, what is done, what is answered; beside it, a call of it. */
export function EndpointParts() {
  const design = use(DesignContext)!;
  const { app } = useRuntime();
  const { t } = useSpeech();
  const { document, palette } = design;
  const body = BODIES.includes(String(document["method"] ?? "GET"));
  const payload = isNode(document["payload"]) ? document["payload"] : {};
  const example = at(document, ["examples", 0]);
  const [text, setText] = useState(() => JSON.stringify(isNode(example) && isNode(example["payload"]) ? example["payload"] : sampleOf(payload), null, 2));
  const steps = Array.isArray(document["steps"]) ? document["steps"].filter(isNode) : [];
  const sent: Offer[] = [...partsOfPath(String(document["path"] ?? "")).map((name) => ({ path: `path.${name}`, title: name, type: "text" })), ...partsOf(document["query"], "query"), ...partsOf(payload)];
  const found: Offer[] = namedBy(steps).flatMap((each) => (each.many ? [{ path: each.name, title: each.name, type: "list" }] : (app.forms[each.form]?.fields ?? []).map((field) => ({ path: `${each.name}.${field.name}`, title: field.title ?? field.name, type: field.type }))));
  return (
    <div className="lc-intake">
      <div>
        <Options schema={picked(palette.schema, ["title", "enabled", "method", "path"])} path={[]} />
        <Who />
        <Query />
        {body && <Payload text={text} setText={setText} />}
        <Steps sent={sent} />
        <DesignContext value={{ ...design, palette: { ...palette, variables: [...sent, ...found, ...palette.variables] } }}>
          <Section title={t("endpointAnswer")} at={["/answer"]}>
            <Part path={["answer", "body"]} label={t("endpointAnswerBody")} free />
            <Options schema={picked(resolved(palette.schema.properties!["answer"]!, palette.schema), ["status", "headers"])} path={["answer"]} />
          </Section>
        </DesignContext>
      </div>
      <div>
        <TryEndpoint text={body ? text : "{}"} />
      </div>
    </div>
  );
}

/** Who may call, as whom it is done, and how often. */
function Who() {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const access = isNode(document["access"]) ? document["access"] : {};
  const open = access["public"] === true;
  const schema = resolved(palette.schema.properties!["access"]!, palette.schema);
  const turn = (next: string) => change([], put(put(document, ["access"], next === "public" ? { public: true, origins: [], limit: 30 } : { key: true }), ["run_as"], next === "public" ? "app" : undefined));
  const people = [...(open ? [] : [{ value: "caller", label: t("intakeCaller") }]), { value: "app", label: t("intakeApp") }, ...(palette.people ?? []).map((each) => ({ value: each.login, label: each.name }))];
  return (
    <Section title={t("endpointWho")} at={["/access"]}>
      <Segmented block vertical={narrow} aria-label={t("endpointWho")} value={open ? "public" : "known"} options={[{ value: "known", label: t("endpointWho_known") }, { value: "public", label: t("endpointWho_public") }]} onChange={(next) => turn(String(next))} />
      <Options schema={picked(schema, open ? ["origins", "limit", "limit_total"] : ["session", "key", "roles", "limit"])} path={["access"]} />
      <Pick path={["run_as"]} label={w(palette.words.options["run_as"])} options={people} usual={t("intakeCaller")} />
    </Section>
  );
}

/** A call as it would be, and what would be answered; and how a program calls it. */
function TryEndpoint({ text }: { text: string }) {
  const { client } = useRuntime();
  const { document } = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const address = String(document["path"] ?? "");
  const parts = partsOfPath(address);
  const query = isNode(at(document, ["query", "properties"])) ? Object.keys(at(document, ["query", "properties"]) as Node) : [];
  const example = at(document, ["examples", 0]);
  const begun = (part: string) => (isNode(example) && isNode(example[part]) ? Object.fromEntries(Object.entries(example[part] as Node).map(([name, each]) => [name, String(each)])) : {});
  const [path, setPath] = useState<Record<string, string>>(() => begun("path"));
  const [asked, setAsked] = useState<Record<string, string>>(() => begun("query"));
  const given = Object.fromEntries(Object.entries(asked).filter(([name, each]) => query.includes(name) && each !== ""));
  const called = Object.fromEntries(parts.map((name) => [name, path[name] ?? ""]));
  const payload = objectOf(text);
  const tried = useMutation({ mutationFn: () => client.run<Tried>("api.try_endpoint", { document, path: called, query: given, payload: payload ?? {} }) });
  const ready = payload !== null && Object.values(called).every(Boolean);
  return (
    <>
      <Section title={t("intakeOutcome")} hint={t("endpointTryHint")}>
        {parts.map((name) => <label key={`path ${name}`} className="lc-design-option">{`{${name}}`}<Input value={path[name] ?? ""} onChange={(event) => setPath({ ...path, [name]: event.target.value })} /></label>)}
        {query.map((name) => <label key={`query ${name}`} className="lc-design-option">{`?${name}=`}<Input value={asked[name] ?? ""} onChange={(event) => setAsked({ ...asked, [name]: event.target.value })} /></label>)}
        <Button type="primary" disabled={!ready} loading={tried.isPending} onClick={() => tried.mutate()}>{t("endpointTry")}</Button>
        <div aria-live="polite">
          {!tried.isPending && tried.error && <Alert type="error" showIcon title={brief(tried.error, speech)} />}
          {!tried.isPending && tried.data && <CameOf tried={tried.data} />}
        </div>
      </Section>
      <Called method={String(document["method"] ?? "GET")} address={address.replace(/\{(\w+)\}/g, (whole, name: string) => (called[name] ? encodeURIComponent(called[name]) : whole))} query={given} body={text} open={at(document, ["access", "public"]) === true} />
    </>
  );
}

function CameOf({ tried }: { tried: Tried }) {
  const { t } = useSpeech();
  if (tried.status === null) return <p className="lc-design-wrong">{tried.findings.map((each) => each.message).join("; ")}</p>;
  return (
    <>
      <p className="lc-intake-outcome"><Badge color={tried.answer ? "green" : "red"}>{t(tried.answer ? "endpointAnswered" : "endpointRefused", { status: tried.status })}</Badge></p>
      {tried.problems.length > 0 && <ul className="lc-design-findings">{tried.problems.map((each, place) => <li key={place} className="lc-design-wrong"><code>{each.pointer || "/"}</code> {each.detail}</li>)}</ul>}
      {tried.answer && tried.answer.body !== null && <div className="lc-intake-code"><pre tabIndex={0}>{JSON.stringify(tried.answer.body, null, 2)}</pre></div>}
    </>
  );
}
