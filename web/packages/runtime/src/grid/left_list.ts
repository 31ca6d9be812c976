/** The list of a form as somebody last saw it, its view and its filters: where they go on when a record is done with. */
const left = new Map<string, string>();

export const leaveList = (form: string, place: string): void => void left.set(form, place);

/** Where a list was left, or the list as it begins. */
export const listOf = (form: string, beginning: string): string => left.get(form) ?? beginning;
