import { lexer, type Token, type Tokens } from "marked";
import { Fragment, useMemo, type ReactNode } from "react";
import { decoded, SAFE } from "./formatted";
import { underlined } from "./formatted_marks";

/** Markdown as elements of the page: no markup of others is ever read as such. */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true, breaks: true }), [text]);
  return <div className="lc-markdown">{many(tokens)}</div>;
}

const many = (tokens: Token[] | undefined): ReactNode => tokens && underlined(tokens).map((each, index) => <Fragment key={index}>{one(each)}</Fragment>);

function one(token: Token): ReactNode {
  const inner = () => many((token as Tokens.Generic).tokens);
  switch (token.type) {
    case "heading": {
      const Name = `h${Math.min(6, (token as Tokens.Heading).depth + 2)}` as "h3";
      return <Name>{inner()}</Name>;
    }
    case "paragraph":
      return <p>{inner()}</p>;
    case "strong":
      return <strong>{inner()}</strong>;
    case "em":
      return <em>{inner()}</em>;
    case "u" as string:
      return <u>{inner()}</u>;
    case "del":
      return <del>{inner()}</del>;
    case "blockquote":
      return <blockquote>{inner()}</blockquote>;
    case "code":
      return <pre className="lc-code">{token.text as string}</pre>;
    case "codespan":
      return <code>{token.text as string}</code>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "link": {
      const { href, title } = token as Tokens.Link;
      return SAFE.test(href) ? (
        <a href={href} title={title ?? undefined} target="_blank" rel="noreferrer noopener">
          {inner()}
        </a>
      ) : (
        inner()
      );
    }
    case "list": {
      const { ordered, start, items } = token as Tokens.List;
      const rows = items.map((item, index) => <li key={index}>{many(item.tokens)}</li>);
      return ordered ? <ol start={Number(start) || 1}>{rows}</ol> : <ul>{rows}</ul>;
    }
    case "checkbox":
      return <><input type="checkbox" checked={(token as Tokens.Checkbox).checked} readOnly tabIndex={-1} /> </>;
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return (
        <table>
          <thead>
            <tr>{header.map((cell, index) => <th key={index}>{many(cell.tokens)}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>{row.map((cell, at) => <td key={at}>{many(cell.tokens)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      );
    }
    case "text":
    case "escape":
      return (token as Tokens.Text).tokens ? inner() : decoded(token.text as string);
    case "space":
    case "def":
      return null;
    default:
      return <>{token.raw}</>;
  }
}
