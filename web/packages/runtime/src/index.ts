/** Draws an application from its definitions: lists, forms, records, boards, approvals, reports, papers. */
export { loadEmitted, type Emitted } from "./expressions";
export { Unsent } from "./offline/pill";
export { forget, useWaiting } from "./offline/queue";
export { applicationOf, isCut, keptSession, serveOffline } from "./offline/start";
export { mayHandOver } from "./handover/may";
export { Bell } from "./notifications/bell";
export { endpointHere, goOn, hindrance, keepChoice, receive, silence, type Device, type Devices } from "./notifications/device";
export { placeOf, useFavourites } from "./favourites/favourites";
export { SearchBox } from "./search/box";
export type { Command } from "./search/choices";
export { forgetVisits } from "./search/recent";
export { forgetLeft } from "./form/left";
export { useGoingOn } from "./form/going_on";
export { useEvents } from "./notifications/events";
export { RuntimeContext, useRuntime, type FormRequest, type Runtime } from "./runtime";
export { useOpenTasks } from "./tasks/open";
