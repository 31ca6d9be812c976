import { markdownOf } from "./formatted";
import { Markdown } from "./markdown";

/** Formatted text as elements of the page. */
export default function Formatted({ value }: { value: unknown }) {
  return <Markdown text={markdownOf(value)} />;
}
