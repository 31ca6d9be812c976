import type { Reference } from "@lowcode/protocol";
import { Fragment } from "react";
import { Link } from "./link";
import type { ShowProps, Widget } from "./widget";

const Links = ({ field, value }: ShowProps) => (
  <span className="lc-cell">
    {(value as Reference[]).map((each, index) => (
      <Fragment key={each.id}>
        {index > 0 && "、"}
        <Link field={field} value={each} />
      </Fragment>
    ))}
  </span>
);

export const links: Widget = { Show: Links, width: 200 };
