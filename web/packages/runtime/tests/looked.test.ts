import { describe, expect, it } from "vitest";
import { isPdf, kindOf, lookOf, textOf } from "../src/widgets/looked";

const bytes = (...all: number[]) => new Uint8Array(all).buffer;

describe("how a file is looked at", () => {
  it("goes by what the server hands out to be shown, and by the ending of texts", () => {
    for (const [name, type, look, kind] of [
      ["a.png", "image/png", "picture", "PNG"],
      ["a.svg", "image/svg+xml", "none", "SVG"],
      ["a.pdf", "application/pdf", "pdf", "PDF"],
      ["a.html", "text/html", "text", "HTML"],
      ["报价.CSV", "application/vnd.ms-excel", "text", "CSV"],
      ["a.mp3", "audio/mpeg", "media", "MP3"],
      ["a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "none", "DOCX"],
      ["README", "application/octet-stream", "none", "application/octet-stream"],
    ] as const)
      expect([name, lookOf({ name, type }), kindOf({ name, type })]).toEqual([name, look, kind]);
  });

  it("reads texts as they were written, also where one is cut off within a character", () => {
    expect(textOf(bytes(0xe4, 0xb8, 0xad, 0xe6))).toBe("中");
    expect(textOf(bytes(0xd6, 0xd0))).toBe("中");
    expect(textOf(bytes(0xff, 0xfe, 0x2d, 0x4e))).toBe("中");
  });

  it("knows a PDF by its beginning", () => {
    expect([isPdf(bytes(10, 0x25, 0x50, 0x44, 0x46, 0x2d)), isPdf(bytes(0x3c, 0x68)), isPdf(bytes())]).toEqual([true, false, false]);
  });
});
