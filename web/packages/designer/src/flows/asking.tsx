import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Button, Input, Select } from "antd";
import { use, useState, type ReactNode } from "react";
import { AsJson } from "../as_json";
import { DesignContext, optionWords, useDesign, type Offer } from "../design";
import { ExpressionInput } from "../expression";
import { at, isNode, pointerOf, put, type Json, type Node, type Path } from "../tree";

/** An operation of a program, as `api.offers` tells it: in short, and in full. */
interface Offered {
  name: string;
  address: string;
  title: string;
  problem: string | null;
  parameters?: Record<string, { required: boolean; value: Json }>;
  body?: Json;
  answer?: Record<string, string>;
  request?: Node;
}

/** A request to another program: whom, what, with which values, and what becomes of the answer. */
export function Asking({ path, form }: { path: Path; form?: Form }) {
  const { client } = useRuntime();
  const { document, palette, change } = useDesign();
  const { w, t } = useSpeech();
  const word = (name: string) => w(optionWords(palette, name));
  const step = at(document, path) as Node;
  const [connector, operation] = [String(step["connector"] ?? ""), String(step["operation"] ?? "")];
  const listed = useQuery({ queryKey: ["offers", connector], queryFn: () => client.run<{ items: Offered[] }>("api.offers", { connector }), enabled: connector !== "", retry: false });
  const whole = useQuery({ queryKey: ["offers", connector, operation], queryFn: () => client.run<{ items: Offered[] }>("api.offers", { connector, name: operation }), enabled: connector !== "" && operation !== "", retry: false });
  const offer = whole.data?.items[0];
  const asked = async (name: string) => {
    const found = await client.run<{ items: Offered[] }>("api.offers", { connector, name }).catch(() => null);
    const begin = found?.items[0]?.request ?? {};
    change(path, { ...step, operation: name, parameters: emptied(begin["parameters"]), body: emptied(begin["body"]), set: undefined, inside: undefined } as unknown as Json);
  };
  const given = isNode(step["parameters"]) ? Object.keys(step["parameters"]) : [];
  const parameters = [...new Set([...Object.entries(offer?.parameters ?? {}).filter(([, each]) => each.required).map(([name]) => name), ...given])];
  return (
    <>
      <Labelled label={word("connector")} path={[...path, "connector"]} required>
        <Select aria-label={word("connector")} value={connector || null} options={palette.names?.["connector"]?.map((each) => ({ value: each.value, label: w(each.title) })) ?? []} notFoundContent={t("askNoConnector")} onChange={(next: string) => change(path, { ...step, connector: next, operation: "", parameters: undefined, body: undefined, set: undefined } as unknown as Json)} />
      </Labelled>
      <Labelled label={word("operation")} path={[...path, "operation"]} required>
        <Select showSearch aria-label={word("operation")} value={operation || null} loading={listed.isFetching} disabled={connector === ""} optionFilterProp="label" options={(listed.data?.items ?? []).map((each) => ({ value: each.name, label: each.title ? `${each.title} · ${each.address}` : each.address, disabled: each.problem !== null, title: each.problem ?? each.name }))} onChange={(next: string) => void asked(next)} />
      </Labelled>
      {parameters.map((name) => <Part key={name} path={[...path, "parameters", name]} label={name} shape={offer?.parameters?.[name]?.value} away={offer?.parameters?.[name]?.required !== true} />)}
      <More words={word("parameters")} names={Object.keys(offer?.parameters ?? {}).filter((each) => !parameters.includes(each))} add={(name) => change([...path, "parameters", name], "")} />
      {(step["body"] !== undefined || (offer?.body ?? null) !== null) && <Part path={[...path, "body"]} label={word("body")} shape={offer?.body ?? undefined} />}
      <Fields path={[...path, "set"]} form={form} label={word("set")} known={Object.entries(offer?.answer ?? {}).map(([name, type]) => ({ path: name, title: name, type }))} />
      <Fields path={[...path, "refused"]} form={form} label={word("refused")} known={[{ path: "refusal.status", title: t("askStatus"), type: "number" }, { path: "refusal.reason", title: t("askReason"), type: "text" }]} />
      <p className="lc-quiet">{t("askErrors")}</p>
    </>
  );
}

/** An example of values with nothing in it yet. */
function emptied(example: Json | undefined): Json | undefined {
  if (example === undefined) return undefined;
  if (Array.isArray(example)) return { for_each: "", body: emptied(example[0]) ?? "" };
  return isNode(example) ? (Object.fromEntries(Object.entries(example).map(([name, each]) => [name, emptied(each)!])) as Node) : "";
}

/** What is sent, part by part, where nobody has said what is wanted: parts are named as one likes. */
export function FreeParts({ path, label, deed, hint }: { path: Path; label: string; deed?: ReactNode; hint?: string }) {
  const { document, change } = useDesign();
  const value = at(document, path);
  const node = isNode(value) ? value : {};
  return (
    <fieldset className="lc-flow-part">
      <legend>{label} {deed}</legend>
      {hint && Object.keys(node).length === 0 && <p className="lc-quiet">{hint}</p>}
      {Object.keys(node).map((name) => <Part key={name} path={[...path, name]} label={name} away free />)}
      <Naming label={label} taken={node} add={(name, value) => change([...path, name], value)} />
    </fieldset>
  );
}

/** A name for another part; one that is a field's has its value to begin with. */
function Naming({ label, taken, add }: { label: string; taken: Node; add: (name: string, value: string) => void }) {
  const { offers } = useDesign();
  const { t, w } = useSpeech();
  const [name, setName] = useState("");
  const called = t("designPairName", { name: label });
  const put = () => (add(name, offers.own.some((each) => each.path === name) ? name : ""), setName(""));
  const known = offers.own.filter((each) => !(each.path in taken) && (each.path.includes(name) || w(each.title).includes(name)));
  return (
    <div className="lc-design-row">
      <AutoComplete value={name} onChange={setName} options={known.map((each) => ({ value: each.path, label: <>{w(each.title)} <code className="lc-quiet">{each.path}</code></> }))} placeholder={called}>
        <Input aria-label={called} onPressEnter={() => /^\S+$/.test(name) && !(name in taken) && put()} />
      </AutoComplete>
      <Button icon={<PlusOutlined />} aria-label={t("designAdd", { name: label })} disabled={!/^\S+$/.test(name) || name in taken} onClick={put} />
    </div>
  );
}

/** One value: an expression, an object of values, a list with an entry for each row; what else there is stays JSON.
 * A `free` one may become another of these. */
export function Part({ path, label, shape, away = false, free = false }: { path: Path; label: string; shape?: Json; away?: boolean; free?: boolean }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const value = at(document, path);
  const lists = palette.names?.["for_each"]?.map((each) => ({ value: each.value, label: w(each.title) || each.value }));
  const turned: Record<string, Json> = { value: "", parts: {}, list: { for_each: "", body: {} } };
  const turn = free && <Select size="small" variant="borderless" popupMatchSelectWidth={false} aria-label={t("partSort", { name: label })} value={isNode(value) ? ("for_each" in value ? "list" : "parts") : "value"} options={[{ value: "value", label: t("partValue") }, { value: "parts", label: t("partParts") }, { value: "list", label: t("partList") }]} onChange={(next: string) => change(path, turned[next])} />;
  const drop = (away || free) && <>{turn}{away && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: label })} onClick={() => change(path, undefined)} />}</>;
  if (value === undefined || typeof value === "string")
    return (
      <Labelled label={label} path={path} deed={drop} note={typeof shape === "string" ? shape.replace(/[<>]/g, "") : undefined}>
        {value === undefined && shape !== undefined && typeof shape !== "string" ? <Button size="small" onClick={() => change(path, emptied(shape))}>{t("designAdd", { name: label })}</Button> : <ExpressionInput label={label} path={path} value={value ?? ""} change={(next) => change(path, next)} />}
      </Labelled>
    );
  if (!isNode(value)) return <Labelled label={label} path={path} deed={drop}><AsJson label={label} value={value} change={(next) => next !== undefined && change(path, next)} /></Labelled>;
  if ("for_each" in value)
    return (
      <fieldset className="lc-flow-part">
        <legend>{label} {drop}</legend>
        <Labelled label={t("askForEach")} path={[...path, "for_each"]}>{lists ? <Select aria-label={`${label}: ${t("askForEach")}`} value={String(value["for_each"]) || null} options={lists} onChange={(next: string) => change([...path, "for_each"], next)} /> : <Input aria-label={`${label}: ${t("askForEach")}`} value={String(value["for_each"])} onChange={(event) => change([...path, "for_each"], event.target.value)} />}</Labelled>
        <Part path={[...path, "body"]} label={t("askEntry")} shape={Array.isArray(shape) ? shape[0] : undefined} free={free} />
      </fieldset>
    );
  if (free) return <FreeParts path={path} label={label} deed={drop} />;
  const parts = isNode(shape ?? null) ? (shape as Node) : {};
  return (
    <fieldset className="lc-flow-part">
      <legend>{label} {drop}</legend>
      {Object.keys(value).map((name) => <Part key={name} path={[...path, name]} label={name} shape={parts[name]} away />)}
      <More words={label} names={Object.keys(parts).filter((each) => !(each in value))} add={(name) => change([...path, name], emptied(parts[name]))} />
    </fieldset>
  );
}

/** Fields of the record that get values, with names for expressions that only these have. */
function Fields({ path, form, label, known }: { path: Path; form?: Form; label: string; known: Offer[] }) {
  const design = use(DesignContext)!;
  const { t, w } = useSpeech();
  const found = at(design.document, path);
  const given = isNode(found) ? Object.keys(found) : [];
  const title = (name: string) => w(form?.fields.find((each) => each.name === name)?.title) || name;
  const away = (name: string) => design.change(path, given.length === 1 ? undefined : (Object.fromEntries(Object.entries(found as Node).filter(([each]) => each !== name)) as Node));
  return (
    <DesignContext value={{ ...design, palette: { ...design.palette, variables: [...known, ...design.palette.variables] } }}>
      <fieldset className="lc-flow-part">
        <legend>{label}</legend>
        {given.map((name) => (
          <Labelled key={name} label={title(name)} path={[...path, name]} deed={<Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title(name) })} onClick={() => away(name)} />}>
            <ExpressionInput label={`${label}: ${title(name)}`} path={[...path, name]} value={String((found as Node)[name])} change={(next) => design.change([...path, name], next)} />
          </Labelled>
        ))}
        <More words={label} names={(form?.fields ?? []).map((each) => each.name).filter((each) => !given.includes(each))} title={title} add={(name) => design.change(path, put((isNode(found) ? found : {}) as Node, [name], ""))} />
      </fieldset>
    </DesignContext>
  );
}

/** What can be added, where there is anything. */
export function More({ words, called: said, names, title = (name) => name, add }: { words: string; called?: string; names: string[]; title?: (name: string) => string; add: (name: string) => void }) {
  const { t } = useSpeech();
  const called = said ?? t("designAdd", { name: words });
  if (names.length === 0) return null;
  return <Select showSearch size="small" className="lc-flow-add-event" aria-label={called} placeholder={called} value={null} optionFilterProp="label" options={names.map((each) => ({ value: each, label: title(each) }))} onChange={add} />;
}

/** What is called something, with what is wrong there. */
export function Labelled({ label, path, note, required = false, deed, children }: { label: string; path: Path; note?: string; required?: boolean; deed?: ReactNode; children: ReactNode }) {
  const design = useDesign();
  const wrong = design.findings.filter((each) => each.pointer === pointerOf(path));
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{label}{required && <span aria-hidden="true"> *</span>} {note && <code className="lc-quiet">{note}</code>} {deed}</div>
      {children}
      {wrong.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </div>
  );
}
