import { expect, test } from "vitest";
import { copied } from "../src/copied";

test("what cannot be copied, or may not be, is said and stops nothing", async () => {
  const texts: string[] = [];
  const into = (allowed: boolean) => ({ writeText: (text: string) => (allowed ? Promise.resolve(void texts.push(text)) : Promise.reject(new Error("NotAllowedError"))) });
  expect(await Promise.all([null, into(false), into(true)].map((clipboard) => copied("anna", clipboard)))).toEqual([false, false, true]);
  expect(texts).toEqual(["anna"]);
});
