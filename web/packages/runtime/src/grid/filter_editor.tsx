import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Condition, Field, FilterGroup, Form } from "@lowcode/protocol";
import { Button, Select } from "antd";
import { useState } from "react";
import { DEPTH, filterable, finished, isGroup, needsValue, NOTHING, operatorsOf, operatorText, SPANS } from "./conditions";
import { FilterValue } from "./filter_value";

interface EditorProps {
  form: Form;
  filter: FilterGroup;
  change: (filter: FilterGroup) => void;
  close: () => void;
}

/** The condition that a group begins with. */
export const first = (fields: Field[]): Condition => ({ field: fields[0]!.name, operator: operatorsOf(fields[0]!)[0]! });

/** The conditions themselves. */
export default function Editor({ form, filter, change, close }: EditorProps) {
  const { t } = useSpeech();
  const fields = form.fields.filter(filterable);
  const [draft, setDraft] = useState<FilterGroup>(() => (filter.conditions.length > 0 || fields.length === 0 ? filter : { match: "all", conditions: [first(fields)] }));
  const apply = (next: FilterGroup) => {
    change(finished(next));
    close();
  };
  return (
    <form
      className="lc-filter"
      aria-label={t("filter")}
      onSubmit={(event) => {
        event.preventDefault();
        apply(draft);
      }}
    >
      <Group fields={fields} group={draft} change={setDraft} depth={1} />
      <div className="lc-filter-foot">
        <Button onClick={() => apply(NOTHING)}>{t("filterClear")}</Button>
        <Button type="primary" htmlType="submit">
          {t("filterApply")}
        </Button>
      </div>
    </form>
  );
}

interface GroupProps {
  fields: Field[];
  group: FilterGroup;
  change: (group: FilterGroup) => void;
  depth: number;
  remove?: () => void;
}

/** All, any or none of what stands in it; groups may stand in it too. */
export function Group({ fields, group, change, depth, remove }: GroupProps) {
  const { t } = useSpeech();
  const put = (index: number, next: Condition | FilterGroup | null) =>
    change({ ...group, conditions: group.conditions.flatMap((each, at) => (at !== index ? [each] : next === null ? [] : [next])) });
  const add = (next: Condition | FilterGroup) => change({ ...group, conditions: [...group.conditions, next] });
  return (
    <div className={depth > 1 ? "lc-filter-group lc-filter-inner" : "lc-filter-group"} role="group" aria-label={t(`match_${group.match ?? "all"}`)}>
      <div className="lc-filter-match">
        <Select
          size="small"
          variant="filled"
          aria-label={t("filterMatch")}
          value={group.match ?? "all"}
          popupMatchSelectWidth={false}
          options={(["all", "any", "none"] as const).map((each) => ({ value: each, label: t(`match_${each}`) }))}
          onChange={(match) => change({ ...group, match })}
        />
        <span className="lc-grow" />
        {remove && <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("filterRemoveGroup")} onClick={remove} />}
      </div>
      {group.conditions.map((each, index) =>
        isGroup(each) ? (
          <Group key={index} fields={fields} group={each} change={(next) => put(index, next)} depth={depth + 1} remove={() => put(index, null)} />
        ) : (
          <Line key={index} fields={fields} condition={each} change={(next) => put(index, next)} remove={() => put(index, null)} />
        ),
      )}
      {fields.length > 0 && (
        <div className="lc-filter-add">
          <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => add(first(fields))}>
            {t("filterAdd")}
          </Button>
          {depth < DEPTH && (
            <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => add({ match: group.match === "any" ? "all" : "any", conditions: [first(fields)] })}>
              {t("filterAddGroup")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** Whether two comparisons take the same kind of value, so that what was entered may stay. */
const sameKind = (one: string, other: string): boolean => {
  const kind = (operator: string) => (!needsValue(operator) ? "none" : operator === "period" || operator === "between" ? operator : SPANS.has(operator) ? "span" : operator.endsWith("_of") ? "many" : "one");
  return kind(one) === kind(other);
};

function Line({ fields, condition, change, remove }: { fields: Field[]; condition: Condition; change: (next: Condition) => void; remove: () => void }) {
  const { t, w } = useSpeech();
  const field = fields.find((each) => each.name === condition.field) ?? fields[0]!;
  return (
    <div className="lc-filter-line">
      <Select
        aria-label={t("filterField")}
        className="lc-filter-field"
        value={field.name}
        showSearch={{ optionFilterProp: "label" }}
        options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))}
        onChange={(name: string) => change({ field: name, operator: operatorsOf(fields.find((each) => each.name === name)!)[0]! })}
      />
      <Select
        aria-label={t("filterOperator")}
        className="lc-filter-operator"
        value={condition.operator}
        options={operatorsOf(field).map((operator) => ({ value: operator, label: t(operatorText(operator, field)) }))}
        onChange={(operator: string) => change({ ...condition, operator, value: sameKind(condition.operator, operator) ? condition.value : undefined })}
      />
      <div className="lc-filter-value">{needsValue(condition.operator) && <FilterValue field={field} condition={condition} change={change} />}</div>
      <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("remove")} onClick={remove} />
    </div>
  );
}
