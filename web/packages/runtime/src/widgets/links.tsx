import { useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import type { ReactNode } from "react";
import { called } from "./called";
import { Link } from "./link";
import type { ShowProps, Widget } from "./widget";

/** So many are named in a table or on a card; how many more there are is said behind them. */
const NAMED = 2;

interface TagsProps {
  references: Reference[];
  dense?: boolean;
  children?: (each: Reference) => ReactNode;
}

/** Records by their names; those that are not named are read by resting on the others. */
export function Tags({ references, dense, children }: TagsProps) {
  const speech = useSpeech();
  const named = dense ? references.slice(0, NAMED) : references;
  const more = references.length - named.length;
  return (
    <span className={dense ? "lc-badges lc-links lc-links-few" : "lc-badges lc-links"} title={dense && references.length > 1 ? references.map((each) => called(each, speech)).join("\n") : undefined}>
      {named.map((each) => (
        <span key={each.id} className="lc-badge" style={dense ? { flexShrink: each.label.length ** 2 } : undefined}>
          {children ? children(each) : called(each, speech)}
        </span>
      ))}
      {more > 0 && <span className="lc-quiet">+{more}</span>}
    </span>
  );
}

const Links = ({ field, value, dense }: ShowProps) => (
  <Tags references={value as Reference[]} dense={dense}>
    {(each) => <Link field={field} value={each} />}
  </Tags>
);

export const links: Widget = { Show: Links, width: 240, least: 140 };
