import { expect, test } from "vitest";
import { calledIn, mendedAt } from "../src/elsewhere";

test("what is found in another document is called by its sort, and leads to where that is mended", () => {
  const t = (key: string) => key;
  expect(["flows/ask.json", "app.json", "seed/people.json"].map((path) => calledIn(path, t))).toEqual(["foundFlow ask", "designApp", "seed/people.json"]);
  const places: [string, string | undefined, string[] | null][] = [
    ["app.json", undefined, ["app"]], ["forms/loan.json", undefined, ["forms", "loan"]], ["flows/ask.json", undefined, ["flows", "design", "ask"]], ["printing/slip.json", undefined, ["templates", "slip"]], ["api/in.json", "intake", ["connections", "design", "in"]],
    ["reports/late.json", "report", ["reports", "design", "late"]], ["reports/home.json", "dashboard", ["boards", "design", "home"]], ["reports/sums.json", "dataset", ["reports", "design", "sums"]],
    ["rules/tell.json", undefined, ["rules", "tell"]], ["rules/rate.json", "table", ["tables", "rate"]], ["rules/fit.json", "score_card", ["scores", "fit"]], ["rules/sea.json", "pool", ["pools", "design", "sea"]], ["rules/hail.json", "message", ["messages", "hail"]], ["rules/other.json", "none", null], ["seed/people.json", undefined, null],
  ];
  for (const [path, type, place] of places) expect(mendedAt(path, type)).toEqual(place);
});
