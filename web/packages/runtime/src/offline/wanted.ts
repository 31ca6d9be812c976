import type { Field, Form } from "@lowcode/protocol";

/** Of whom people are kept. */
export const PEOPLE = "user";
/** All departments, as the server tells of them; no form is called so. */
export const DEPARTMENTS = "/departments";

/** Under which name the people are kept whom a field may hold: those of its role, as they would be asked for. */
export const peopleOf = ({ role }: Pick<Field, "role">): string => (role ? `${PEOPLE}/${role}` : PEOPLE);

const KINDS: Record<string, (field: Field) => string | undefined> = {
  member: peopleOf,
  members: peopleOf,
  department: () => DEPARTMENTS,
  departments: () => DEPARTMENTS,
  link: ({ to }) => to,
  links: ({ to }) => to,
};

/** What the fields of forms that may be filled in without a network are chosen from, and how much of it is kept. */
export function wanted(forms: Form[], readable: (form: string) => boolean): Map<string, number> {
  const found = new Map<string, number>();
  const take = (field: Field, most: number) => {
    if (field.type === "lines") field.fields?.forEach((each) => take(each, most));
    const target = KINDS[field.type]?.(field);
    if (target && (!field.type.startsWith("link") || readable(target))) found.set(target, Math.max(found.get(target) ?? 0, most));
  };
  for (const form of forms) if (form.offline) form.fields.filter((field) => !field.system).forEach((field) => take(field, form.offline!.choices));
  return found;
}
