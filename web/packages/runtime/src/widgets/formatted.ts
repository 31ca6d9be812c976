import { lexer, type Token, type Tokens } from "marked";
import { decoded, marksIn, piecesOf, SAFE, started, underlined, written, type Mark } from "./formatted_marks";

export { decoded, SAFE };

/** Formatted text is kept as Markdown. Here it becomes elements that can be edited, and what was edited (or pasted from
 * elsewhere) becomes Markdown again: only what is listed here is ever made, so nothing of others runs. */

/** `<u>` alone is our own sign, and says nothing of what follows the words in it. */
const HTML = /^\s*(<u>\s*)*<((p|div|ul|ol|li|h[1-6]|br|b|i|strong|em|span|table|blockquote|pre|a)(\s[^>]*)?\/?|u\s[^>]*)>/i;

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

const BLOCKS: Record<string, string> = { paragraph: "p", blockquote: "blockquote", strong: "strong", em: "em", del: "del", u: "u" };

function append(parent: HTMLElement, tokens: Token[] | undefined): void {
  for (const token of underlined(tokens ?? [])) one(parent, token);
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
  else if (token.type === "heading") heading(parent, token as Tokens.Heading);
  else if (token.type === "code") code(parent, token as Tokens.Code);
  else if (token.type === "codespan") inside(parent, "code").append(token.text as string);
  else if (token.type === "br" || token.type === "hr") inside(parent, token.type);
  else if (token.type === "link") link(parent, token as Tokens.Link);
  else if (token.type === "list") list(parent, token as Tokens.List);
  else if (token.type === "table") table(parent, token as Tokens.Table);
  else if (token.type === "checkbox") parent.append((token as Tokens.Checkbox).checked ? "☑ " : "☐ ");
  else if (token.type === "image") image(parent, token.raw);
  else if (token.type === "html" && (token as Tokens.HTML).block) source(parent, token.raw);
  else if (token.type === "text" || token.type === "escape") {
    if (tokens) append(parent, tokens);
    else parent.append(decoded(token.text as string));
  } else if (token.type !== "space" && token.type !== "def") parent.append(token.raw);
}

function heading(parent: HTMLElement, { depth, tokens }: Tokens.Heading): void {
  const made = inside(parent, `h${Math.min(6, depth + 2)}`, tokens);
  if (depth > 4) made.setAttribute("data-depth", String(depth));
}

function code(parent: HTMLElement, { text, lang }: Tokens.Code): void {
  const made = inside(parent, "pre");
  made.append(text);
  if (lang) made.setAttribute("data-language", lang);
}

/** Markup in a text is text: its lines are kept. */
function source(parent: HTMLElement, raw: string): void {
  const made = inside(parent, "p");
  for (const [at, line] of raw.trim().split("\n").entries()) made.append(...(at ? [document.createElement("br")] : []), line);
}

/** An image stands as it is written. */
function image(parent: HTMLElement, raw: string): void {
  const made = inside(parent, "span");
  made.setAttribute("data-image", "");
  made.append(raw);
}

function link(parent: HTMLElement, { href, title, tokens }: Tokens.Link): void {
  if (!SAFE.test(href)) return append(parent, tokens);
  const made = inside(parent, "a", tokens);
  made.setAttribute("href", href);
  if (title) made.setAttribute("title", title);
}

function list(parent: HTMLElement, { ordered, start, loose, items }: Tokens.List): void {
  const made = inside(parent, ordered ? "ol" : "ul");
  if (ordered && start !== "" && start !== 1) made.setAttribute("start", String(start));
  if (loose) made.setAttribute("data-loose", "");
  for (const item of items) inside(made, "li", item.tokens);
}

function table(parent: HTMLElement, { header, rows }: Tokens.Table): void {
  const body = inside(inside(parent, "table"), "tbody");
  const head = inside(body, "tr");
  for (const cell of header) {
    const made = inside(head, "th", cell.tokens);
    if (cell.align) made.setAttribute("align", cell.align);
  }
  for (const row of rows) {
    const made = inside(body, "tr");
    for (const cell of row) inside(made, "td", cell.tokens);
  }
}

// -- to Markdown ------------------------------------------------------------------------------------------------------

const BLOCK_NAMES = [
  ..."ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6".split(" "),
  ..."HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE UL".split(" "),
];
const BLOCK = new Set(BLOCK_NAMES);
const BLOCKS_WITHIN = BLOCK_NAMES.join(",").toLowerCase();

/** What stands in a line may hold what does not (mail programs write so): then it is a block itself. */
const isBlock = (node: Node): boolean => BLOCK.has(node.nodeName) || (node.nodeType === Node.ELEMENT_NODE && (node as Element).querySelector(BLOCKS_WITHIN) !== null);

export const toMarkdown = (root: Node): string =>
  blocks(root, [])
    .map((each) => each.text)
    .join("\n\n")
    .trim();

interface Block {
  /** The sign of a list's items, "p" of a paragraph. */
  kind: string;
  text: string;
}

/** The paragraphs, lists and so on in a node; text between them is a paragraph, too. */
function blocks(parent: Node, marks: Mark[]): Block[] {
  const found: Block[] = [];
  let loose: Node[] = [];
  const settle = () => {
    const text = started(written(loose.flatMap((each) => piecesOf(each, marks, isBlock))));
    if (text) found.push({ kind: "p", text });
    loose = [];
  };
  for (const node of parent.childNodes) {
    if (!isBlock(node)) {
      loose.push(node);
      continue;
    }
    settle();
    found.push(...block(node as Element, marks, found.at(-1)?.kind ?? "").filter((each) => each.text.trim()));
  }
  settle();
  return found;
}

function block(node: Element, around: Mark[], previous: string): Block[] {
  const name = node.nodeName;
  const as = (text: string, kind = name): Block[] => [{ kind, text }];
  if (/^H[1-6]$/.test(name)) return as(headed(node, around));
  if (name === "UL" || name === "OL") return items(node, around, previous);
  if (name === "BLOCKQUOTE") return as(quoted(blocks(node, around)));
  if (name === "PRE") return as(fenced(node));
  if (name === "HR") return as("---");
  if (name === "TABLE") return as(cells(node, around));
  return blocks(node, marksIn(node, around));
}

function headed(node: Element, around: Mark[]): string {
  const depth = Number(node.getAttribute("data-depth")) || Math.max(1, Number(node.nodeName[1]) - 2);
  const text = flat(node, around).replace(/(^|\s)(#+)$/, "$1\\$2");
  return text && `${"#".repeat(depth)} ${text}`;
}

const quoted = (within: Block[]): string =>
  within
    .map((each) => each.text)
    .join("\n\n")
    .replace(/^(?=.)/gm, "> ")
    .replace(/^$/gm, ">");

function fenced(node: Element): string {
  const text = node.textContent ?? "";
  const language = node.getAttribute("data-language") ?? /\blanguage-([\w+#.-]+)/.exec(`${node.className} ${node.querySelector("code")?.className ?? ""}`)?.[1] ?? "";
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}${language.replace(/[`\s]+/g, " ")}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** What is read as itself right below a line of text. */
const follows = ({ kind, text }: Block): boolean => (/^[.)]$/.test(kind) ? /^1[.)]/.test(text) : /^([-*]|PRE|BLOCKQUOTE|H[1-6])$/.test(kind));

const LISTS = new Set(["UL", "OL"]);

function items(node: Element, around: Mark[], previous: string): Block[] {
  const ordered = node.nodeName === "OL";
  // Two lists that follow each other would be read as one, were their signs the same.
  const sign = ordered ? (previous === "." ? ")" : ".") : previous === "-" ? "*" : "-";
  const first = Number(node.getAttribute("start") ?? 1);
  const all = [...node.childNodes].filter((each) => each.nodeType === Node.ELEMENT_NODE || each.textContent?.trim());
  const rows = all.map((item) => (LISTS.has(item.nodeName) ? block(item as Element, around, "") : blocks(item.nodeType === Node.ELEMENT_NODE ? item : wrapped(item), around)));
  const loose = node.hasAttribute("data-loose") || rows.some((row) => row.some((each, at) => at > 0 && !follows(each)));
  const gap = loose ? "\n\n" : "\n";
  const text = rows.map((row, at) => {
    const mark = ordered ? `${(Number.isInteger(first) && first >= 0 ? first : 1) + at}${sign} ` : `${sign} `;
    const said = row.map((each) => each.text).join(gap);
    return (mark + said.replace(/^[☑☐](?= )/, (box) => (box === "☑" ? "[x]" : "[ ]")).replace(/\n(?=[^\n])/g, `\n${" ".repeat(mark.length)}`)).trimEnd();
  });
  return [{ kind: sign, text: text.join(gap) }];
}

function wrapped(node: Node): Element {
  const made = node.ownerDocument!.createElement("li");
  made.append(node.cloneNode());
  return made;
}

const SIDES: Record<string, string> = { left: ":---", center: ":---:", right: "---:" };

function cells(node: Element, around: Mark[]): string {
  const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node).map((row) => [...row.children]);
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (!width) return "";
  const lines = rows.map((row) => `| ${Array.from({ length: width }, (_, at) => (row[at] ? flat(row[at], around).replaceAll("|", "\\|") : "")).join(" | ")} |`);
  const sides = Array.from({ length: width }, (_, at) => SIDES[rows[0]![at]?.getAttribute("align")?.toLowerCase() ?? ""] ?? "---");
  return [lines[0], `| ${sides.join(" | ")} |`, ...lines.slice(1)].join("\n");
}

/** All that is said in a heading or a cell, in one line. */
const flat = (node: Element, around: Mark[]): string => written([...node.childNodes].flatMap((each) => piecesOf(each, around, isBlock))).replace(/\s*\n+\s*/g, " ");
