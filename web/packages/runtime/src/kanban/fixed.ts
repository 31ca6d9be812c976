import type { Field, Form, StoredRecord } from "@lowcode/protocol";
import { usePieces } from "./pieces";

/** Which records of a lane cannot be moved whatever the lane, and why; one question for each piece of it. */
export const useFixed = (form: Form, field: Field, pages: StoredRecord[][]): Map<number, { id: number; message: string }> =>
  usePieces("fixed", form, field, pages, form.permissions["edit"] === true && !field.read_only);
