import { instant, useSpeech } from "@lowcode/kit";
import type { AskedCondition, Text, Values } from "@lowcode/protocol";

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

/** Conditions with what they read, and whether each held. */
export function Conditions({ asked }: { asked: AskedCondition[] }) {
  const { t, w } = useSpeech();
  return (
    <ul className="lc-asked">
      {asked.map((each, at) => (
        <li key={at}>
          <span className={each.met ? "lc-met" : "lc-unmet"}>{t(each.met ? "holds" : "holdsNot")}</span>
          <code>{each.condition}</code>
          <dl>
            {Object.entries(each.values).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{shown(value, w)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** Actions that name people. */
const PEOPLE = ["assign", "notify", "return_to_pool"];

/** What an action says for the machine. */
const UNSHOWN = ["batch", "in_pieces"];

const empty = (value: unknown): boolean => value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** What actions did, or would do: the word of each, and what it says. */
export function Doings({ actions, people }: { actions: Values[]; people: Record<string, string> }) {
  const { w } = useSpeech();
  const said = (word: string, value: unknown) => (PEOPLE.includes(word) && value != null ? [value].flat().map((each) => people[String(each)] ?? String(each)).join(", ") : shown(value, w));
  return (
    <ul className="lc-doings">
      {actions.map((each, at) => {
        const [word, ...rest] = Object.keys(each);
        if (word === undefined) return null;
        return (
          <li key={at}>
            <strong>{word}</strong> {said(word, each[word])}
            {rest.map((name) => (UNSHOWN.includes(name) || empty(each[name]) ? null : <span key={name} className="lc-quiet"> · {name}: {shown(each[name], w)}</span>))}
          </li>
        );
      })}
    </ul>
  );
}
