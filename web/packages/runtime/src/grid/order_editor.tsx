import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Field, Form } from "@lowcode/protocol";
import { Button, Select } from "antd";
import { keysOf, sortable } from "./orders";
import type { ListState } from "./state";

/** The fields a list is ordered by, one after the other. */
export default function OrderEditor({ form, state, grouping }: { form: Form; state: ListState; grouping: boolean }) {
  const { t, w } = useSpeech();
  const fields = form.fields.filter(sortable);
  const keys = keysOf(state.sort || state.view?.sort?.join(",") || "");
  const put = (next: typeof keys) => state.change({ sort: next.map(({ name, down }) => (down ? "-" : "") + name).join(",") });
  const title = (field: Field) => w(field.title) || field.name;
  const free = fields.filter((field) => !keys.some((key) => key.name === field.name));
  return (
    <div className="lc-order">
      {grouping && (
        <label className="lc-order-group">
          <span>{t("groupBy")}</span>
          <Select
            aria-label={t("groupBy")}
            value={state.group}
            showSearch={{ optionFilterProp: "label" }}
            options={[{ value: "", label: t("groupNone") }, ...form.fields.filter((field) => field.group && !field.hidden).map((field) => ({ value: field.name, label: title(field) }))]}
            onChange={(group: string) => state.change({ group })}
          />
        </label>
      )}
      {keys.map((key, index) => (
        <div key={key.name} className="lc-order-line">
          <Select
            aria-label={t("filterField")}
            value={key.name}
            showSearch={{ optionFilterProp: "label" }}
            options={fields.filter((field) => field.name === key.name || free.includes(field)).map((field) => ({ value: field.name, label: title(field) }))}
            onChange={(name: string) => put(keys.map((each, at) => (at === index ? { ...each, name } : each)))}
          />
          <Select
            aria-label={t("sortedBy")}
            value={key.down}
            options={[
              { value: false, label: t("sortUp") },
              { value: true, label: t("sortDown") },
            ]}
            onChange={(down: boolean) => put(keys.map((each, at) => (at === index ? { ...each, down } : each)))}
          />
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("remove")} onClick={() => put(keys.filter((_, at) => at !== index))} />
        </div>
      ))}
      {keys.length === 0 && <div className="lc-quiet">{t("sortNone")}</div>}
      {free.length > 0 && keys.length < 5 && (
        <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => put([...keys, { name: free[0]!.name, down: false }])}>
          {t("sortAdd")}
        </Button>
      )}
    </div>
  );
}
