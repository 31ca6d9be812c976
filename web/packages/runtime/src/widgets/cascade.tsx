import { useSpeech } from "@lowcode/kit";
import type { Option } from "@lowcode/protocol";
import type { ShowProps, Widget } from "./widget";

function Way({ field, value, dense }: ShowProps) {
  const { w } = useSpeech();
  let level: Option[] | undefined = field.options;
  const words = String(value).split("/").map((step) => {
    const found: Option | undefined = level?.find((each) => each.name === step);
    level = found?.children;
    return (found && w(found.title)) || step;
  });
  return <span className={dense ? "lc-cell" : "lc-text"}>{words.join(" / ")}</span>;
}

export const cascade: Widget = { Show: Way, width: 160, least: 100 };
