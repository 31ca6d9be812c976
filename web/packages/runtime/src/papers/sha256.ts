const K = Uint32Array.from({ length: 64 }, (_, place) => fraction(Math.cbrt(prime(place))));

function prime(place: number): number {
  let found = 2;
  for (let count = 0; count < place; count++) do found++; while ([...Array(Math.floor(Math.sqrt(found)) - 1).keys()].some((each) => found % (each + 2) === 0));
  return found;
}

function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) >>> 0;
}

/** The SHA-256 of a file in hexadecimals. Browsers offer their own only on safe connections; a house network may have none. */
export async function sha256(file: Blob): Promise<string> {
  const content = await file.arrayBuffer();
  if (globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", content)));
  return digest(new Uint8Array(content));
}

/** The same, computed here. */
export function digest(content: Uint8Array): string {
  const whole = new Uint8Array(((content.length + 8) >> 6 << 6) + 64);
  whole.set(content);
  whole[content.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(content.length / 2 ** 29));
  view.setUint32(whole.length - 4, (content.length << 3) >>> 0);
  const state = Uint32Array.from({ length: 8 }, (_, place) => fraction(Math.sqrt(prime(place))));
  const words = new Uint32Array(64);
  const turn = (value: number, by: number) => (value >>> by) | (value << (32 - by));
  for (let at = 0; at < whole.length; at += 64) {
    for (let place = 0; place < 64; place++) {
      if (place < 16) words[place] = view.getUint32(at + place * 4);
      else {
        const [early, late] = [words[place - 15]!, words[place - 2]!];
        words[place] = words[place - 16]! + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + words[place - 7]! + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let place = 0; place < 64; place++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[place]! + words[place]!) >>> 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
    }
    [a, b, c, d, e, f, g, h].forEach((each, place) => (state[place] = state[place]! + each));
  }
  return [...state].map((each) => each.toString(16).padStart(8, "0")).join("");
}

const hex = (bytes: Uint8Array) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
