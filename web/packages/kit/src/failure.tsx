import { Problem } from "@lowcode/protocol";
import { Button } from "antd";
import { Component, type ReactNode } from "react";
import { explain, isPart } from "./explain";
import { useSpeech } from "./locale";
import { Nothing } from "./parts";
import { link } from "./router";

/** What went wrong, with a way on: to try again, or, where that is of no use, to `instead`; from a whole page, home. */
export function Failure({ error, retry, small, page, instead }: { error: unknown; retry?: () => void; small?: boolean; page?: boolean; instead?: ReactNode }) {
  const speech = useSpeech();
  const { title, hint } = explain(error, speech);
  const final = error instanceof Problem && (error.status === 404 || error.status === 403);
  const again = isPart(error) ? () => location.reload() : retry;
  const way = final ? (instead ?? (page && <Button href={link([])}>{speech.t("home")}</Button>)) : undefined;
  return (
    <div role="alert">
      <Nothing small={small} page={page} title={title} hint={hint} action={way || (again && <Button onClick={again}>{speech.t(isPart(error) ? "reload" : "retry")}</Button>)} />
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
