import { beforeAll, expect, test } from "vitest";
import { learn, say } from "../../kit/src/say";
import { endedText } from "../src/tasks/ended";

beforeAll(() => learn("en"));

test.each([
  ["approved", "Approved", "Review ended: Approved"],
  ["ended", "Ended", "Review ended"],
])("a flow that ended as %s says so once", (outcome, said, text) => {
  expect(endedText("Review", outcome, said, { t: (key, values) => say(key, "en", values) })).toBe(text);
});
