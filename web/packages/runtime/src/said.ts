import type { Field, Form, Text } from "@lowcode/protocol";

type Words = (text: Text | undefined) => string;

/** Texts, what is asked of blanks and lists, names, signs between values, long numbers, and what else stands there. */
const PARTS = /"((?:[^"\\]|\\.)*)"|\bis\s+(not\s+)?blank\b|\b(not\s+in|in|and|or|not)\b|([A-Za-z_]\w*(?:\.\w+)*)(?!\w*\()|(>=|<=|!=|<>)|(?<![\w.])(\d{5,})(?![\w.])/g;
const CHINESE: Record<string, string> = { and: "且", or: "或", not: "非", in: "属于", "not in": "不属于", blank: "为空", "not blank": "不为空" };
const SIGNS: Record<string, string> = { ">=": "≥", "<=": "≤", "!=": "≠", "<>": "≠" };

/** A long number as people write it. */
const grouped = (number: string): string => number.replace(/\B(?=(\d{3})+$)/g, ",");

/** A condition in the words of people: fields and options by their titles, in Chinese what joins them, too.
 * `of` gives the form that a link leads to. */
export function conditionSaid(condition: string, form: Form | undefined, of: (name: string) => Form | undefined, w: Words, chinese: boolean): string {
  let field: Field | undefined;
  return condition.replace(PARTS, (part: string, text?: string, blank?: string, joint?: string, name?: string, sign?: string, number?: string) => {
    if (text !== undefined) return optionSaid(field, text, w) ?? part;
    if (sign) return SIGNS[sign]!;
    if (number) return grouped(number);
    if (joint) {
      const word = joint.replace(/\s+/, " ");
      if (word === "and" || word === "or") field = undefined;
      return chinese ? CHINESE[word]! : part;
    }
    if (name === undefined) return chinese ? CHINESE[blank ? "not blank" : "blank"]! : part;
    const way = wayOf(form, name.split("."), of);
    if (way.length > 0) field = way.at(-1);
    return way.length > 0 ? way.map((each) => w(each.title) || each.name).join(" · ") : part;
  });
}

/** The fields that a path goes through; none where one of them is not known. */
function wayOf(form: Form | undefined, [name, ...rest]: string[], of: (name: string) => Form | undefined): Field[] {
  const field = form?.fields.find((each) => each.name === name);
  if (!field) return [];
  if (rest.length === 0) return [field];
  const beyond = typeof field.to === "string" ? wayOf(of(field.to), rest, of) : [];
  return beyond.length > 0 ? [field, ...beyond] : [];
}

function optionSaid(field: Field | undefined, text: string, w: Words): string | undefined {
  const found = (field?.states ?? field?.options)?.find((each) => each.name === text);
  return found && (w(found.title) || text);
}
