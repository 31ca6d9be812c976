import type { Field, Form, Standing, StoredRecord } from "@lowcode/protocol";
import { usePieces } from "./pieces";

/** For how long the records of a lane have stood there, where its state has a limit; one question for each piece of it. */
export const useAges = (form: Form, field: Field, lane: string, pages: StoredRecord[][]): Map<number, Standing & { id: number }> =>
  usePieces("standing", form, field, pages, field.states?.find((each) => each.name === lane)?.limit !== undefined);
