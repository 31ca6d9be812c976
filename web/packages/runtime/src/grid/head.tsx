import { CaretDownFilled, CaretUpFilled } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Column } from "./columns";
import { keysOf, sortable } from "./orders";
import { Resize } from "./resize";
import { placed, pinOf } from "./row";

interface HeadProps {
  columns: Column[];
  sort: string;
  /** Undefined where the order is not asked for here. */
  order?: (sort: string) => void;
  resize?: (name: string, width: number) => void;
  lead: number;
}

/** The heads of the columns: each orders the list by a press, and is made wider at its edge. */
export function Heads({ columns, sort, order, resize, lead }: HeadProps) {
  const { t, w } = useSpeech();
  const keys = keysOf(sort);
  return columns.map((column, at) => {
    const { field, name, width } = column;
    const title = w(field.title) || name;
    const key = keys.find((each) => each.name === name);
    const next = !key ? name : key.down ? "" : `-${name}`;
    return (
      <th key={name} scope="col" className={pinOf(column).trim() || undefined} style={placed(columns, at, lead)} aria-colindex={at + (lead ? 2 : 1)} aria-sort={key ? (key.down ? "descending" : "ascending") : undefined}>
        {order && sortable(field) ? (
          <button type="button" className="lc-head-sort" title={title} onClick={() => order(next)}>
            <span>{title}</span>
            {key ? key.down ? <CaretDownFilled aria-hidden /> : <CaretUpFilled aria-hidden /> : null}
          </button>
        ) : (
          <span className="lc-head-words" title={title}>
            {title}
          </span>
        )}
        {resize && <Resize label={t("columnWidth", { name: title })} width={width} resize={(wide) => resize(name, wide)} />}
      </th>
    );
  });
}
