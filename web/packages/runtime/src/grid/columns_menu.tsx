import { SettingOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Button, Checkbox, Popover } from "antd";

/** Chooses the columns of a view. */
export function ColumnsMenu({ form, names, changed, choose }: { form: Form; names: string[]; changed: boolean; choose: (names: string[] | undefined) => void }) {
  const { t, w } = useSpeech();
  const fields = form.fields.filter((field) => !["lines", "json"].includes(field.type));
  const content = (
    <div className="lc-columns">
      {fields.map((field) => (
        <Checkbox
          key={field.name}
          checked={names.includes(field.name)}
          onChange={(event) => choose(event.target.checked ? [...names, field.name] : names.filter((each) => each !== field.name))}
        >
          {w(field.title) || field.name}
        </Checkbox>
      ))}
      {changed && (
        <Button type="link" size="small" onClick={() => choose(undefined)}>
          {t("columnsReset")}
        </Button>
      )}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} title={t("columns")} content={content}>
      <Button icon={<SettingOutlined />} aria-label={t("columns")} />
    </Popover>
  );
}
