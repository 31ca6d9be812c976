/** Draws an application from its definitions: lists, forms, records, boards, approvals, reports, papers. */
export { loadEmitted, type Emitted } from "./expressions";
export { mayHandOver } from "./handover/may";
export { Bell } from "./notifications/bell";
export { SearchBox } from "./search/box";
export { useEvents } from "./notifications/events";
export { RuntimeContext, useRuntime, type FormRequest, type Runtime } from "./runtime";
