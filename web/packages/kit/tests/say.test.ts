import { expect, test } from "vitest";
import { learn, say } from "../src/say";
import { TEXTS } from "../src/texts";

test("one is one, and several are several", async () => {
  await learn("en");
  expect(say("records", "en", { count: 1 })).toBe("1 record");
  expect(say("records", "en", { count: 0 })).toBe("0 records");
  expect(say("importRun", "en", { count: "1,000" })).toBe("Import 1,000 rows");
  expect(say("problemsCount", "en", { count: 1 })).toBe("One field needs attention");
  expect(say("problemsCount", "en", { count: 3 })).toBe("3 fields need attention");
});

test("words from outside are never read as such a choice", async () => {
  await learn("en");
  expect(say("newRecord", "en", { name: "{count:a|b}" })).toBe("New {count:a|b}");
});

/** The values that a text names, whether as they are or for a choice of words. */
const named = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();

test("English asks for no value that Chinese is not given", () => {
  const more = Object.entries(TEXTS).flatMap(([key, [chinese, english]]) => named(english).filter((each) => !named(chinese).includes(each)).map((each) => `${key}: ${each}`));
  expect(more).toEqual([]);
});
