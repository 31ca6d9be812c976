/** The run-time library of emitted expressions: the same answers as on the server, to the last cent. See docs/expressions-javascript.md. */
import { aggregates } from "./aggregates";
import { readClock, readDay, readInstant } from "./calendar";
import { conversion } from "./conversion";
import { core } from "./core";
import { dates } from "./dates";
import { number } from "./exact";
import { numbers } from "./numbers";
import { texts } from "./texts";
import { fromJson, toJson } from "./values";

export { Exact, number, shortest, written } from "./exact";
export { moment, type MomentState } from "./moment";
export { fromJson, toJson, type Moment } from "./values";

/** What emitted source calls `f`. */
export const library = {
  number: (text: string) => number(text),
  date: readDay,
  datetime: readInstant,
  time: readClock,
  fromJson,
  toJson,
  ...core,
  ...numbers,
  ...texts,
  ...dates,
  ...conversion,
  ...aggregates,
};

export default library;
