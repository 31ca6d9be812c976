import { say, type Speech, type TextKey } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";

/** What an answer is called before it is given. */
export const WORDS: Record<string, TextKey> = { approve: "doApprove", reject: "doReject", complete: "doComplete", abstain: "doAbstain" };
const DECISIONS: Record<string, TextKey> = { approve: "approved", reject: "rejected", complete: "completed", abstain: "abstained", return: "returned", approved: "approved", rejected: "rejected", completed: "completed" };
const OUTCOMES: Record<string, TextKey> = { ...DECISIONS, running: "running", suspended: "flowSuspended", ended: "ended", withdrawn: "flowWithdrawn", cancelled: "flowCancelled", voided: "flowVoided", failed: "flowFailed", open: "running", done: "ended" };
const STEPS: Record<string, TextKey> = { done: "done", kept: "done", approved: "approved", rejected: "rejected", active: "waitingFor", waiting: "waiting", skipped: "skipped", returned: "returned", abstain: "abstained", failed: "flowFailed", open: "waitingFor", cancelled: "notNeeded", transferred: "handedOn", others: "waitsForOthers", completed: "completed" };

const word = (words: Record<string, TextKey>, name: string | null | undefined, locale: string): string => {
  const key = words[name ?? ""];
  return key ? say(key, locale) : (name ?? "");
};

export const decisionText = (name: string | null | undefined, locale: string): string => word(DECISIONS, name, locale);
export const outcomeText = (name: string | null | undefined, locale: string): string => word(OUTCOMES, name, locale);
export const stepText = (name: string | null | undefined, locale: string): string => word(STEPS, name, locale);

export const outcomeColor = (name: string | null | undefined): string =>
  ({ approve: "green", approved: "green", complete: "green", completed: "green", done: "green", reject: "red", rejected: "red", return: "red", returned: "red", failed: "red", suspended: "orange", running: "blue", active: "blue", open: "blue" })[name ?? ""] ?? "grey";

/** What a step is called; what is filled in only when it is reached is left open. */
export const nodeTitle = (title: Text | null | undefined, { w }: Speech): string => w(title).replace(/\s*\{\{[^}]*\}\}\s*/g, " … ").trim();
