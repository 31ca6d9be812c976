import { lexer, type Token, type Tokens } from "marked";

/** Formatted text is kept as Markdown. Here it becomes elements that can be edited, and what was edited (or pasted from
 * elsewhere) becomes Markdown again: only what is listed here is ever made, so nothing of others runs. */

export const SAFE = /^(https?:|mailto:|tel:|#|\/(?!\/))/i;
const HTML = /^\s*<(p|div|ul|ol|li|h[1-6]|br|b|i|u|strong|em|span|table|blockquote|pre|a)\b[^>]*>/i;

/** What a value says as Markdown; programs may have sent HTML. */
export const markdownOf = (value: unknown): string => {
  const text = String(value ?? "");
  return HTML.test(text) ? fromMarkup(text) : text;
};

/** HTML of others as Markdown. It is read apart from the page, so nothing in it is loaded or run. */
export const fromMarkup = (markup: string): string => toMarkdown(new DOMParser().parseFromString(markup, "text/html").body);

// -- to elements ------------------------------------------------------------------------------------------------------

export function toElements(text: string): HTMLElement {
  const root = document.createElement("div");
  append(root, lexer(text, { gfm: true, breaks: true }));
  return root;
}

const BLOCKS: Record<string, string> = { paragraph: "p", blockquote: "blockquote", strong: "strong", em: "em", del: "del" };

function append(parent: HTMLElement, tokens: Token[] | undefined): void {
  for (const token of tokens ?? []) one(parent, token);
}

function inside(parent: HTMLElement, name: string, tokens?: Token[]): HTMLElement {
  const made = parent.appendChild(document.createElement(name));
  append(made, tokens);
  return made;
}

function one(parent: HTMLElement, token: Token): void {
  const { tokens } = token as Tokens.Generic;
  const named = BLOCKS[token.type];
  if (named) inside(parent, named, tokens);
  else if (token.type === "heading") inside(parent, `h${Math.min(6, (token as Tokens.Heading).depth + 2)}`, tokens);
  else if (token.type === "code") inside(parent, "pre").append(token.text as string);
  else if (token.type === "codespan") inside(parent, "code").append(token.text as string);
  else if (token.type === "br" || token.type === "hr") inside(parent, token.type);
  else if (token.type === "link") link(parent, token as Tokens.Link);
  else if (token.type === "list") list(parent, token as Tokens.List);
  else if (token.type === "table") table(parent, token as Tokens.Table);
  else if (token.type === "text" || token.type === "escape") {
    if (tokens) append(parent, tokens);
    else parent.append(decoded(token.text as string));
  } else if (token.type !== "space" && token.type !== "def") parent.append(token.raw);
}

function link(parent: HTMLElement, { href, tokens }: Tokens.Link): void {
  if (!SAFE.test(href)) return append(parent, tokens);
  inside(parent, "a", tokens).setAttribute("href", href);
}

function list(parent: HTMLElement, { ordered, items }: Tokens.List): void {
  const made = inside(parent, ordered ? "ol" : "ul");
  for (const item of items) {
    const row = inside(made, "li");
    if (item.task) row.append(item.checked ? "☑ " : "☐ ");
    append(row, item.tokens.filter((each) => each.type !== "checkbox"));
  }
}

function table(parent: HTMLElement, { header, rows }: Tokens.Table): void {
  const body = inside(inside(parent, "table"), "tbody");
  const head = inside(body, "tr");
  for (const cell of header) inside(head, "th", cell.tokens);
  for (const row of rows) {
    const made = inside(body, "tr");
    for (const cell of row) inside(made, "td", cell.tokens);
  }
}

/** A text with its entities read, blanks at its ends and all; what looks like a tag in it is text. */
export function decoded(text: string): string {
  if (!text.includes("&")) return text;
  const reader = document.createElement("textarea");
  reader.innerHTML = `-${text}`;
  return reader.value.slice(1);
}

// -- to Markdown ------------------------------------------------------------------------------------------------------

const MARKS: Record<string, string> = { STRONG: "**", B: "**", EM: "*", I: "*", DEL: "~~", S: "~~", STRIKE: "~~" };
const BLOCK = new Set(["P", "DIV", "SECTION", "ARTICLE", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "LI", "BLOCKQUOTE", "PRE", "HR", "TABLE", "BODY"]);
const UNSEEN = new Set(["SCRIPT", "STYLE", "HEAD", "META", "LINK", "TITLE", "TEMPLATE"]);
const URLS = /(https?:\/\/[^\s<>]+)/;

export const toMarkdown = (root: Node): string => blocks(root).join("\n\n").trim();

/** The paragraphs, lists and so on in a node; text between them is a paragraph, too. */
function blocks(parent: Node): string[] {
  const found: string[] = [];
  let loose: Node[] = [];
  const settle = () => {
    const text = started(lines(loose.map(inline).join("")));
    if (text.trim()) found.push(text);
    loose = [];
  };
  for (const node of parent.childNodes) {
    if (!BLOCK.has(node.nodeName)) {
      loose.push(node);
      continue;
    }
    settle();
    const text = block(node as Element);
    if (text.trim()) found.push(text);
  }
  settle();
  return found;
}

function block(node: Element): string {
  const name = node.nodeName;
  if (/^H[1-6]$/.test(name)) return `${"#".repeat(Math.max(1, Number(name[1]) - 2))} ${lines(spoken(node)).replace(/\n+/g, " ")}`;
  if (name === "UL" || name === "OL") return items(node, name === "OL");
  if (name === "BLOCKQUOTE") return blocks(node).join("\n\n").replace(/^/gm, "> ");
  if (name === "PRE") return `\`\`\`\n${(node.textContent ?? "").replace(/\n$/, "")}\n\`\`\``;
  if (name === "HR") return "---";
  if (name === "TABLE") return cells(node);
  return blocks(node).join("\n\n");
}

const items = (node: Element, ordered: boolean): string =>
  [...node.children]
    .map((item, at) => {
      const mark = ordered ? `${at + 1}. ` : "- ";
      const within = item.nodeName === "UL" || item.nodeName === "OL" ? [block(item)] : blocks(item);
      return mark + within.join("\n").replace(/\n/g, `\n${" ".repeat(mark.length)}`);
    })
    .join("\n");

function cells(node: Element): string {
  const rows = [...node.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => lines(spoken(cell)).replace(/\n+/g, " ").replaceAll("|", "\\|")));
  const [head, ...others] = rows.map((row) => `| ${row.join(" | ")} |`);
  return head === undefined ? "" : [head, `|${" --- |".repeat(rows[0]!.length)}`, ...others].join("\n");
}

const spoken = (node: Node): string => [...node.childNodes].map(inline).join("");

function inline(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return escaped((node.textContent ?? "").replace(/[\s\u00a0\u200b]+/g, " "));
  if (node.nodeType !== Node.ELEMENT_NODE || UNSEEN.has(node.nodeName)) return "";
  const text = spoken(node);
  const mark = MARKS[node.nodeName];
  if (mark) return around(text, mark);
  if (node.nodeName === "BR") return "\n";
  if (node.nodeName === "CODE") return `\`${(node.textContent ?? "").replaceAll("`", "'")}\``;
  if (node.nodeName === "A") {
    const href = (node as Element).getAttribute("href") ?? "";
    if (!SAFE.test(href) || !text.trim()) return text;
    return node.textContent === href ? href : `[${text.trim()}](${href.replace(/[\s()]/g, encodeURIComponent)})`;
  }
  return text;
}

/** A mark stands at words: blanks at the ends of what is marked are left outside of it. */
function around(text: string, mark: string): string {
  const [, before = "", words = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return words ? `${before}${mark}${words}${mark}${after}` : text;
}

/** What would be read as a mark is written so that it is not; addresses stay as they are. */
const escaped = (text: string): string => text.split(URLS).map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\`*~[\]<]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)/g, "\\$&"))).join("");

const lines = (text: string): string => text.replace(/ *\n */g, "\n").replace(/ {2,}/g, " ").trim();

/** What would be read as the beginning of a list, a heading or a quote. */
const started = (text: string): string => text.replace(/^(#{1,6}|[-+>]|---+)(?=\s|$)/gm, "\\$1").replace(/^(\d+)([.)])(?=\s)/gm, "$1\\$2");
