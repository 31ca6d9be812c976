/** The pages of visitors: a public form, the confirmation of a letter, a ticket that is scanned. No framework. */

import { labour } from "./digest";
import { Files } from "./files";
import { keep, putBack } from "./kept";

type Words = Record<string, string>;
type Problem = { code?: string; detail?: string; errors?: { pointer: string; detail: string }[] };
type Answer = { status: string; thanks?: string; redirect?: string; ticket?: string; again?: boolean };
type Page = { kind: "form" | "confirm" | "ticket" | "said"; words: Words; token: string; labour: number; seconds: number; conditional: boolean; csrf?: string | null };

const page: Page = JSON.parse(document.getElementById("page")!.textContent!);
const opened = Date.now();
const here = location.pathname;
const query = new URLSearchParams(location.search);
const byId = (id: string) => document.getElementById(id);
const fields = [...document.querySelectorAll<HTMLElement>("[data-field]")];
const files = new Map<string, Files>();
const consents = [...document.querySelectorAll<HTMLElement>("[data-consent]")];

async function post(path: string, body: unknown): Promise<Answer> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (page.csrf) headers["x-csrf-token"] = page.csrf;
  const language = `${path.includes("?") ? "&" : "?"}lang=${encodeURIComponent(document.documentElement.lang)}`;
  const answer = await fetch(path + language, { method: "POST", headers, body: JSON.stringify(body) });
  const found = await answer.json();
  if (!answer.ok) throw found;
  return found;
}

function show(id: string, words: string | null): void {
  const place = byId(id);
  if (!place) return;
  place.textContent = words ?? "";
  place.hidden = !words;
  const field = place.closest<HTMLElement>(".field");
  field?.classList.toggle("wrong", Boolean(words));
  field?.querySelectorAll("input, select, textarea").forEach((each) => each.setAttribute("aria-invalid", String(Boolean(words))));
}

function valueOf(field: HTMLElement): unknown {
  const type = field.dataset["type"];
  const name = field.dataset["field"]!;
  if (field.tagName === "FIELDSET") {
    const chosen = [...field.querySelectorAll<HTMLInputElement>("input:checked")].map((each) => each.value);
    return type === "rating" || type === "integer" ? (chosen[0] ? Number(chosen[0]) : null) : chosen;
  }
  const added = files.get(name);
  if (added) return added.tokens;
  const control = byId(`f-${name}`) as HTMLInputElement;
  if (type === "boolean") return control.checked;
  const text = control.value.trim();
  if (text === "") return null;
  if (type === "link") return Number(text);
  if (type === "percent") return /^-?\d+([.]\d+)?$/.test(text) ? String(Number((Number(text) / 100).toPrecision(15))) : text;
  if (type === "tags") return text.split(/[,，]\s*/);
  if (type === "datetime") {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? text : at.toISOString();
  }
  return text;
}

function values(): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of fields) {
    const value = field.hidden ? null : valueOf(field);
    if (value !== null && !(Array.isArray(value) && value.length === 0)) found[field.dataset["field"]!] = value;
  }
  return found;
}

function source(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of query) if (name.startsWith("utm_") || name === "key") found[name] = value;
  const referrer = query.get("referrer") ?? document.referrer;
  if (referrer) found["referrer"] = referrer;
  found["page"] = query.get("page") ?? location.href.split("?")[0]!;
  return found;
}

function missing(): boolean {
  let first: HTMLElement | null = null;
  for (const field of [...fields, ...consents]) {
    const name = field.dataset["field"];
    const blank = name
      ? ((value) => value === null || value === false || (Array.isArray(value) && value.length === 0))(valueOf(field))
      : !field.querySelector<HTMLInputElement>("input")!.checked;
    const wrong = !field.hidden && "needed" in field.dataset && blank;
    show(name ? `e-${name}` : `e-consent-${field.dataset["consent"]}`, wrong ? page.words[name ? "required" : "agree"]! : null);
    if (wrong) first ??= field;
  }
  first?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  return first !== null;
}

/** Where words about a value stand: at its field, also when one of several values in it is meant. */
function placeOf(pointer: string): string | null {
  const parts = pointer.split("/").slice(1);
  for (; parts.length > 0; parts.pop()) if (byId(`e-${parts.join("-")}`)) return `e-${parts.join("-")}`;
  return null;
}

function refused(problem: Problem): void {
  let placed = 0;
  const others: string[] = [];
  for (const each of problem.errors ?? []) {
    const id = placeOf(each.pointer);
    if (id) show(id, each.detail);
    else others.push(each.detail);
    if (id) placed += 1;
  }
  show("problem", others.join(" ") || (placed ? page.words["wrong"]! : page.words["failed"]!));
  document.querySelector<HTMLElement>(".field.wrong input, .field.wrong select, .field.wrong textarea")?.focus();
}

function way(to: string, words: string, target: string): HTMLAnchorElement {
  const link = document.createElement("a");
  link.className = "button";
  link.href = to;
  link.target = target;
  link.textContent = words;
  return link;
}

function done(answer: Answer): void {
  if (answer.redirect) {
    if (window.parent !== window) window.parent.postMessage({ lowcode: "redirect", to: answer.redirect }, "*");
    else location.assign(answer.redirect);
  }
  (byId("form") ?? byId("asked"))!.hidden = true;
  document.querySelector<HTMLElement>(".intro")?.remove();
  // In another language the page would be an empty form again, and the way to the ticket gone.
  document.querySelector<HTMLElement>(".languages")?.remove();
  const place = byId("done")!;
  const words = document.createElement("p");
  words.className = answer.status === "confirm" ? "thanks waiting" : "thanks";
  words.textContent = answer.status === "confirm" ? page.words["confirm"]! : answer.thanks || page.words["thanks"]!;
  place.append(words);
  const framed = window.parent !== window;
  if (answer.ticket) place.append(way(answer.ticket, page.words["open_ticket"]!, framed ? "_blank" : "_self"));
  // A page that has the bare frame, without the script, hears nothing of where the visitor goes on.
  else if (answer.redirect && framed) place.append(way(answer.redirect, page.words["go_on"]!, "_top"));
  place.hidden = false;
  place.tabIndex = -1;
  place.focus();
}

async function busy(work: () => Promise<void>): Promise<void> {
  const button = byId("send") as HTMLButtonElement;
  const words = button.textContent;
  button.disabled = true;
  button.textContent = page.words["sending"]!;
  show("problem", null);
  try {
    await work();
  } catch (problem) {
    refused(problem instanceof Error ? {} : (problem as Problem));
  } finally {
    button.disabled = false;
    button.textContent = words;
    // A button that cannot be pressed loses the focus: whoever uses the keyboard goes on where they were.
    if (document.activeElement === document.body) button.focus();
  }
}

function form(): void {
  let token = page.token;
  let work = labour(token, page.labour);
  const send = async () => {
    const early = page.seconds * 1000 + 300 - (Date.now() - opened);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const consent = Object.fromEntries(consents.map((each) => [each.dataset["consent"], each.querySelector<HTMLInputElement>("input")!.checked]));
    const body = { values: values(), consent, source: source(), trap: (byId("trap") as HTMLInputElement).value };
    return post(here, { ...body, token, labour: await work });
  };
  const fresh = async () => {
    token = (await (await fetch(`${here}?token`)).json()).token;
    work = labour(token, page.labour);
  };
  const upload = async (field: string, file: File, again = true): Promise<{ file: string; name: string }> => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ field, token, labour: await work })) body.append(name, value);
    body.append("file", file);
    const answer = await fetch(`${here}/files?lang=${encodeURIComponent(document.documentElement.lang)}`, { method: "POST", body });
    const found = await answer.json();
    if (answer.ok) return found;
    if (found.code !== "forms.page-expired" || !again) throw found;
    await fresh();
    return upload(field, file, false);
  };
  for (const each of fields) {
    const name = each.dataset["field"]!;
    if (["attachment", "image"].includes(each.dataset["type"]!)) files.set(name, new Files(name, page.words, upload, (words) => show(`e-${name}`, words)));
  }
  for (const [name, sent] of Object.entries(putBack())) files.get(name)?.putBack(sent);
  document.querySelector(".languages")?.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("a")) return;
    if ([...files.values()].some((each) => each.busy)) {
      event.preventDefault();
      return show("problem", page.words["wait"]!);
    }
    keep(Object.fromEntries([...files].map(([name, each]) => [name, each.sent])));
  });
  byId("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    if ([...files.values()].some((each) => each.busy)) return show("problem", page.words["wait"]!);
    if (missing()) return;
    void busy(async () => {
      try {
        done(await send());
      } catch (problem) {
        if ((problem as Problem).code !== "forms.page-expired") throw problem;
        await fresh();
        await new Promise((resolve) => setTimeout(resolve, page.seconds * 1000 + 300));
        done(await send());
      }
    });
  });
  // What is wrong with a value is said of what was sent; whoever changes it reads it no more.
  byId("form")!.addEventListener("input", (event) => {
    const changed = (event.target as Element).closest<HTMLElement>("[data-field], [data-consent]");
    if (changed) show(changed.dataset["field"] ? `e-${changed.dataset["field"]}` : `e-consent-${changed.dataset["consent"]}`, null);
  });
  if (page.conditional) {
    let due = 0;
    let asked = 0;
    const look = async () => {
      const mine = ++asked;
      const found = (await post(`${here}/look`, { values: values() }).catch(() => null)) as unknown as { hidden: string[]; required: string[]; options: Record<string, string[]> } | null;
      if (!found || mine !== asked) return;
      for (const field of fields) {
        const name = field.dataset["field"]!;
        field.hidden = found.hidden.includes(name);
        const needed = found.required.includes(name);
        if (needed) field.dataset["needed"] = "";
        else delete field.dataset["needed"];
        const star = field.querySelector<HTMLElement>(".star");
        if (star) star.hidden = !needed;
        const known = found.options[name];
        if (known) field.querySelectorAll<HTMLOptionElement>("option[value]").forEach((each) => { each.hidden = each.value !== "" && !known.includes(each.value); });
      }
    };
    byId("form")!.addEventListener("input", () => {
      clearTimeout(due);
      due = window.setTimeout(look, 250);
    });
    void look();
  }
}

if (page.kind === "form") form();
else
  byId("send")?.addEventListener("click", () => {
    void busy(async () => {
      const answer = await post(here, {}).catch((problem: Problem) => {
        // There is nothing to press for: the link has served, or never did.
        if (problem.code === "forms.no-submission") document.querySelectorAll<HTMLElement>("#asked .intro, #send").forEach((each) => { each.hidden = true; });
        throw problem;
      });
      if (page.kind === "confirm") return done(answer);
      byId("send")!.hidden = true;
      const words = document.createElement("p");
      words.className = answer.again ? "came again" : "came";
      words.textContent = page.words[answer.again ? "again" : "came"]!;
      byId("done")!.append(words);
      byId("done")!.hidden = false;
    });
  });

if (window.parent !== window) {
  const tell = () => window.parent.postMessage({ lowcode: "height", height: Math.ceil(document.documentElement.getBoundingClientRect().height), title: document.title }, "*");
  new ResizeObserver(tell).observe(document.body);
  tell();
}
