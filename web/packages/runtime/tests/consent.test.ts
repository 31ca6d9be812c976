import { expect, test } from "vitest";
import { consentWords } from "../src/automation/consent";

const SORTS = ["retire", "purge", "lossy", "reveal", "stranded"];

test("every consent that a publication can ask for is said in words", () => {
  expect(SORTS.map((sort) => consentWords(`${sort}:customer.phone`))).toEqual(SORTS.map((sort) => `publishConsent_${sort}`));
  expect(["odd:x", "odd", ""].map(consentWords)).toEqual(["publishConsent", "publishConsent", "publishConsent"]);
});
