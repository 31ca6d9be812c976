import type { Deleted } from "./return";

/** So many are looked at by one request. */
const PIECE = 200;

export interface Piece {
  form: string;
  ids: number[];
}

export function* pieces(items: readonly Deleted[]): Generator<Piece> {
  for (const form of new Set(items.map((each) => each.form))) {
    const ids = items.filter((each) => each.form === form).map((each) => each.id);
    for (let start = 0; start < ids.length; start += PIECE) yield { form, ids: ids.slice(start, start + PIECE) };
  }
}

/** Does something to many, one piece after the other; where one fails, what it was to be done to is left, and all that
 * follows. */
export async function inPieces(items: Deleted[], act: (piece: Piece) => Promise<void>): Promise<{ left: Deleted[]; error?: unknown }> {
  let left = items;
  try {
    for (const piece of pieces(items)) {
      await act(piece);
      const done = new Set(piece.ids);
      left = left.filter((each) => each.form !== piece.form || !done.has(each.id));
    }
    return { left };
  } catch (error) {
    return { left, error };
  }
}
