/** SHA-256 (FIPS 180-4), at once and without a secure context: a form may stand on an intranet without TLS. */

const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);

function prepare(): void {
  const fraction = (value: number) => Math.floor((value - Math.floor(value)) * 2 ** 32);
  for (let number = 2, found = 0; found < 64; number += 1) {
    let prime = true;
    for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(number));
    ROUNDS[found] = fraction(Math.cbrt(number));
    found += 1;
  }
}

prepare();

const turn = (value: number, by: number) => (value >>> by) | (value << (32 - by));

/** The first 32 bits of the digest: as much as is looked at. */
export function firstBits(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const hash = new Uint32Array(START);
  const words = new Uint32Array(64);
  for (let block = 0; block < blocks; block += 1) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(block * 64 + index * 4);
    for (let index = 16; index < 64; index += 1) {
      const early = words[index - 15]!;
      const late = words[index - 2]!;
      const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
      const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
      words[index] = words[index - 16]! + small + words[index - 7]! + large;
    }
    let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
    for (let index = 0; index < 64; index += 1) {
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[index]! + words[index]!;
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, index) => {
      hash[index] = hash[index]! + value;
    });
  }
  return hash[0]!;
}

/** A number that, behind the token, hashes to so many zero bits; found in small pieces, so that typing stays smooth. */
export async function labour(token: string, bits: number): Promise<string> {
  if (bits === 0) return "";
  for (let number = 0; ; number += 1) {
    if (firstBits(`${token}:${number}`) >>> (32 - bits) === 0) return String(number);
    if (number % 400 === 399) await new Promise((resolve) => setTimeout(resolve));
  }
}
