import { expect, test } from "vitest";
import { digest } from "../src/papers/sha256";

test.each([
  [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  [1, "ca358758f6d27e6cf45272937977a748fd88391db679ceda7dc7bf1f005ee879"],
  [55, "8aa994584139d128848eeebc4e815639ba5ab6e6e39574195a63ac4f14f7c43b"],
  [56, "ad574708f75c044c9b85de64cb568ee7711ff4f36448c6242f053ba8f6cc2b63"],
  [63, "280ed3e8ff1df845b2e7dfe6ac6cee817bef20e783cc65abc41b818b4d2fe076"],
  [64, "c6ab9724ade5b6a7a1edfffb12f3aa9181351355af8fd08c919952ad211339dd"],
  [65, "788367c73c7ddf4c53f65e68cc0d943e6227ab55b0e78ba63ace822b1c6301c0"],
  [1000, "5097e7d587352f5097062ae679f37bda5802d9f875aba14c8cb4d1a188ada179"],
  [100000, "731620161155f68e1209f22bc34a726bf5a583f40acf23ae55684b674fdbebf2"],
])("%i bytes have the digest that others compute", (length, expected) => {
  expect(digest(Uint8Array.from({ length }, (_, place) => (place * 31 + 7) % 256))).toBe(expected);
});
