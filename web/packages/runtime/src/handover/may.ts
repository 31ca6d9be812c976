import type { Session } from "@lowcode/protocol";

/** Those who report to somebody, without them. */
export const reporting = ({ actor, moment }: Session): number[] => (moment?.team ?? []).filter((each) => each !== actor.id);

/** Whether somebody may hand over what others own. */
export const mayHandOver = (session: Session): boolean => session.actor.administrator === true || reporting(session).length > 0;
