import { useSpeech, type TextKey } from "@lowcode/kit";
import { isReference, type Condition, type FilterGroup, type Form } from "@lowcode/protocol";
import { Tag } from "antd";
import { blank, shown } from "../fields";
import { Choice } from "../widgets/select";
import { isGroup, needsValue, operatorText, SPANS } from "./conditions";
import type { ListState } from "./state";

/** The conditions at work, each of which can be taken away. */
export function Chips({ form, state }: { form: Form; state: ListState }) {
  const { t } = useSpeech();
  const { conditions, match } = state.filter;
  if (conditions.length === 0 && !state.drill) return null;
  const whole = (match ?? "all") !== "all" && conditions.length > 1;
  const parts = whole ? [state.filter] : conditions;
  const remove = (index: number) => state.change({ filter: { match: whole ? "all" : match, conditions: whole ? [] : conditions.filter((_, at) => at !== index) } });
  return (
    <div className="lc-chips">
      {state.drill && (
        <Tag closable onClose={() => state.change({ drill: "", view: "" })}>
          {state.drillTitle || t("filterDrill")}
        </Tag>
      )}
      {parts.map((each, index) => (
        <Tag key={JSON.stringify(each) + index} closable onClose={() => remove(index)}>
          {match === "none" && !whole && `${t("match_none_short")} `}
          <Said form={form} part={each} />
        </Tag>
      ))}
    </div>
  );
}

/** A condition in words; a group as what stands in it. */
function Said({ form, part }: { form: Form; part: Condition | FilterGroup }) {
  const { t, w } = useSpeech();
  if (isGroup(part)) {
    const between = part.match === "any" ? t("or") : part.match === "none" ? t("nor") : t("and");
    return (
      <>
        {part.match === "none" && `${t("match_none_short")} `}
        {part.conditions.map((each, index) => (
          <span key={index}>
            {index > 0 && <span className="lc-quiet"> {between} </span>}
            {isGroup(each) ? (
              <>
                (<Said form={form} part={each} />)
              </>
            ) : (
              <Said form={form} part={each} />
            )}
          </span>
        ))}
      </>
    );
  }
  const field = form.fields.find((each) => each.name === part.field);
  return (
    <>
      {w(field?.title) || part.field} {part.operator !== "period" && t(operatorText(part.operator, field))} <Words form={form} condition={part} />
    </>
  );
}

function Words({ form, condition }: { form: Form; condition: Condition }) {
  const { t } = useSpeech();
  const { operator, value } = condition;
  if (!needsValue(operator)) return null;
  if (operator === "period") return <>{t(String(value) as TextKey)}</>;
  if (SPANS.has(operator)) {
    const { count, unit } = value as { count: number; unit: string };
    return <>{`${count} ${t(`unit_${unit}` as TextKey)}`}</>;
  }
  const field = form.fields.find((each) => each.name === condition.field);
  const looks = field && shown(field);
  const values = Array.isArray(value) ? value : [value];
  return (
    <>
      {values.map((each, index) => (
        <span key={index}>
          {index > 0 && (operator === "between" ? " ～ " : "、")}
          {isReference(each) ? each.label : blank(each) ? "…" : <Choice name={String(each)} options={(looks?.states ?? looks?.options)?.map(({ color: _, ...rest }) => rest)} />}
        </span>
      ))}
    </>
  );
}
