import { Problem } from "@lowcode/protocol";
import { Button } from "antd";
import { Component, type ReactNode } from "react";
import { useSpeech, type Speech } from "./locale";
import { Nothing } from "./parts";
import { link } from "./router";

/** What went wrong, in words a person can act on. */
export function explain(error: unknown, { t }: Speech): { title: string; hint: string } {
  if (error instanceof Problem) {
    if (error.status === 0) return { title: t("unreachable"), hint: t("unreachableHint") };
    if (error.status === 404 && !error.code.startsWith("records.")) return { title: t("notThere"), hint: error.general || t("pageMissingHint") };
    if (error.status === 404) return { title: t("notFound"), hint: t("notFoundHint") };
    if (error.status === 403) return { title: t("forbidden"), hint: error.detail || t("forbiddenHint") };
    return { title: t("failed"), hint: error.general };
  }
  return { title: t("failed"), hint: error instanceof Error ? error.message : String(error) };
}

/** The same in one line, for a short message. */
export function brief(error: unknown, speech: Speech): string {
  const { title, hint } = explain(error, speech);
  return error instanceof Problem && error.status !== 0 ? hint : title;
}

/** What went wrong, with a way on: to try again, or, where that is of no use, to `instead`; from a whole page, home. */
export function Failure({ error, retry, small, page, instead }: { error: unknown; retry?: () => void; small?: boolean; page?: boolean; instead?: ReactNode }) {
  const speech = useSpeech();
  const { title, hint } = explain(error, speech);
  const final = error instanceof Problem && (error.status === 404 || error.status === 403);
  const way = final ? (instead ?? (page && <Button href={link([])}>{speech.t("home")}</Button>)) : undefined;
  return (
    <div role="alert">
      <Nothing small={small} page={page} title={title} hint={hint} action={way || (retry && <Button onClick={retry}>{speech.t("retry")}</Button>)} />
    </div>
  );
}

/** A fault of one part leaves the rest of the page standing. */
export class Boundary extends Component<{ children: ReactNode; at?: string }, { error: unknown }> {
  state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  componentDidUpdate(before: { at?: string }): void {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null });
  }

  render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Failure page error={this.state.error} retry={() => this.setState({ error: null })} />;
  }
}
