import { Problem } from "@lowcode/protocol";
import type { Speech } from "./locale";

interface Words {
  title: string;
  hint: string;
}

/** What browsers say when a part of the page could not be fetched: Chromium, Safari, Firefox; and Vite of its style. */
const PART = /dynamically imported module|Importing a module script failed|preload CSS/i;

/** A part of the page is not there: what was fetched once is not fetched again, so only the whole page helps. */
export const isPart = (error: unknown): boolean => error instanceof Error && PART.test(error.message);

const unreached = (code: string, { t }: Speech): Words => {
  if (code === "page.unreadable") return { title: t("strangeAnswer"), hint: t("strangeAnswerHint") };
  return { title: t(code === "page.broken-off" ? "leftOff" : "unreachable"), hint: t("unreachableHint") };
};

/** A refusal without words is none of the server's. */
function unsaid(status: number, { t }: Speech): Words {
  if (status === 413) return { title: t("tooLarge"), hint: t("tooLargeHint") };
  if (status >= 500) return { title: t("busyServer"), hint: t("busyServerHint", { status }) };
  return { title: t("failed"), hint: t("failedHint") };
}

/** What went wrong in the page or on the way. Its own message is for who wrote the page, and in English: the console has it. */
function mishap(error: unknown, { t }: Speech): Words {
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError") return { title: t("stopped"), hint: "" };
  if (name === "TimeoutError") return { title: t("timedOut"), hint: t("timedOutHint") };
  if (isPart(error)) return { title: t("partMissing"), hint: t("partMissingHint") };
  return { title: t("failed"), hint: t("failedHint") };
}

/** What went wrong, in words a person can act on. */
export function explain(error: unknown, speech: Speech): Words {
  const { t } = speech;
  if (error instanceof Problem) {
    if (error.status === 0) return unreached(error.code, speech);
    if (error.general === "" && error.errors.length === 0 && error.status !== 403 && error.status !== 404) return unsaid(error.status, speech);
    if (error.status === 404 && !error.code.startsWith("records.")) return { title: t("notThere"), hint: error.general || t("pageMissingHint") };
    if (error.status === 404) return { title: t("notFound"), hint: t("notFoundHint") };
    if (error.status === 403) return { title: t("forbidden"), hint: error.detail || t("forbiddenHint") };
    return { title: t("failed"), hint: error.general };
  }
  return mishap(error, speech);
}

/** The same in one line, for a short message. */
export function brief(error: unknown, speech: Speech): string {
  const { title, hint } = explain(error, speech);
  return error instanceof Problem && error.status !== 0 && (error.general !== "" || error.status === 403 || error.status === 404) ? hint : title;
}
