import { expect, test } from "vitest";
import { toTheEnd } from "../src/tasks/several";

const item = (subject: string, ...details: string[]) => ({ subject, done: details.length === 0, problems: details.map((detail) => ({ detail })) });

test("asked again behind the last one until none is left, and every refusal is kept", async () => {
  const asked: unknown[] = [];
  const answers = [{ items: [item("A", "locked", "gone"), item("B")], refused: 1, left: 1, next: 2 }, { items: [item("C")], refused: 0, left: 0, next: null }];
  const run = async (parameters: object) => {
    asked.push(parameters);
    return answers[asked.length - 1];
  };
  expect(await toTheEnd(run, { flow: "price" })).toEqual({ done: 2, refused: [{ subject: "A", why: "locked; gone" }] });
  expect(asked).toEqual([{ flow: "price" }, { flow: "price", after: 2 }]);
});

test("an answer that is not about several things says nothing of how many", async () => {
  for (const answer of [null, 3, "", { id: 1 }, { items: [{ id: 1 }] }, { items: [] }]) expect(await toTheEnd(async () => answer, {})).toBeNull();
});

test("none at all", async () => expect(await toTheEnd(async () => ({ items: [], refused: 0, left: 0, next: null }), {})).toEqual({ done: 0, refused: [] }));
