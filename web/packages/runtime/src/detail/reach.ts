import type { Application, Field, Form, Reached, StoredRecord, Text } from "@lowcode/protocol";
import { useQueries } from "@tanstack/react-query";
import { blank, fieldOf, isMasked } from "../fields";
import { useRuntime } from "../runtime";
import { onLetters } from "../widgets/address";
import { place, spotted, wayTo } from "../widgets/location";
import { dial, numbersIn } from "../widgets/phone";

/** One way to somebody: a number to call, a place to go to. `who`: whose it is, where it is not of the record itself. */
export interface Way {
  key: string;
  by: Reached;
  value: string;
  title: Text;
  who: string;
}

/** What the form names: a field, and whose it is. */
interface Named {
  name: string;
  by: Reached;
  field: Field;
  /** The relation by which it is found, or the link (`contact.mobile`). */
  relation?: NonNullable<Form["relations"]>[number];
  far: boolean;
}

const BY_TYPE: Record<string, Reached> = { phone: "call", email: "mail", address: "map", location: "map" };

/** Where a record is reached at by its form, as far as this person may see it; left out: by its own fields. */
function namedBy(app: Application, form: Form): Named[] {
  const wanted = form.detail?.reach ?? form.fields.filter((each) => each.type in BY_TYPE).map((each) => each.name);
  return wanted.flatMap((each): Named[] => {
    const { field: name, by } = typeof each === "string" ? { field: each, by: null } : each;
    const [head = "", last] = name.split(".");
    const relation = last === undefined || form.fields.some((own) => own.name === head) ? undefined : form.relations?.find((own) => own.name === head);
    const target = relation && app.forms[relation.form];
    const field = target ? fieldOf(app, target, last!) : fieldOf(app, form, name);
    const way = by ?? (field && BY_TYPE[field.type]);
    return field && way ? [{ name: relation ? last! : name, by: way, field, relation, far: !relation && last !== undefined }] : [];
  });
}

const MOST = 20;

/** What somebody is reached at by a value: each of the numbers in it, and nothing where it is under a mask. */
export function reachedAt(by: Reached, value: string): string[] {
  if (isMasked(value)) return [];
  return by === "call" || by === "whatsapp" ? numbersIn(value) : [value];
}

/** The ways to a record, once they are known: its own at once, those of others when they were read. */
export function useWays(form: Form, record: StoredRecord): Way[] {
  const { client, app } = useRuntime();
  const named = namedBy(app, form);
  const far = named.filter((each) => each.far);
  const relations = [...new Set(named.flatMap((each) => each.relation ?? []))];
  const links = far.map((each) => each.name.split(".")[0]!).filter((link) => !blank(record[link]));
  const asked = [
    ...(links.length > 0 ? [{ queryKey: ["record", form.name, record.id, "reach"], queryFn: async () => [await client.get(form.name, record.id, far.map((each) => each.name).join(","))] }] : []),
    ...relations.map((relation) => ({
      queryKey: ["records", relation.form, "reach", form.name, record.id],
      queryFn: async () => {
        const label = app.forms[relation.form]?.label;
        const fields = named.flatMap((each) => (each.relation === relation ? [each.name] : []));
        const where = relation.any ? `${relation.by} = "${form.name}/${record.id}"` : `${relation.by}.id = ${record.id}`;
        return (await client.list(relation.form, { where, fields: [...fields, ...(label ? [label] : [])].join(","), limit: MOST })).items;
      },
    })),
  ];
  const found = useQueries({ queries: asked });
  const answers = found.map((each) => each.data ?? []);
  const of = (each: Named): StoredRecord[] => (each.relation ? (answers[relations.indexOf(each.relation) + asked.length - relations.length] ?? []) : each.far ? (links.length > 0 ? (answers[0] ?? []) : []) : [record]);
  const label = (each: Named, from: StoredRecord) => (each.relation ? from._label : each.far ? ((record[each.name.split(".")[0]!] as { label?: string } | null)?.label ?? "") : "");
  const ways = named.flatMap((each) =>
    of(each).flatMap((from): Way[] => {
      const values = blank(from[each.name]) ? [] : reachedAt(each.by, String(from[each.name]));
      return values.map((value, place) => ({ key: `${each.relation?.name ?? ""}.${each.name}.${from.id}.${place}`, by: each.by, value, title: each.field.title, who: label(each, from) }));
    }),
  );
  return ways.filter((each, index) => ways.findIndex((other) => other.by === each.by && other.value === each.value) === index);
}

/** Numbers that take text messages, as far as that is seen: those of mobile phones, and those of another country. */
export const takesTexts = (value: string): boolean => /^tel:(\+86)?1[3-9]\d{9}$/.test(dial(value) ?? "") || /^\+(?!86)/.test(value);

/** What opens the way on the device: its telephone, its maps, a messenger. Null: the messenger has no address for people. */
export function hrefOf(by: Reached | "sms", value: string): string | null {
  if (by === "call") return dial(value);
  if (by === "sms") return dial(value)?.replace(/^tel:([^,]*).*$/, "sms:$1") ?? null;
  if (by === "mail") return `mailto:${encodeURIComponent(value).replace("%40", "@")}`;
  if (by === "whatsapp") return `https://wa.me/${value.replace(/\D/g, "")}`;
  if (by === "telegram") return `https://t.me/${encodeURIComponent(value.replace(/^@/, ""))}`;
  return by === "map" ? wayTo(place(value) ?? onLetters(value)) : null;
}

/** A place in words: an address as on a letter, what a spot is called, else where it lies. */
export function spotWords(value: string): string {
  const spot = place(value);
  return spot ? spotted(spot) : onLetters(value);
}

/** The address of a messenger's own app, to search there for who has none. */
export const APPS: Partial<Record<Reached, string>> = { wechat: "weixin://", qq: "mqq://" };
