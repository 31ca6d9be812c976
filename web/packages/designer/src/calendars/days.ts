import { at, isNode, put, type Node, type Path } from "../tree";

/** Days of a calendar as they are written: those that are free, and those that are worked all the same. Pure. */
export const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

export const textsAt = (document: Node, path: Path): string[] => {
  const found = at(document, path);
  return Array.isArray(found) ? found.map(String) : [];
};

const listed = (days: Iterable<string>): string[] | undefined => {
  const sorted = [...new Set(days)].sort();
  return sorted.length === 0 ? undefined : sorted;
};

/** The document with a day that is free, or worked, whatever else is said of it; or with nothing said of it. */
export function said(document: Node, calendar: Path, day: string, what: "holidays" | "workdays" | null): Node {
  const lists = ["holidays", "workdays"] as const;
  return lists.reduce((whole, list) => {
    const others = textsAt(whole, [...calendar, list]).filter((each) => each !== day);
    return put(whole, [...calendar, list], listed(list === what ? [...others, day] : others));
  }, document);
}

/** The document with many days at once; those of other years stay as they are. */
export function taken(document: Node, calendar: Path, days: Days): Node {
  const all = [...days.free, ...days.worked];
  const without = all.reduce((whole, day) => said(whole, calendar, day, null), document);
  const put_ = (whole: Node, list: string, more: string[]) => put(whole, [...calendar, list], listed([...textsAt(whole, [...calendar, list]), ...more]));
  return put_(put_(without, "holidays", days.free), "workdays", days.worked);
}

export interface Days {
  free: string[];
  worked: string[];
}

const DAY = /(?:(\d{4}\s*年|次年|明年))?\s*(?:(\d{1,2})\s*月)?\s*(\d{1,2})\s*日/.source;
const ASIDE = /\s*(?:[（(][^）)]*[）)])?/.source;
const STRETCH = new RegExp(`${DAY}${ASIDE}(?:\\s*(?:至|到|-|—|~|～)\\s*${DAY}${ASIDE})?`, "g");
const ISO = /\d{4}-\d{2}-\d{2}/g;

const written = (year: number, month: number, day: number): string | null => {
  const found = new Date(Date.UTC(year, month - 1, day));
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? found.toISOString().slice(0, 10) : null;
};

const ONE_DAY = 86_400_000;
/** So many days at most lie between two that are named together. */
const LONGEST = 60;

function between(first: string, last: string): string[] {
  const [begin, end] = [Date.parse(first), Date.parse(last)];
  const count = Math.round((end - begin) / ONE_DAY) + 1;
  return count < 1 || count > LONGEST ? [first] : Array.from({ length: count }, (_, ahead) => new Date(begin + ahead * ONE_DAY).toISOString().slice(0, 10));
}

/** The days that a notice of holidays names, as the State Council words it: “1月1日（周四）至3日（周六）放假调休，共3天。
 * 1月4日（周日）上班。” A sentence says whether its days are free or worked; days written as 2027-01-01 are free, unless
 * their sentence says that they are worked. */
export function read(notice: string, year: number): Days {
  const free: string[] = [];
  const worked: string[] = [];
  let of = Number(/(\d{4})\s*年/.exec(notice)?.[1] ?? year);
  let month = 0;
  let told = of; // the year that was written last: “次年” is the one after it, however often it is said
  const yearOf = (said: string | undefined): number => (said === undefined ? of : /^\d/.test(said) ? (told = parseInt(said, 10)) : told + 1);
  for (const sentence of notice.split(/[。；;\n]/)) {
    const where = /上班|工作日|worked/i.test(sentence) ? worked : /放假|休息|休\d|free|holiday/i.test(sentence) || (sentence.match(ISO) ?? []).length > 0 ? free : null;
    if (where === null) continue;
    where.push(...(sentence.match(ISO) ?? []));
    for (const found of sentence.matchAll(STRETCH)) {
      const [m1, d1, m2, d2] = [found[2], found[3], found[5], found[6]].map((each) => (each === undefined ? undefined : Number(each)));
      of = yearOf(found[1]);
      month = m1 ?? month;
      const first = written(of, month, d1!);
      if (first === null) continue;
      if (d2 === undefined) {
        where.push(first);
        continue;
      }
      [of, month] = [yearOf(found[4]), m2 ?? month];
      const last = written(of, month, d2);
      where.push(...(last === null ? [first] : between(first, last)));
    }
  }
  const days = (list: string[], but: string[] = []) => [...new Set(list)].filter((each) => !but.includes(each)).sort();
  return { free: days(free, worked), worked: days(worked) };
}

/** The place of a calendar in the document: the usual one, or one of a team by its name. */
export function placeOf(document: Node, name: string | null): Path | null {
  if (name === null) return ["calendar"];
  const found = document["calendars"];
  const place = (Array.isArray(found) ? found : []).findIndex((each) => isNode(each) && each["name"] === name);
  return place === -1 ? null : ["calendars", place];
}
