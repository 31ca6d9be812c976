import type { Field, Form, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { fieldOf } from "@lowcode/runtime/fields";
import { createContext, use, useMemo, type ReactNode } from "react";
import { DesignContext, useDesign, type Offers, type Palette } from "../design";
import { offersOf } from "../offers";
import { at, isNode, pointerOf, type Node, type Path } from "../tree";
import { actionOf, type Trigger } from "./rule";

/** Something of the app that a rule may name. */
export interface Entry {
  name: string;
  title: Text;
  form?: string;
  bands?: { name: string; title: Text }[];
  inputs?: { name: string; title: Text; expression?: string }[];
  outputs?: { name: string; title: Text }[];
}

export interface RuleTrigger extends Trigger {
  title: Text;
  group: string;
}

export interface ActionKind {
  name: string;
  title: Text;
  group: string;
  begin: Node;
  phases: string[];
}

export interface RulePalette extends Pick<Palette, "schema" | "words" | "functions" | "roles" | "languages"> {
  kinds: ActionKind[];
  triggers: RuleTrigger[];
  /** What the app has, by the option that names it. */
  known: Record<string, Entry[]>;
  analysers: string[];
  events: { name: string; title: Text }[];
  people: { name: string; title: Text }[];
  /** Of each form its related records, with their form. */
  relations: Record<string, Record<string, string>>;
}

interface Speaking {
  palette: RulePalette;
  /** The form that names in expressions belong to; nothing for a rule about no records. */
  about: string;
  /** Whether it is a save that is spoken of, which knows the values before. */
  event: boolean;
  /** What the record is called that expressions over others name as `this`. */
  itself?: Text;
  /** The rows that are spoken of, where names belong to them and to no form. */
  rows?: Form;
  /** What such a row lies in. */
  parent?: Form;
}

const OF_RULE: Text = { "zh-CN": "触发规则的记录", en: "The record of the rule" };

const AboutContext = createContext<Speaking | null>(null);

export function AboutRule({ palette, about, event, itself = OF_RULE, rows, parent, children }: Speaking & { children: ReactNode }) {
  const value = useMemo(() => ({ palette, about, event, itself, rows, parent }), [palette, about, event, itself, rows, parent]);
  return <AboutContext value={value}>{children}</AboutContext>;
}

export function useRule(): Speaking & { itself: Text; form: Form | undefined; ofRule: string } {
  const { app } = useRuntime();
  const found = use(AboutContext);
  const { document } = useDesign();
  if (found === null) throw new Error("useRule outside of the designer of rules");
  return { ...found, itself: found.itself ?? OF_RULE, form: found.rows ?? app.forms[found.about], ofRule: String(document["form"] ?? "") };
}

/** The same about the records of another form: expressions name its fields, and those of the rule's record as `this`. */
export function Elsewhere({ form, children }: { form: string; children: ReactNode }) {
  const { app } = useRuntime();
  const { palette, ofRule, itself } = useRule();
  const design = useDesign();
  const offers = useMemo<Offers>(() => {
    const own = offersOf(form, app.forms);
    const these = offersOf(ofRule, app.forms).own.map((each) => ({ ...each, path: `this.${each.path}` }));
    return ofRule ? { ...own, linked: [...own.linked, { path: "this", title: itself, items: [{ path: "this", title: app.forms[ofRule]?.title ?? ofRule }, ...these] }] } : own;
  }, [form, ofRule, app, itself]);
  return (
    <DesignContext value={{ ...design, offers, palette: { ...design.palette, variables: [] } }}>
      <AboutRule palette={palette} about={form} event={false} itself={itself}>{children}</AboutRule>
    </DesignContext>
  );
}

/** The form that what is said at a place means: that of a link, of related records, or the one that is named. */
export function useMeant(path: Path): string | undefined {
  const { app } = useRuntime();
  const { document } = useDesign();
  const { palette, ofRule } = useRule();
  const said = at(document, path);
  if (!isNode(said)) return undefined;
  const link = app.forms[ofRule]?.fields.find((each) => each.name === (said["link"] ?? said["field"]));
  if (typeof said["form"] === "string" && said["form"] !== "") return said["form"];
  if (typeof said["relation"] === "string") return palette.relations[ofRule]?.[said["relation"]];
  return typeof link?.to === "string" ? link.to : undefined;
}

/** What is done at a place: the word of an action, or the kind of a step. */
export const doneAt = (document: Node, path: Path): string | undefined => {
  const step = path[0] === "nodes" ? at(document, path.slice(0, 2)) : undefined;
  if (isNode(step)) return String(step["type"]);
  const place = path.findIndex((each, index) => each === "actions" && typeof path[index + 1] === "number");
  return place === -1 ? undefined : actionOf(at(document, path.slice(0, place + 2)))?.word;
};

/** What the fields of a form are called, those of linked records among them, and of the record it is done beside. */
export function useFieldAt(form: Form | undefined): (path: string) => Field | undefined {
  const { app } = useRuntime();
  const { ofRule, parent } = useRule();
  return (path) => {
    const of = path.startsWith("this.") ? app.forms[ofRule] : path.startsWith("parent.") && parent ? parent : form;
    return of && fieldOf(app, of, of === form ? path : path.slice(path.indexOf(".") + 1));
  };
}

/** What is wrong at a place itself, or anywhere in it. */
export function Wrong({ path, within = false }: { path: Path; within?: boolean }) {
  const { findings } = useDesign();
  const pointer = pointerOf(path);
  const found = findings.filter((each) => each.pointer === pointer || (within && each.pointer.startsWith(`${pointer}/`)));
  return <>{found.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}</>;
}

/** What is called something, with what is wrong there. */
export function Labelled({ label, path, required = false, deed, within = false, children }: { label: string; path: Path; required?: boolean; deed?: ReactNode; within?: boolean; children: ReactNode }) {
  return (
    <div className="lc-design-option" data-option={String(path[path.length - 1])}>
      <div className="lc-design-label">{label}{required && <span aria-hidden="true"> *</span>} {deed}</div>
      {children}
      <Wrong path={path} within={within} />
    </div>
  );
}

/** A new action with what can be nothing else: the only pool, flow or template there is for the records. */
export function filled(action: Node, word: string, palette: RulePalette, about: string): Node {
  const options = action[word];
  if (typeof options !== "object" || options === null || Array.isArray(options)) return action;
  const chosen = Object.fromEntries(Object.entries(options).map(([name, value]) => {
    const known = value === "" ? (palette.known[name] ?? []).filter((each) => each.form === undefined || each.form === about) : [];
    return [name, known.length === 1 && name !== "message" ? known[0]!.name : value];
  }));
  return { [word]: chosen };
}
