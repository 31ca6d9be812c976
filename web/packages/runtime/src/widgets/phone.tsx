import { Fragment } from "react";
import type { ShowProps, Widget } from "./widget";

/** Digits a number has at most, with that of its country (E.164). */
const MOST = 15;

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/** What dials a number; an extension after a pause, as it would be pressed. Null: it is under a mask, or not one number. */
export function dial(value: string): string | null {
  const [number = "", extension = ""] = value.split(/[x,#转]/i);
  const digits = digitsOf(number);
  if (value.includes("*") || digits.length === 0 || digits.length > MOST) return null;
  return `tel:${number.replace(/[^\d+]/g, "")}${extension && digitsOf(extension) && `,${digitsOf(extension)}`}`;
}

/** The numbers somebody wrote into one field: `0571-88 / 139…`. What follows an area code (`030/12345`) belongs to it, and
 * a short end (`88123456/57`) is of the number before it, which is called. */
export function numbersIn(value: string): string[] {
  const parts = value.split(/[/、;；，|\n]/).map((each) => each.trim()).filter((each) => each !== "");
  const least = digitsOf(parts[0] ?? "").length;
  const whole = least <= 6 && /^[(（]?[+0]/.test(parts[0] ?? "");
  return (whole ? [value] : parts.filter((each) => digitsOf(each).length * 2 >= least)).filter((each) => dial(each) !== null);
}

const Called = ({ text, number }: { text: string; number: string }) => (
  <a className="lc-number" href={dial(number)!} onClick={(event) => event.stopPropagation()}>
    {text}
  </a>
);

function Phone({ value }: ShowProps) {
  const text = String(value);
  const [first, ...others] = numbersIn(text);
  if (first === undefined) return <span className="lc-number">{text}</span>;
  if (others.length === 0) return <Called text={text} number={first} />;
  return <span>{[first, ...others].map((each, place) => <Fragment key={place}>{place > 0 && " / "}<Called text={each} number={each} /></Fragment>)}</span>;
}

export const phone: Widget = { Show: Phone, width: 130, least: 124 };
