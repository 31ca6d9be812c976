import { instant, type TextKey, useSpeech } from "@lowcode/kit";
import type { AskedCondition, Form, Text, Values } from "@lowcode/protocol";
import { Cell } from "../grid/cell";
import { useRuntime } from "../runtime";

/** One value as a person reads it. */
export function shown(value: unknown, w: (text: Text) => string): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? instant(value) : value;
  if (Array.isArray(value)) return value.map((each) => shown(each, w)).join(", ");
  if (typeof value === "object") {
    const texts = value as Record<string, unknown>;
    if ("en" in texts || "zh-CN" in texts) return w(texts as Text);
    return Object.entries(texts).map(([name, each]) => `${name} = ${shown(each, w)}`).join(", ");
  }
  return String(value);
}

/** What the form of a rule, people and records are called. */
interface Named {
  /** The form of the rule, whose fields are spoken of. */
  form?: string | null;
  people: Record<string, string>;
  /** What the records are called that stand in values, by form. */
  labels?: Record<string, Record<string, string>>;
}

/** Conditions with what they read, and whether each held. */
export function Conditions({ asked, form, people, labels }: { asked: AskedCondition[] } & Named) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const of = app.forms[form ?? ""];
  return (
    <ul className="lc-asked">
      {asked.map((each, at) => (
        <li key={at}>
          <span className={each.met ? "lc-met" : "lc-unmet"}>{t(each.met ? "holds" : "holdsNot")}</span>
          <code>{each.condition}</code>
          <dl>
            {Object.entries(each.values).map(([name, value]) => (
              <div key={name}>
                <dt>{titleOf(of, name, w)}</dt>
                <dd><Given form={of} name={name} value={value} people={people} labels={labels} /></dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** Actions, and words of them, that name people. */
const PEOPLE = ["assign", "notify", "return_to_pool", "user"];

/** Words under which something is said of each of several people. */
const BY_PERSON = ["passed_over", "loads"];

/** Actions that name a form, and the ones after which values of its fields stand. */
const FORMS = ["create", "update", "delete"];
const VALUES = ["set", "values"];

/** What an action says for the machine. */
const UNSHOWN = ["batch", "in_pieces"];

const WORDS: Record<string, TextKey> = {
  assign: "doing_assign", set: "doing_set", create: "doing_create", update: "doing_update", delete: "doing_delete", notify: "doing_notify", mail: "doing_mail",
  send: "doing_send", webhook: "doing_webhook", request: "doing_request", answered: "doing_answered", start_flow: "doing_start_flow", signal: "doing_signal", print: "doing_print", refuse: "doing_refuse",
  return_to_pool: "doing_return_to_pool", claim: "doing_claim", call: "doing_call", decide: "doing_decide", link: "doing_link", unlink: "doing_unlink",
  analyse: "doing_analyse", wait: "doing_wait", stop: "doing_stop", lines: "doing_lines",
  field: "told_field", reason: "told_reason", passed_over: "told_passed_over", loads: "told_loads", values: "told_values", title: "told_title", text: "told_text",
  subject: "told_subject", records: "told_records", record: "told_record", channel: "told_channel", at: "told_at", digest: "told_digest", into: "told_into",
  user: "told_user", body: "told_body", parameters: "told_parameters", status: "told_status", refused: "told_refused", format: "told_format", most: "told_most",
};

const empty = (value: unknown): boolean => value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** What actions did, or would do: the word of each, and what it says. */
export function Doings({ actions, form, people, labels }: { actions: Values[] } & Named) {
  return (
    <ul className="lc-doings">
      {actions.map((each, at) => <Doing key={at} action={each} form={form} people={people} labels={labels} />)}
    </ul>
  );
}

function Doing({ action, form, people, labels }: { action: Values } & Named) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const [word, ...rest] = Object.keys(action).filter((name) => !UNSHOWN.includes(name));
  if (word === undefined) return null;
  const named = (each: string) => (WORDS[each] ? t(WORDS[each]) : each);
  const of = app.forms[String(action["create"] ?? action["update"] ?? form)];
  const said = (name: string) => {
    const value = action[name];
    if (PEOPLE.includes(name)) return [value].flat().map((each) => people[String(each)] ?? String(each)).join(", ") || "—";
    if (BY_PERSON.includes(name)) return Object.entries(value as Values).map(([each, what]) => `${people[each] ?? each} (${shown(what, w)})`).join(", ");
    if (FORMS.includes(name)) return w(app.forms[String(value)]?.title) || String(value);
    if (name === "field") return titleOf(of, String(value), w);
    if (VALUES.includes(name) && value && typeof value === "object")
      return Object.entries(value).map(([each, given], at) => (
        <span key={each}>
          {at > 0 && " · "}{titleOf(of, each, w)}{t("colon")}<Given form={of} name={each} value={given} people={people} labels={labels} />
        </span>
      ));
    if (name === "lines" && typeof action["update"] === "string" && value && typeof value === "object") return Object.entries(value).map(([way, rows]) => rowsOf(of, way, rows as Values[])).join("; ");
    return shown(value, w);
  };
  /** The rows at a way: what their field is called, and the values each got. */
  const rowsOf = (owner: Form | undefined, way: string, rows: Values[]): string => {
    let inner = owner;
    const titles = way.split(".").map((each) => {
      const title = titleOf(inner, each, w);
      inner = inner && { ...inner, fields: inner.fields.find((one) => one.name === each)?.fields ?? [] };
      return title;
    });
    const given = rows.map(({ id, ...values }) => `#${id} ${Object.entries(values).map(([each, one]) => `${titleOf(inner, each, w)} = ${typeof one === "boolean" ? t(one ? "yes" : "no") : shown(one, w)}`).join(", ")}`);
    return `${titles.join(" / ")} (${given.join("; ")})`;
  };
  return (
    <li>
      <strong>{named(word)}</strong> {said(word)}
      {rest.map((name) => (empty(action[name]) ? null : <span key={name} className="lc-quiet"> · {!VALUES.includes(name) && named(name) + t("colon")}{said(name)}</span>))}
    </li>
  );
}

const titleOf = (form: Form | undefined, name: string, w: (text?: Text) => string): string => w(form?.fields.find((each) => each.name === name)?.title) || name;

/** A value of a field: a person or a record by name, another as its field shows it. */
function Given({ form, name, value, people, labels }: { form?: Form; name: string; value: unknown } & Omit<Named, "form">) {
  const { w } = useSpeech();
  const field = form?.fields.find((each) => each.name === name);
  if (typeof value === "number" && (field?.type === "user" || field?.type === "member" || field?.to === "user")) return people[String(value)] ?? `#${value}`;
  if (typeof value === "number" && field?.to) return labels?.[field.to]?.[String(value)] ?? `#${value}`;
  return field && !empty(value) && !field.to ? <Cell field={field} value={value} /> : shown(value, w);
}
