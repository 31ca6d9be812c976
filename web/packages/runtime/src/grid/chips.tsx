import { useSpeech } from "@lowcode/kit";
import { isReference, type Form } from "@lowcode/protocol";
import { Tag } from "antd";
import { shown } from "../fields";
import { Choice } from "../widgets/select";
import { needsValue, operatorText, type Condition } from "./conditions";
import type { ListState } from "./state";
import type { TextKey } from "@lowcode/kit";

/** The conditions at work, each of which can be taken away. */
export function Chips({ form, state }: { form: Form; state: ListState }) {
  const { t, w } = useSpeech();
  if (state.conditions.length === 0 && !state.drill) return null;
  const remove = (index: number) => state.change({ conditions: state.conditions.filter((_, at) => at !== index) });
  return (
    <div className="lc-chips">
      {state.drill && (
        <Tag closable onClose={() => state.change({ drill: "", view: "" })}>
          {state.drillTitle || t("filterDrill")}
        </Tag>
      )}
      {state.conditions.map((condition, index) => {
        const field = form.fields.find((each) => each.name === condition.field);
        if (!field) return null;
        return (
          <Tag key={`${condition.field}${index}`} closable onClose={() => remove(index)}>
            {w(field.title)} {condition.operator !== "period" && t(operatorText(condition.operator))} <Words form={form} condition={condition} />
          </Tag>
        );
      })}
    </div>
  );
}

function Words({ form, condition }: { form: Form; condition: Condition }) {
  const { t } = useSpeech();
  if (!needsValue(condition.operator)) return null;
  const field = form.fields.find((each) => each.name === condition.field)!;
  if (condition.operator === "period") return <>{t(String(condition.value) as TextKey)}</>;
  const looks = shown(field);
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  return (
    <>
      {values.map((value, index) => (
        <span key={index}>
          {index > 0 && "、"}
          {isReference(value) ? value.label : <Choice name={String(value)} options={(looks.states ?? looks.options)?.map(({ color: _, ...rest }) => rest)} />}
        </span>
      ))}
    </>
  );
}
