import { CloseOutlined, FilterOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Field, Form } from "@lowcode/protocol";
import { Badge, Button, Popover, Select } from "antd";
import { useState } from "react";
import { shown } from "../fields";
import { widgetOf } from "../widgets";
import { tagsOf } from "../widgets/tags";
import { filterable, needsValue, operatorsOf, operatorText, PERIODS, type Condition, type Operator } from "./conditions";

interface FilterProps {
  form: Form;
  conditions: Condition[];
  change: (conditions: Condition[]) => void;
  narrow: boolean;
}

/** Conditions a person puts together; they all have to hold. */
export function Filter({ form, conditions, change, narrow }: FilterProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement={narrow ? "bottom" : "bottomLeft"}
      arrow={false}
      destroyOnHidden
      content={<Conditions form={form} conditions={conditions} change={change} close={() => setOpen(false)} />}
    >
      <Badge count={conditions.length} size="small" color="blue">
        <Button icon={<FilterOutlined />} aria-label={narrow ? t("filter") : undefined} aria-expanded={open}>
          {narrow ? null : t("filter")}
        </Button>
      </Badge>
    </Popover>
  );
}

function Conditions({ form, conditions, change, close }: Omit<FilterProps, "narrow"> & { close: () => void }) {
  const { t } = useSpeech();
  const fields = form.fields.filter(filterable);
  const start = (): Condition => ({ field: fields[0]!.name, operator: operatorsOf(fields[0]!)[0]! });
  const [draft, setDraft] = useState<Condition[]>(() => (conditions.length > 0 ? conditions : fields.length > 0 ? [start()] : []));
  const put = (index: number, next: Condition) => setDraft(draft.map((each, at) => (at === index ? next : each)));
  const apply = () => {
    change(draft.filter((each) => !needsValue(each.operator) || !(each.value == null || each.value === "" || (Array.isArray(each.value) && each.value.length === 0))));
    close();
  };
  return (
    <form
      className="lc-filter"
      aria-label={t("filter")}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <div className="lc-quiet lc-filter-hint">{t("filterHint")}</div>
      {draft.map((condition, index) => (
        <Line key={index} fields={fields} condition={condition} change={(next) => put(index, next)} remove={() => setDraft(draft.filter((_, at) => at !== index))} />
      ))}
      <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setDraft([...draft, start()])} disabled={fields.length === 0}>
        {t("filterAdd")}
      </Button>
      <div className="lc-filter-foot">
        <Button
          onClick={() => {
            change([]);
            close();
          }}
        >
          {t("filterClear")}
        </Button>
        <Button type="primary" htmlType="submit">
          {t("filterApply")}
        </Button>
      </div>
    </form>
  );
}

function Line({ fields, condition, change, remove }: { fields: Field[]; condition: Condition; change: (next: Condition) => void; remove: () => void }) {
  const { t, w } = useSpeech();
  const field = fields.find((each) => each.name === condition.field) ?? fields[0]!;
  const operators = operatorsOf(field);
  return (
    <div className="lc-filter-line">
      <Select
        aria-label={t("filterField")}
        className="lc-filter-field"
        value={field.name}
        showSearch={{ optionFilterProp: "label" }}
        options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))}
        onChange={(name: string) => {
          const next = fields.find((each) => each.name === name)!;
          change({ field: name, operator: operatorsOf(next)[0]! });
        }}
      />
      <Select<Operator>
        aria-label={t("filterOperator")}
        className="lc-filter-operator"
        value={condition.operator}
        options={operators.map((operator) => ({ value: operator, label: t(operatorText(operator)) }))}
        onChange={(operator) => change({ ...condition, operator, value: sameKind(condition.operator, operator) ? condition.value : undefined })}
      />
      <div className="lc-filter-value">{needsValue(condition.operator) && <Value field={field} condition={condition} change={change} />}</div>
      <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("remove")} onClick={remove} />
    </div>
  );
}

const sameKind = (one: Operator, other: Operator): boolean => one !== "period" && other !== "period" && needsValue(one) === needsValue(other);

function Value({ field, condition, change }: { field: Field; condition: Condition; change: (next: Condition) => void }) {
  const { t } = useSpeech();
  const put = (value: unknown) => change({ ...condition, value });
  const label = t("filterValue");
  if (condition.operator === "period")
    return <Select<unknown> aria-label={label} className="lc-fill" placeholder={t("choose")} value={condition.value} options={PERIODS.map((each) => ({ value: each, label: t(each) }))} onChange={put} />;
  const looks = { ...shown(field), widget: undefined, any_level: true, required: false, min: undefined, max: undefined, name: field.name };
  const many = condition.operator === "isOneOf" || condition.operator === "isNoneOf";
  if (looks.type === "select" || looks.type === "state" || looks.type === "multi_select" || looks.type === "tags" || looks.type === "currency" || looks.type === "role") {
    const { Input } = widgetOf("multi_select");
    return <Input field={{ ...looks, widget: undefined, options: looks.states ?? tagsOf(looks) }} value={condition.value} onChange={put} label={label} />;
  }
  if (looks.type === "link" && many) {
    const { Input } = widgetOf("links");
    return <Input field={looks} value={condition.value} onChange={put} label={label} />;
  }
  const type = looks.type === "datetime" ? "date" : ["long_text", "serial", "region", "address", "location", "phone", "email", "url"].includes(looks.type) ? "text" : looks.type === "rating" ? "integer" : looks.type;
  const { Input } = widgetOf(type);
  return <Input field={looks} value={condition.value} onChange={put} label={label} />;
}
