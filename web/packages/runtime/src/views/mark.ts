import { colorOf, shades } from "@lowcode/kit";
import { isReference, type Field, type StoredRecord } from "@lowcode/protocol";

/** The colour of a record in a view: that of its option or state; of a link, a person or a department one that stays with
 * whom it names, in every view and on every device. */
export function markOf(by: Field | undefined, record: StoredRecord): string {
  const value = by && record[by.name];
  if (isReference(value)) return shades(value.hidden ? undefined : colorOf(value.label)).solid;
  return shades((by?.states ?? by?.options)?.find((each) => each.name === value)?.color).solid;
}
