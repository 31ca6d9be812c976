import type { Reference } from "@lowcode/protocol";
import { Fragment } from "react";
import { Link, LinkInput } from "./link";
import type { InputProps, ShowProps, Widget } from "./widget";

const LinksInput = (props: InputProps) => <LinkInput {...props} many />;

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

export const links: Widget = { Input: LinksInput, Show: Links, width: 200 };
