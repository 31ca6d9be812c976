import { describe, expect, it } from "vitest";
import { answerIn, clockIn, momentIn, numberIn } from "../src/form/spoken";
import corpus from "../../../../tests/conformance/forms/spoken.json";

const readers: Record<string, (text: string) => unknown> = { numbers: numberIn, times: clockIn, answers: answerIn };

/** What a cell of a sheet means, in words people use: the corpus that the server runs as well (`test_spoken.py`). */
describe("a cell means one thing or is refused", () => {
  it.each(["numbers", "times", "answers"] as const)("%s", (kind) => {
    const read = readers[kind]!;
    expect(corpus[kind].map(([text]) => [text, read(String(text)) ?? null])).toEqual(corpus[kind]);
  });

  it("days and the times at them", () => {
    const said = corpus.days.map(([text]) => {
      const found = momentIn(String(text), corpus.today);
      return [text, found?.day ?? null, ...(found?.time === undefined ? [] : [found.time])];
    });
    expect(said).toEqual(corpus.days);
  });
});
