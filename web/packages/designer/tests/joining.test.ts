import { expect, test } from "vitest";
import { joinedLatest } from "../src/joining";
import type { Node } from "../src/tree";

test("what is typed while the server merges is merged as well", async () => {
  let now: Node = { title: "a" };
  const asked: Node[] = [];
  const joined = await joinedLatest(() => now, (mine) => {
    asked.push(mine);
    if (asked.length < 3) now = { title: `${String(mine["title"])}b` };
    return Promise.resolve({ document: { ...mine, theirs: true }, base: "{}", clashes: [] });
  });
  expect(asked).toEqual([{ title: "a" }, { title: "ab" }, { title: "abb" }]);
  expect(joined.mine).toBe(now);
  expect(joined.both.document).toEqual({ title: "abb", theirs: true });
});
