import type { Speech } from "@lowcode/kit";

/** That a flow is over, and how, where its outcome says more than that it is. `said` is what the outcome is called. */
export const endedText = (name: string, outcome: string | null | undefined, said: string, { t }: Pick<Speech, "t">): string =>
  outcome === "ended" ? t("flowOver", { name }) : t("flowEnded", { name, outcome: said });
