import { ArrowDownOutlined, ArrowUpOutlined, PushpinFilled, PushpinOutlined, SettingOutlined } from "@ant-design/icons";
import { Opened, useSpeech } from "@lowcode/kit";
import type { Form, Placed } from "@lowcode/protocol";
import { Button, Checkbox, Popover } from "antd";
import { nameOf } from "../fields";
import type { Columns } from "./columns";

type Column = Exclude<Placed, string>;

const asColumn = (placed: Placed): Column => (typeof placed === "string" ? { field: placed } : placed);

/** Chooses the columns of a view, their order, and which of them stay in sight. */
export function ColumnsMenu({ form, columns: { columns, changed, choose } }: { form: Form; columns: Columns }) {
  const { t, w } = useSpeech();
  const fields = form.fields.filter((field) => !field.hidden && !["lines", "json"].includes(field.type));
  const names = columns.map(nameOf);
  const title = (name: string) => w(form.fields.find((field) => field.name === name)?.title) || name;
  const move = (index: number, by: number) => {
    const next = [...columns];
    const [taken] = next.splice(index, 1);
    next.splice(index + by, 0, taken!);
    choose(next);
  };
  const pin = (index: number) => choose(columns.map((each, at) => (at === index ? { ...asColumn(each), pin: asColumn(each).pin ? undefined : "left" } : each)));
  const content = (
    <div className="lc-columns">
      {columns.map((placed, index) => {
        const name = nameOf(placed);
        const pinned = asColumn(placed).pin !== undefined;
        return (
          <div key={name} className="lc-column-line">
            <Checkbox checked onChange={() => choose(columns.filter((_, at) => at !== index))}>
              {title(name)}
            </Checkbox>
            <span className="lc-grow" />
            <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("columnUp", { name: title(name) })} onClick={() => move(index, -1)} />
            <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={index === columns.length - 1} aria-label={t("columnDown", { name: title(name) })} onClick={() => move(index, 1)} />
            <Button type="text" size="small" icon={pinned ? <PushpinFilled /> : <PushpinOutlined />} aria-pressed={pinned} aria-label={t("columnPin", { name: title(name) })} onClick={() => pin(index)} />
          </div>
        );
      })}
      <div className="lc-columns-more">
        {fields
          .filter((field) => !names.includes(field.name))
          .map((field) => (
            <Checkbox key={field.name} checked={false} onChange={() => choose([...columns, field.name])}>
              {w(field.title) || field.name}
            </Checkbox>
          ))}
      </div>
      {changed && (
        <Button type="link" size="small" onClick={() => choose(undefined)}>
          {t("columnsReset")}
        </Button>
      )}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} title={t("columns")} destroyOnHidden content={<Opened>{content}</Opened>}>
      <Button icon={<SettingOutlined />} aria-label={t("columns")} />
    </Popover>
  );
}
