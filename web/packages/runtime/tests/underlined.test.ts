import { lexer, type Token, type Tokens } from "marked";
import { expect, test } from "vitest";
import { underlined } from "../src/widgets/formatted_marks";

const MANY = 5000;
const tokensOf = (text: string): Token[] => (lexer(text, { gfm: true, breaks: true })[0] as Tokens.Paragraph).tokens;
const text = (said: string): Token => ({ type: "text", raw: said, text: said });
const tag = (raw: string): Token => ({ type: "html", raw, text: raw, block: false, pre: false });

/** A token as the tests compare it: words, or what is underlined as a list. */
const brief = (token: Token): unknown => (token.type === "u" ? (token as Tokens.Generic).tokens!.map(brief) : token.raw);

test("what is closed is underlined, also within what is not; what is not closed is text", () => {
  expect(underlined(tokensOf("a <u>b <u>c</u> d")).map(brief)).toEqual(["a ", "<u>", "b ", ["c"], " d"]);
  expect(underlined(tokensOf("a</u> <U>b</U>")).map(brief)).toEqual(["a", "</u>", " ", ["b"]]);
});

test("what is underlined twice is underlined once, however often it is", () => {
  const many = [...Array<Token>(MANY).fill(tag("<u>")), text("b"), ...Array<Token>(MANY).fill(tag("</u>"))];
  expect(underlined(many).map(brief)).toEqual([["b"]]);
  expect(underlined(many)[0]!.raw).toBe(many.map((each) => each.raw).join(""));
});

test("a tag that is never closed is looked at a few times, not once for every tag before it", () => {
  let looks = 0;
  const watched = tag("<u>");
  const last = new Proxy(watched, { get: (of, name) => ((looks += name === "raw" ? 1 : 0), Reflect.get(of, name)) });
  expect(underlined([...Array<Token>(MANY).fill(watched), last])).toHaveLength(MANY + 1);
  expect(looks).toBeLessThan(10);
});
