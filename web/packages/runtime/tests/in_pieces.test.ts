import { expect, test } from "vitest";
import { inPieces, type Piece } from "../src/bin/in_pieces";
import type { Deleted } from "../src/bin/return";

const several = (form: string, count: number): Deleted[] => Array.from({ length: count }, (_, id) => ({ form, id }) as Deleted);

test("many go piece by piece, form by form", async () => {
  const seen: [string, number][] = [];
  const found = await inPieces([...several("account", 450), ...several("contact", 1)], async ({ form, ids }) => void seen.push([form, ids.length]));
  expect(seen).toEqual([["account", 200], ["account", 200], ["account", 50], ["contact", 1]]);
  expect(found).toEqual({ left: [] });
});

test("where one piece fails, it and what follows is left, and what was done is not done again", async () => {
  const fault = new Error("away");
  const act = async ({ form }: Piece) => {
    if (form === "contact") throw fault;
  };
  const found = await inPieces([...several("contact", 2), ...several("lead", 1), ...several("account", 1)].reverse(), act);
  expect(found.error).toBe(fault);
  expect(found.left.map(({ form }) => form)).toEqual(["contact", "contact"]);
});
