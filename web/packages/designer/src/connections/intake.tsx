import { Badge, brief, useNarrow, useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Button, Collapse, Input, Segmented } from "antd";
import { useState } from "react";
import { AsJson } from "../as_json";
import { Options } from "../controls";
import { useDesign } from "../design";
import { picked } from "../flows/schemas";
import { resolved } from "../schema";
import { at, isNode, put, type Node } from "../tree";
import { useRested } from "../work";
import { Mapping, Pick, Section, useForms, type Got } from "./mapping";
import { objectOf, partsOf, sampleOf } from "./sample";
import { Snippets } from "./snippets";

const PAUSE = 600;
const PROOFS = ["key", "signed", "public"] as const;
/** What each way to prove who sends begins with. */
const BEGUN: Record<(typeof PROOFS)[number], Node> = { key: { key: true }, signed: { signed: { secret: { secret: "" } } }, public: { public: true, origins: [], limit: 10 } };

interface Tried {
  problems: { pointer: string; detail: string }[];
  values: Record<string, Got>;
  outcome: "created" | "updated" | "linked" | "refused" | "flagged" | null;
  saved: Node;
  before: { id: number; label: string } | null;
}

/** A way in, from a sample of what is sent to the record it becomes; beside it, what the sample would do. */
export function IntakeParts({ settled }: { settled: Node }) {
  const { client, app } = useRuntime();
  const { document, palette, change } = useDesign();
  const speech = useSpeech();
  const { t, w } = speech;
  const { forms } = useForms();
  const payload = isNode(document["payload"]) ? document["payload"] : {};
  const [text, setText] = useState(() => JSON.stringify(sampleOf(payload), null, 2));
  const sample = objectOf(text);
  const rested = useRested(text, PAUSE);
  const form = String(document["form"] ?? "");
  const read = useMutation({
    mutationFn: (about: string) => client.run<{ payload: Node; values: Node }>("api.read_sample", { sample, form: about || undefined }),
    onSuccess: (found, about) => change([], { ...document, form: about, payload: found.payload, values: { ...found.values, ...(isNode(document["values"]) ? document["values"] : {}) } }),
  });
  const becomes = (next: string | undefined) => {
    const known = isNode(payload["properties"]);
    if (next && sample && Object.keys(sample).length > 0 && !known) read.mutate(next);
    else change(["form"], next ?? "");
  };
  const ready = objectOf(rested) !== null && settled["form"] !== "" && isNode(settled["values"]) && Object.keys(settled["values"]).length > 0;
  const tried = useQuery({
    queryKey: ["intake-try", settled, rested],
    queryFn: ({ signal }) => client.run<Tried>("api.try_intake", { document: settled, sample: objectOf(rested) }, { signal }),
    enabled: ready, placeholderData: keepPreviousData, gcTime: 30_000, staleTime: Infinity, retry: false,
  });
  const schema = palette.schema;
  return (
    <div className="lc-intake">
      <div>
        <Options schema={picked(schema, ["title", "enabled"])} path={[]} />
        <Pick path={["form"]} label={w(palette.words.options["form"])} options={forms} required whole={becomes} />
        <Section title={t("intakeSample")} hint={t("intakeSampleHint")} at={["/payload"]}>
          <Input.TextArea className="lc-design-code" spellCheck={false} aria-label={t("intakeSample")} autoSize={{ minRows: 4, maxRows: 16 }} status={sample === null ? "error" : undefined} value={text} onChange={(event) => (read.reset(), setText(event.target.value))} />
          {sample === null && <div className="lc-design-wrong" role="alert">{t("intakeSampleBad")}</div>}
          {read.error && <div className="lc-design-wrong" role="alert">{brief(read.error, speech)}</div>}
          <Button disabled={sample === null || Object.keys(sample).length === 0} loading={read.isPending} onClick={() => read.mutate(form)}>{t("intakeRead")}</Button>
          <Collapse ghost size="small" items={[{ key: "schema", label: t("intakeSchema"), children: <AsJson key={JSON.stringify(payload)} plain label={t("intakeSchema")} value={payload} change={(next) => isNode(next) && change(["payload"], next)} /> }]} />
        </Section>
        <Mapping path={["values"]} form={app.forms[form]} label={t("intakeMapping")} hint={t("intakeMappingHint")} parts={partsOf(payload)} got={ready ? tried.data?.values : {}} saved={ready ? tried.data?.saved : {}} />
        <Who />
        <Known form={form} />
      </div>
      <div>
        <Section title={t("intakeOutcome")} hint={t("intakeOutcomeHint")}>
          <div aria-live="polite">{ready && tried.data ? <CameOf tried={tried.data} form={form} /> : <p className="lc-quiet">{t("intakeOutcomeFirst")}</p>}</div>
        </Section>
        <Snippets document={document} sample={sample ?? {}} />
      </div>
    </div>
  );
}

/** Who may send: a key, a signature, or anybody from pages of these origins. */
function Who() {
  const { document, palette, change } = useDesign();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const proof = isNode(document["authentication"]) ? document["authentication"] : {};
  const chosen = PROOFS.find((each) => each in proof) ?? "key";
  const schema = resolved(palette.schema.properties!["authentication"]!, palette.schema);
  const signed = resolved(schema.properties!["signed"]!, palette.schema);
  const hmac = at(proof, ["signed", "by"]) === "hmac_sha256";
  return (
    <Section title={t("intakeWho")} at={["/authentication", "/authentication/signed"]}>
      <Segmented block vertical={narrow} aria-label={t("intakeWho")} value={chosen} options={PROOFS.map((each) => ({ value: each, label: t(`intakeWho_${each}`) }))} onChange={(next) => change(["authentication"], BEGUN[next])} />
      {chosen === "key" && <p className="lc-quiet">{t("intakeKeyHint")}</p>}
      {chosen === "signed" && <Options schema={picked(signed, hmac ? ["secret", "by", "header"] : ["secret", "by"])} path={["authentication", "signed"]} />}
      {chosen === "signed" && <Options schema={picked(schema, ["limit"])} path={["authentication"]} />}
      {chosen === "public" && <Options schema={picked(schema, ["origins", "honeypot", "limit", "limit_total"])} path={["authentication"]} />}
    </Section>
  );
}

/** What becomes of what is known already, and of what is named by a field of another form. */
function Known({ form }: { form: string }) {
  const { document, palette, findings, change } = useDesign();
  const { t, w } = useSpeech();
  const { fieldsOf } = useForms();
  const narrow = useNarrow();
  const word = (name: string) => w(palette.words.options[name]);
  const more = ["find", "unknown", "adopt"];
  const wrong = findings.filter((each) => more.includes(each.pointer.split("/")[1] ?? ""));
  const people = [{ value: "app", label: t("intakeApp") }, ...(palette.people ?? []).map((each) => ({ value: each.login, label: each.name }))];
  const duplicates = String(document["duplicates"] ?? "update");
  const ways = palette.schema.properties!["duplicates"]!.enum!.map(String);
  const choose = (next: string | undefined) => change([], put(put(document, ["duplicates"], next), ["link"], next === "link" ? "" : undefined));
  return (
    <Section title={t("intakeKnown")} hint={t("intakeKnownHint")}>
      <Segmented block vertical={narrow} aria-label={t("intakeKnown")} value={duplicates} options={ways.map((value) => ({ value, label: w(palette.words.choices[value]) }))} onChange={(next) => choose(String(next))} />
      {duplicates === "link" && <Pick path={["link"]} label={word("link")} options={fieldsOf(form, ["link"])} required />}
      <Pick path={["run_as"]} label={word("run_as")} options={people} usual={t("intakeApp")} />
      <Collapse key={wrong.length > 0 ? "faulty" : "fine"} ghost size="small" defaultActiveKey={wrong.length > 0 ? ["more"] : []} items={[{ key: "more", label: t("connectionMore"), children: <><Options schema={picked(palette.schema, more)} path={[]} />{wrong.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}</> }]} />
    </Section>
  );
}

const COLORS: Record<string, string> = { created: "green", linked: "green", updated: "blue", refused: "red", flagged: "orange" };

/** What the sample would do, in a sentence; why it is refused, at its place. */
function CameOf({ tried, form }: { tried: Tried; form: string }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { outcome, before, problems } = tried;
  if (outcome === null) return <p className="lc-quiet">{t("intakeOutcomeFirst")}</p>;
  return (
    <>
      <p className="lc-intake-outcome"><Badge color={COLORS[outcome]}>{t(`intakeOutcome_${outcome}` as TextKey, { form: w(app.forms[form]?.title) || form, label: before?.label ?? "" })}</Badge></p>
      {problems.length > 0 && <ul className="lc-design-findings">{problems.map((each, place) => <li key={place} className="lc-design-wrong"><code>{each.pointer || "/"}</code> {each.detail}</li>)}</ul>}
    </>
  );
}

