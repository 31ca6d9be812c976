import type { ShowProps, Widget } from "./widget";

/** Only addresses of the web become links. */
function Url({ value }: ShowProps) {
  const words = String(value);
  if (!/^https?:\/\//i.test(words)) return <>{words}</>;
  return (
    <a href={words} target="_blank" rel="noreferrer noopener" onClick={(event) => event.stopPropagation()}>
      {words.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "")}
    </a>
  );
}

export const url: Widget = { Show: Url, width: 180, least: 120 };
