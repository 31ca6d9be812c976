import { lexer, type Token, type Tokens } from "marked";

/** What stands in a line of formatted text, as Markdown: pieces of text, each with the marks on it, written so that they
 * are read back as they were. A mark is only read where it touches a word, so what is not one is left outside of it. */

export const SAFE = /^(https?:|mailto:|tel:|#|\/(?!\/))/i;

/** A mark on a piece: its sign, or the link it is. Marks are one when their keys are. */
export interface Mark {
  key: string;
  href?: string;
  title?: string | null;
}

export interface Piece {
  kind: "text" | "code" | "break" | "raw";
  text: string;
  marks: Mark[];
}

const NAMES: Record<string, string> = { STRONG: "**", B: "**", EM: "*", I: "*", U: "<u>", INS: "<u>", DEL: "~~", S: "~~", STRIKE: "~~" };
const UNSEEN = new Set(["SCRIPT", "STYLE", "HEAD", "META", "LINK", "TITLE", "TEMPLATE"]);
const URLS = /(https?:\/\/[^\s<>]+)/;
const IMAGE = /(!\[(?:\\.|[^\]\\])*\]\((?:\\.|[^)\\])*\))/;

// -- pieces of a node -------------------------------------------------------------------------------------------------

/** The marks within an element: those around it, its own, and less those its style takes away. */
export function marksIn(node: Element, around: Mark[]): Mark[] {
  const { fontWeight = "", fontStyle = "", textDecorationLine = "", textDecoration = "" } = (node as HTMLElement).style ?? {};
  const own = NAMES[node.nodeName];
  const struck = textDecorationLine || textDecoration;
  let marks = own ? [...around, { key: own }] : around;
  if (fontWeight) marks = set(marks, "**", fontWeight === "bold" || fontWeight === "bolder" || Number(fontWeight) >= 600);
  if (fontStyle) marks = set(marks, "*", fontStyle === "italic" || fontStyle === "oblique");
  if (struck.includes("line-through")) marks = set(marks, "~~", true);
  if (struck.includes("underline") && node.nodeName !== "A") marks = set(marks, "<u>", true);
  const href = node.nodeName === "A" ? (node.getAttribute("href") ?? "").trim() : "";
  if (!SAFE.test(href)) return marks;
  const title = node.getAttribute("title");
  return [...marks.filter((each) => each.href === undefined), { key: `a ${href} ${title ?? ""}`, href, title }];
}

const set = (marks: Mark[], key: string, on: boolean): Mark[] => (on ? [...marks, { key }] : marks.filter((each) => each.key !== key));

export function piecesOf(node: Node, around: Mark[], isBlock: (node: Node) => boolean): Piece[] {
  const marks = around.filter((each, at) => around.findIndex((other) => other.key === each.key) === at);
  if (node.nodeType === Node.TEXT_NODE) return [{ kind: "text", text: (node.textContent ?? "").replaceAll("\u200b", "").replace(/[\s\u00a0]+/g, " "), marks }];
  if (node.nodeType !== Node.ELEMENT_NODE || UNSEEN.has(node.nodeName)) return [];
  if (node.nodeName === "BR") return [{ kind: "break", text: "\n", marks }];
  const within = marksIn(node as Element, marks);
  const said = node.textContent ?? "";
  if (node.nodeName === "CODE") return said.trim() ? [{ kind: "code", text: said.replace(/[\s\u00a0]+/g, (blank) => (blank.includes("\n") ? " " : blank)), marks: within }] : [];
  if ((node as Element).hasAttribute("data-image"))
    return said.split(IMAGE).map((text, at): Piece => ({ kind: at % 2 === 1 ? "raw" : "text", text, marks: within }));
  if (node.nodeName === "INPUT" && (node as Element).getAttribute("type") === "checkbox") return [{ kind: "text", text: (node as Element).hasAttribute("checked") ? "☑ " : "☐ ", marks: [] }];
  const found = [...node.childNodes].flatMap((each) => piecesOf(each, within, isBlock));
  return isBlock(node) ? [{ kind: "break", text: "\n", marks: [] }, ...found, { kind: "break", text: "\n", marks: [] }] : found;
}

// -- pieces to Markdown -----------------------------------------------------------------------------------------------

/** The Markdown of pieces; a blank line between paragraphs where two breaks follow each other. */
export function written(pieces: Piece[]): string {
  const paragraphs: Piece[][] = [[]];
  let breaks = 0;
  for (const piece of pieces) {
    if (!piece.text) continue;
    if (piece.kind === "break") breaks += 1;
    else if (piece.kind !== "text" || piece.text.trim() || !breaks) {
      if (breaks > 1) paragraphs.push([]);
      else if (breaks === 1) paragraphs.at(-1)!.push({ kind: "break", text: "\n", marks: sharedMarks(paragraphs.at(-1)!.at(-1), piece) });
      breaks = 0;
      paragraphs.at(-1)!.push(piece);
    }
  }
  return paragraphs
    .map((each) => paragraph(joined(each)))
    .filter(Boolean)
    .join("\n\n");
}

/** Other ways to write marks that cannot be told apart beside or within each other; the last have less of them. */
const WAYS: ((piece: Piece) => Piece)[] = [
  (piece) => piece,
  (piece) => swapped(piece),
  (piece) => (has(piece, "**") ? without(piece, "*") : piece),
  (piece) => without(piece, "*"),
  (piece) => without(without(piece, "*"), "~~"),
  (piece) => without(without(without(piece, "*"), "~~"), "**"),
  (piece) => ({ ...piece, marks: piece.marks.filter((each) => each.href !== undefined) }),
];

/** Of the marks there are, Markdown has no sign for one: it is markup, and the only one that is read. */
const closing = (sign: string): string => (sign === "<u>" ? "</u>" : sign);

/** The tokens of a line, with what is underlined as one that has tokens; what is not closed is text. Underlined within
 * what is underlined is the same underlining: however many tags there are, none is within another. */
export function underlined(tokens: Token[]): Token[] {
  const ends = endsOfTags(tokens);
  const found: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const end = ends.get(at);
    if (end === undefined) found.push(tokens[at]!);
    else {
      const within: Token[] = [];
      for (let inner = at + 1; inner < end; inner++) if (!tagOf(tokens[inner]!)) within.push(tokens[inner]!);
      found.push({ type: "u", raw: tokens.slice(at, end + 1).map((each) => each.raw).join(""), tokens: within } as Token);
      at = end;
    }
  }
  return found;
}

const tagOf = (token: Token): string => (token.type === "html" && /^<\/?u>$/i.test(token.raw) ? token.raw.toLowerCase() : "");

/** Where each tag that is closed is closed; between the two every other is, too. */
function endsOfTags(tokens: Token[]): Map<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    const tag = tagOf(token);
    if (tag === "<u>") open.push(at);
    else if (tag && open.length) ends.set(open.pop()!, at);
  }
  return ends;
}

/** Emphasis has a second sign, for where no letter touches it. */
const swapped = (piece: Piece): Piece => ({ ...piece, marks: piece.marks.map((each) => (each.key === "*" ? { key: "_" } : each)) });

function paragraph(pieces: Piece[]): string {
  const ways = pieces.some((each) => each.marks.length > 0) ? WAYS : WAYS.slice(0, 1);
  let text = "";
  for (const way of ways) {
    text = render(joined(pieces.map(way)), "", "").trim();
    if (ways.length === 1 || bare(said(lexer(started(text), { gfm: true, breaks: true }))) === bare(pieces.map((each) => each.text).join(""))) return text;
  }
  return text;
}

const bare = (text: string): string => text.replace(/\s+/g, "");

/** The words that are read: a sign among them is one that was not read as a mark. */
function said(tokens: Token[]): string {
  return underlined(tokens)
    .map((each) => {
      const { type, tokens: within } = each as Tokens.Generic;
      if (within && type !== "image") return said(within);
      return type === "text" || type === "escape" ? decoded((each as Tokens.Text).text) : type === "codespan" ? (each as Tokens.Codespan).text : each.raw;
    })
    .join("");
}


const has = (piece: Piece | undefined, key: string): boolean => piece?.marks.some((each) => each.key === key) ?? false;
const without = (piece: Piece, key: string): Piece => ({ ...piece, marks: piece.marks.filter((each) => each.key !== key) });
const sharedMarks = (one: Piece | undefined, two: Piece): Mark[] => one?.marks.filter((each) => has(two, each.key)) ?? [];
const same = (one: Piece, two: Piece): boolean => one.marks.length === two.marks.length && one.marks.every((each) => has(two, each.key));

/** Pieces with the same marks are one, and of blanks that meet there is one. */
function joined(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    const ended = !last || last.kind === "break" || (last.kind === "text" && last.text.endsWith(" "));
    const text = piece.kind === "text" && ended ? piece.text.trimStart() : piece.text;
    if (!text) continue;
    if (piece.kind === "break" && last?.kind === "text") last.text = last.text.trimEnd();
    if (last?.kind === piece.kind && piece.kind !== "break" && same(last, piece)) last.text += text;
    else found.push({ ...piece, text });
  }
  return found.filter((each) => each.text);
}

const isBlank = (char: string): boolean => char === "" || /\s/.test(char);
const isSign = (char: string): boolean => /[\p{P}\p{S}]/u.test(char);
const isWord = (char: string): boolean => !isBlank(char) && !isSign(char);
const firstOf = (piece: Piece): string => (piece.kind === "code" ? "`" : ([...piece.text][0] ?? ""));
const lastOf = (piece: Piece): string => (piece.kind === "code" ? "`" : ([...piece.text].at(-1) ?? ""));
const linkOf = (piece: Piece | undefined): Mark | undefined => piece?.marks.find((each) => each.href !== undefined);

/** `before` and `after` are the characters around; what stands in `pieces` may be divided on the way. */
function render(given: Piece[], before: string, after: string): string {
  const pieces = [...given];
  let out = "";
  for (let at = 0; at < pieces.length; ) {
    const previous = pieces[at - 1];
    const left = previous ? (linkOf(previous) ? ")" : lastOf(previous)) : before;
    const [mark, end] = chosen(pieces, at, left, after);
    const next = pieces[end];
    const right = next ? (linkOf(next) ? "[" : firstOf(next)) : after;
    if (!mark) out = put(out, plain(pieces[at]!));
    else {
      const run = pieces.slice(at, end).map((each) => without(each, mark.key));
      if (mark.href !== undefined) out = put(out, link(mark, run, left, right));
      else {
        const sign = mark.key === "_" && (isWord(left) || isWord(right)) ? "*" : mark.key;
        const [before, after] = sign === "<u>" ? [">", "<"] : [left, right];
        out += sign + render(run, before, after) + closing(sign);
      }
    }
    at = end;
  }
  return out;
}

/** The mark to write next and where it ends: the longest, made to begin and end where it will be read. */
function chosen(pieces: Piece[], at: number, left: string, after: string): [Mark | null, number] {
  for (;;) {
    const piece = pieces[at]!;
    const ends = piece.marks.map((each): [Mark, number] => [each, endOf(pieces, at, each.key)]);
    const found = ends.reduce<[Mark, number] | null>((best, each) => (!best || each[1] > best[1] ? each : best), null);
    if (!found) return [null, at + 1];
    const ties = ends.filter(([each, end]) => end === found[1] && each.href === undefined).sort(([one], [two]) => rank(one) - rank(two));
    const longest = found[0].href === undefined ? ties[0]! : found;
    const [mark, end] = longest;
    if (mark.href !== undefined) return longest;
    let until = end;
    let cut = edges(pieces, at, until, mark.key, left, after);
    while (cut !== "divided" && cut > at && cut < until) {
      // What is behind has a link or another mark at the edge, and that goes around: this one is opened anew in it.
      until = cut;
      cut = edges(pieces, at, until, mark.key, left, after);
    }
    if (cut === "divided") continue;
    if (cut === until) return [mark, until];
    const other = ends.filter(([each]) => each !== mark && (each.href !== undefined || mark.key === "~~")).sort((one, two) => (one[0].href === undefined ? 1 : 0) - (two[0].href === undefined ? 1 : 0))[0];
    if (other?.[0].href !== undefined) return other;
    if (!other) return [mark, end];
    const cutOther = edges(pieces, at, other[1], other[0].key, left, after);
    if (cutOther === other[1]) return other;
    if (cutOther !== "divided") return [mark, end];
  }
}

/** What goes around of signs that end together. */
const rank = ({ key }: Mark): number => (key === "<u>" ? -1 : key === "~~" ? 2 : key === "**" ? 1 : 0);

function endOf(pieces: Piece[], at: number, key: string): number {
  let end = at;
  while (has(pieces[end], key)) end += 1;
  return end;
}

/** Whether a mark can stand around `pieces[at..end]`: `end` if so; less when it has to end earlier (`at`: something else
 * has to be around it); "divided" when blanks or signs at the edges were set apart, so that one has to look again. */
function edges(pieces: Piece[], at: number, end: number, key: string, left: string, after: string): number | "divided" {
  const first = pieces[at]!;
  const last = pieces[end - 1]!;
  const next = pieces[end];
  if (key === "<u>") return divide(pieces, at, key, "", true) || divide(pieces, end - 1, key, "", false) ? "divided" : end;
  const right = next ? (linkOf(next) ? "[" : firstOf(next)) : after;
  const lastLink = linkOf(last);
  const straddles = lastLink && has(next, lastLink.key);
  const wraps = (piece: Piece): boolean => linkOf(piece) !== undefined || (key === "~~" && piece.marks.length > 1);
  if (wraps(first) && isWord(left)) return at;
  if (straddles || (wraps(last) && isWord(right))) {
    const around = lastLink ?? last.marks.find((each) => each.key !== key)!;
    let from = end;
    while (from > at && has(pieces[from - 1], around.key)) from -= 1;
    return from;
  }
  if (!linkOf(first) && divide(pieces, at, key, left, true)) return "divided";
  if (!lastLink && divide(pieces, end - 1, key, right, false)) return "divided";
  return end;
}

/** Sets apart what a mark cannot begin (or end) with. */
function divide(pieces: Piece[], at: number, key: string, beside: string, begins: boolean): boolean {
  const piece = pieces[at]!;
  if (piece.kind === "break") return pieces.splice(at, 1, without(piece, key)).length > 0;
  const signs = isWord(beside);
  if (piece.kind !== "text") return signs && pieces.splice(at, 1, without(piece, key)).length > 0;
  const edge = signs ? (begins ? /^[\s\p{P}\p{S}]+/u : /[\s\p{P}\p{S}]+$/u) : begins ? /^\s+/ : /\s+$/;
  const apart = edge.exec(piece.text)?.[0];
  if (!apart) return false;
  const outer = { ...without(piece, key), text: apart };
  const inner = { ...piece, text: begins ? piece.text.slice(apart.length) : piece.text.slice(0, -apart.length) };
  pieces.splice(at, 1, ...[...(begins ? [outer, inner] : [inner, outer])].filter((each) => each.text));
  return true;
}

/** A text with its entities read, blanks at its ends and all; what looks like a tag in it is text. */
export function decoded(text: string): string {
  if (!text.includes("&")) return text;
  const reader = document.createElement("textarea");
  reader.innerHTML = `-${text}`;
  return reader.value.slice(1);
}

// -- words ------------------------------------------------------------------------------------------------------------

/** A "!" before a link would make an image of it. */
const put = (out: string, more: string): string => (more.startsWith("[") && out.endsWith("!") ? `${out.slice(0, -1)}\\!${more}` : out + more);

function plain({ kind, text }: Piece): string {
  if (kind === "text") return escaped(text);
  if (kind !== "code") return text;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return /^`|`$|^ .* $/.test(text) ? `${fence} ${text} ${fence}` : fence + text + fence;
}

function link({ href = "", title }: Mark, run: Piece[], left: string, right: string): string {
  const said = run.map((each) => each.text).join("");
  if (!title && run.length === 1 && run[0]!.kind === "text" && run[0]!.marks.length === 0) {
    const alone = isBlank(left) && isBlank(right);
    const full = /^https?:\/\/[^\s<>]+$/i.test(href) && !/[)\].,;:!?'"*_~]$/.test(href);
    if (said === href && full && alone) return href;
    if (said === href && /^(https?|mailto|tel):[^\s<>]+$/i.test(href)) return `<${href}>`;
    if (href === `mailto:${said}` && /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(said)) return alone && /\w$/.test(said) ? said : `<${said}>`;
    if (href === `http://${said}` && /^www\.[\w./-]*\w$/.test(said) && alone) return said;
  }
  const words = render(run, "[", "]");
  if (!words.trim()) return words;
  const [, start = "", text = "", end = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(words) ?? [];
  const named = title ? ` "${title.replace(/\s+/g, " ").replace(/["\\]/g, "\\$&")}"` : "";
  return `${start}[${text}](${href.replace(/[\s()<>\\"]/g, (char) => (/[()]/.test(char) ? `%${char.charCodeAt(0).toString(16)}` : encodeURIComponent(char)))}${named})${end}`;
}

/** What would be read as a mark is written so that it is not; addresses stay as they are. */
const escaped = (text: string): string => text.split(URLS).map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\`*~[\]<]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)/g, "\\$&"))).join("");

/** What would be read as the beginning of a list, a heading, a quote, a table or a line. */
export const started = (text: string): string =>
  text
    .replace(/^(#{1,6}|[-+])(?=\s|$)/gm, "\\$1")
    .replace(/^(?=>|[-:|=][-:|= ]*$|\|)/gm, "\\")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/gm, "$1\\$2");
