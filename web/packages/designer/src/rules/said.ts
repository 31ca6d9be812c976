import { useSpeech, type TextKey } from "@lowcode/kit";
import type { Form, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { cronWords } from "@lowcode/runtime/cron";
import { useConditionSaid } from "@lowcode/runtime/use_said";
import { useDesign } from "../design";
import { at, isNode, type Json, type Node } from "../tree";
import { useRule, type Entry } from "./about";
import { textIn } from "./clauses";
import { actionOf, onOf, spansOf, triggersOf } from "./rule";
import { UNIT_WORDS } from "./times";

/** What is asked of a decision table, however it is asked. */
const TABLE = /LOOKUPTABLE\("(\w+)", "(\w+)"[^()]*\)/g;

const LONG = 90;
const brief = (text: string): string => (text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text);

/** A rule in the words of people: what sets it off, on which condition, and what it does. */
export function useSaid() {
  const { app } = useRuntime();
  const { document } = useDesign();
  const { palette, ofRule } = useRule();
  const { t, w, chinese, locale } = useSpeech();
  const form = app.forms[ofRule];
  const formTitle = (name: unknown) => w(app.forms[String(name)]?.title) || String(name ?? "");
  const field = (name: unknown, of: Form | undefined = form): string => w(of?.fields.find((each) => each.name === name)?.title) || String(name ?? "");
  const joined = (words: string[]) => words.filter((each) => each !== "").join(chinese ? "、" : ", ");
  const said = useConditionSaid();
  const answerOf = (table: string, output: string): string => {
    const found = palette.known["table"]?.find((each) => each.name === table);
    return `${w(found?.title) || table} · ${w(found?.outputs?.find((each) => each.name === output)?.title) || output}`;
  };
  const condition = (text: unknown, of: Form | undefined = form): string => {
    if (typeof text !== "string" || text.trim() === "") return "";
    const answers: string[] = [];
    const asked = text.replace(TABLE, (_, table: string, output: string) => `"\u0001${answers.push(answerOf(table, output)) - 1}"`);
    return said(asked, of).replace(/"\u0001(\d+)"/g, (_, place: string) => answers[Number(place)]!);
  };
  const span = (value: Json | undefined): string => spansOf(value).map(({ unit, count }) => `${count} ${t(UNIT_WORDS[unit]!)}`).join(" ") + (isNode(value) && value["working"] === true ? t("ruleInWorking") : "");
  const role = (name: unknown) => w(app.roles?.find((each) => each.name === name)?.title) || String(name ?? "");
  const option = (name: unknown, value: unknown): string => {
    const found = form?.fields.find((each) => each.name === name);
    return w((found?.states ?? found?.options)?.find((each) => each.name === value)?.title) || String(value ?? "");
  };
  const entry = (what: string, name: unknown): Entry | undefined => palette.known[what]?.find((each) => each.name === name);
  const called = (what: string, name: unknown) => w(entry(what, name)?.title) || String(name ?? "") || "…";
  const words = (text: Json | undefined) => brief(w(text as Text).replace(/\{\{\s*(.*?)\s*\}\}/g, (_, path: string) => `{${condition(path)}}`));

  const person = (value: Json): string => {
    if (typeof value === "string") return value.endsWith(".manager") ? t("rulePersonManagerOf", { name: condition(value.slice(0, -8)) }) : condition(value);
    if (!isNode(value)) return String(value);
    if (value["role"] !== undefined) return role(value["role"]);
    if (value["user"] !== undefined) return w(palette.people.find((each) => each.name === value["user"])?.title) || String(value["user"]);
    if (value["manager_of"] !== undefined) return t("rulePersonManagerOf", { name: condition(value["manager_of"]) });
    if (value["department_head"] !== undefined) return t("rulePersonHeadOf", { name: condition(value["department_head"]) });
    return condition(value["field"] ?? value["expression"]);
  };
  const people = (value: Json | undefined): string => (Array.isArray(value) ? joined(value.map(person)) : "");
  /** Among whom an assignment chooses. */
  const whom = (said: Node): string => {
    const among = isNode(said["among"]) ? said["among"] : {};
    return among["role"] !== undefined ? role(among["role"]) : Array.isArray(among["users"]) ? joined(among["users"].map((each) => person({ user: each }))) : "";
  };
  const values = (given: Json | undefined, of: Form | undefined): string => (isNode(given) ? brief(joined(Object.entries(given).map(([name, value]) => `${field(name, of)} ← ${valued(of, name, value)}`))) : "");
  const valued = (of: Form | undefined, name: string, value: Json): string => {
    const plain = textIn(String(value));
    const found = of?.fields.find((each) => each.name === name);
    if (plain !== null) return w((found?.states ?? found?.options)?.find((each) => each.name === plain)?.title) || plain;
    return String(value).trim() === "blank" ? t("ruleNothing") : condition(value) || "…";
  };
  /** What is done to rows of lines, by the way to them. */
  const rowsSaid = (lines: Json | undefined, of: Form | undefined): string =>
    !isNode(lines) || !of ? "" : joined(Object.entries(lines).map(([way, change]) => {
      let rows: Form = of;
      const titles = way.split(".").map((name) => {
        const found = rows.fields.find((each) => each.name === name);
        rows = { ...rows, fields: found?.fields ?? [] };
        return w(found?.title) || name;
      });
      return isNode(change) ? [titles.join(" / "), condition(change["where"], rows), values(change["values"], rows)].filter(Boolean).join(" · ") : "";
    }));
  const which = (said: Node): string => {
    if (said["itself"] === true) return formTitle(ofRule);
    if (typeof said["link"] === "string") return field(said["link"]) || "…";
    if (typeof said["relation"] === "string") return w(form?.relations?.find((each) => each.name === said["relation"])?.title) || said["relation"] || "…";
    return formTitle(said["form"]) || "…";
  };
  const meantForm = (said: Node): Form | undefined => {
    if (typeof said["link"] === "string") return app.forms[String(form?.fields.find((each) => each.name === said["link"])?.to)];
    if (typeof said["relation"] === "string") return app.forms[palette.relations[ofRule]?.[said["relation"]] ?? ""];
    return app.forms[String(said["form"])];
  };

  const trigger = (name: string): string => {
    const said = onOf(document)[name];
    const node: Node = isNode(said) ? said : {};
    const about = formTitle(ofRule) || t("application");
    switch (name) {
      case "created":
      case "deleted":
        return t(name === "created" ? "ruleSaidCreated" : "ruleSaidDeleted", { form: about });
      case "updated": {
        const fields = onOf(document)["fields"];
        return Array.isArray(fields) && fields.length > 0 ? t("ruleSaidFields", { form: about, fields: joined(fields.map((each) => field(each))) }) : t("ruleSaidUpdated", { form: about });
      }
      case "becomes":
        return t("ruleSaidBecomes", { form: about, condition: condition(said) || "…" });
      case "entered":
      case "left":
        return t(name === "entered" ? "ruleSaidEntered" : "ruleSaidLeft", { form: about, field: field(node["field"]) || "…", value: joined([node["state"] ?? "…"].flat().map((each) => option(node["field"], each))) });
      case "scored": {
        const bands = entry("card", node["card"])?.bands ?? [];
        const band = joined([node["band"] ?? []].flat().map((each) => w(bands.find((one) => one.name === each)?.title) || String(each)));
        const reached = node["band"] !== undefined ? band : node["below"] !== undefined ? t("ruleSaidBelow", { points: String(node["below"]) }) : t("ruleSaidAtLeast", { points: String(node["at_least"] ?? "") });
        return t("ruleSaidScored", { form: about, card: called("card", node["card"]), reached });
      }
      case "schedule":
        return typeof node["cron"] === "string" ? cronWords(node["cron"].trim(), locale) : t("ruleSaidEvery", { span: span(node["every"]) });
      case "date": {
        const day = `${about} · ${field(node["field"]) || "…"}`;
        const yearly = node["yearly"] === true ? t("ruleSaidYearly") : "";
        const clock = typeof node["at"] === "string" ? ` ${node["at"]}` : "";
        return (node["before"] ? t("ruleSaidBeforeDate", { span: span(node["before"]), day }) : node["after"] ? t("ruleSaidAfterDate", { span: span(node["after"]), day }) : t("ruleSaidOnDate", { day })) + clock + yearly;
      }
      case "inactive":
        return t("ruleSaidInactive", { form: about, since: condition(node["since"]) || "…", span: span(node["for"]) || t("ruleSaidRungs") });
      case "button":
        return t("ruleSaidButton", { form: about, title: words(node["title"]) });
      case "event":
        return `${about}${t("colon")}${w(palette.events.find((each) => each.name === node["name"])?.title) || String(node["name"] ?? "…")}`;
      case "received":
        return t("ruleSaidReceived", { intake: called("intake", node["intake"]), form: about });
      default:
        return w(palette.triggers.find((each) => each.name === name)?.title) || name;
    }
  };
  const triggers = (): string => triggersOf(document, palette.triggers).map(trigger).join(t("ruleOr"));

  const kindTitle = (word: string): string => w(palette.kinds.find((each) => each.name === word)?.title) || word;
  /** What an action comes to, beside its title. */
  const action = (found: Json): string => {
    const made = actionOf(found);
    if (!made) return "";
    const { word, options } = made;
    const said: Node = isNode(options) ? options : {};
    switch (word) {
      case "set":
        return values(options, form);
      case "create":
        return [isNode(said["for_each"]) ? t("ruleSaidForEach", { which: which(said["for_each"]) }) : "", formTitle(said["form"]), values(said["values"], app.forms[String(said["form"])])].filter(Boolean).join(" · ");
      case "update":
        return [which(said), condition(said["where"], meantForm(said)), values(said["values"], meantForm(said)), rowsSaid(said["lines"], meantForm(said))].filter(Boolean).join(" · ");
      case "delete":
        return [which(said), condition(said["where"], meantForm(said))].filter(Boolean).join(" · ");
      case "assign": {
        const table = said["table"] !== undefined ? called("table", said["table"]) : "";
        return [field(said["field"] ?? "owner"), table, t(`ruleStrategy_${String(said["strategy"] ?? "round_robin")}` as TextKey), whom(said)].filter(Boolean).join(" · ");
      }
      case "notify":
        return [people(said["to"]), said["message"] !== undefined ? called("message", said["message"]) : words(said["title"])].filter(Boolean).join(t("colon"));
      case "mail":
      case "send":
        return [said["channel"] !== undefined ? called("channel", said["channel"]) : "", condition(said["to"]), said["message"] !== undefined ? called("message", said["message"]) : words(said["subject"]) || words(said["text"])].filter(Boolean).join(" · ");
      case "print":
        return [called("template", said["template"]), isNode(said["mail"]) ? condition(said["mail"]["to"]) : ""].filter(Boolean).join(" → ");
      case "refuse":
        return words(said["message"]);
      case "wait":
        return said["until"] !== undefined ? t("ruleSaidUntil", { when: condition(said["until"]) }) : span(said["for"]);
      case "start_flow":
        return called("flow", said["flow"]);
      case "call":
      case "stop":
        return called("rule", said["rule"]);
      case "claim":
      case "return_to_pool":
        return said["pool"] !== undefined ? called("pool", said["pool"]) : "";
      case "webhook":
        return called(said["connector"] !== undefined ? "channel" : "webhook", said["connector"] ?? said["webhook"]);
      case "request":
        return [called("connector", said["connector"]), String(said["operation"] ?? "")].filter(Boolean).join(" · ");
      case "decide":
        return called("table", said["table"]);
      case "link":
      case "unlink":
        return field(said["field"] ?? said["relation"]);
      case "analyse":
        return [condition(said["text"]), joined([said["field"], said["word_field"]].filter((each) => each !== undefined).map((each) => field(each)))].filter(Boolean).join(" → ");
      case "signal":
        return String(said["message"] ?? "");
      default:
        return brief(joined(Object.values(said).filter((each) => typeof each === "string")));
    }
  };
  /** What an action is about, where two of a kind would sound alike. */
  const target = (word: string, options: Json): string => {
    const said: Node = isNode(options) ? options : {};
    if (word === "notify") return people(said["to"]);
    if (word === "assign") return whom(said);
    if (word === "create") return formTitle(said["form"]);
    if (word === "set") return joined(Object.keys(said).map((each) => field(each)));
    if (word === "update" || word === "delete") return which(said);
    return ["start_flow", "claim", "call", "stop", "print", "decide", "wait"].includes(word) ? action({ [word]: options }) : "";
  };
  const short = (found: Json): string => {
    const made = actionOf(found);
    const about = made ? target(made.word, made.options) : "";
    return `${kindTitle(made?.word ?? "")}${about && (chinese ? `（${about}）` : ` (${about})`)}`;
  };
  const asked = (): string => condition(document["when"]);
  /** The whole rule as one sentence. */
  const sentence = (): string => {
    const steps = Array.isArray(document["steps"]) ? document["steps"] : [];
    const lists = steps.length > 0 ? steps.map((_, place) => at(document, ["steps", place, "actions"])) : [document["actions"]];
    const doings = joined(lists.flatMap((list) => (Array.isArray(list) ? list : [])).map(short));
    return t(asked() ? "ruleSentenceIf" : "ruleSentence", { when: triggers() || "…", if: asked(), then: doings || "…" });
  };
  return { triggers, condition: asked, action, kindTitle, span, sentence, said: condition };
}
