import { lazy, Suspense } from "react";
import { wordsOf } from "./plain_words";
import { PlainText } from "./text";
import type { ShowProps, Widget } from "./widget";

const Markdown = lazy(() => import("./markdown").then((module) => ({ default: module.Markdown })));

function LongText(props: ShowProps) {
  if (props.dense && props.field.widget === "markdown") return <PlainText {...props} value={wordsOf(String(props.value))} />;
  if (props.dense || !props.field.widget || props.field.widget === "text") return <PlainText {...props} />;
  if (props.field.widget === "markdown")
    return (
      <Suspense fallback={<PlainText {...props} />}>
        <Markdown text={String(props.value)} />
      </Suspense>
    );
  return <pre className="lc-code">{String(props.value)}</pre>;
}

export const long_text: Widget = { Show: LongText, width: 260, least: 160, wide: true };
