import { TextInput } from "./text";
import type { InputProps, ShowProps, Widget } from "./widget";

const UrlInput = (props: InputProps) => <TextInput {...props} type="url" mode="url" />;

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

export const url: Widget = { Input: UrlInput, Show: Url, width: 180 };
