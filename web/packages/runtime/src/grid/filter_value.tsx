import { useSpeech } from "@lowcode/kit";
import type { Condition, Field } from "@lowcode/protocol";
import { InputNumber, Select } from "antd";
import { shown } from "../fields";
import { inputOf } from "../widgets/inputs";
import { tagsOf } from "../widgets/tags";
import { PERIODS, SPANS, UNDER, UNITS } from "./conditions";

interface ValueProps {
  field: Field;
  condition: Condition;
  change: (next: Condition) => void;
}

const AS_TEXT = ["long_text", "serial", "region", "address", "location", "phone", "email", "url", "id_card", "barcode", "link_any"];

/** What a field is compared with. */
export function FilterValue({ field, condition, change }: ValueProps) {
  const { t } = useSpeech();
  const put = (value: unknown) => change({ ...condition, value });
  const label = t("filterValue");
  const { operator, value } = condition;
  if (operator === "period")
    return <Select<unknown> aria-label={label} className="lc-fill" placeholder={t("choose")} value={value} options={PERIODS.map((each) => ({ value: each, label: t(each) }))} onChange={put} />;
  if (SPANS.has(operator)) return <Span value={value} put={put} label={label} />;
  const looks: Field = { ...shown(field), widget: undefined, any_level: true, required: false, min: undefined, max: undefined, until: undefined, name: field.name };
  if (["select", "state", "multi_select", "tags", "currency", "role"].includes(looks.type) && operator !== "starts_with") {
    const Input = inputOf("multi_select");
    return <Input field={{ ...looks, options: looks.states ?? tagsOf(looks) }} value={value} onChange={put} label={label} />;
  }
  // A program that kept this filter may have named records of a tree instead of choosing them.
  if (UNDER.has(operator) && [value].flat().some((each) => typeof each === "string")) {
    const Input = inputOf("tags");
    return <Input field={{ ...looks, type: "tags", free: true, options: undefined, dimensions: undefined }} value={[value].flat()} onChange={put} label={label} />;
  }
  if (looks.type === "link" || looks.type === "links") {
    const Input = inputOf("links");
    return <Input field={{ ...looks, offered: undefined, widget: UNDER.has(operator) ? "tree" : looks.widget }} value={value} onChange={put} label={label} />;
  }
  if (looks.type === "region" && operator === "starts_with") {
    const Input = inputOf("region");
    return <Input field={looks} value={value} onChange={put} label={label} />;
  }
  const type = looks.type === "datetime" ? "date" : AS_TEXT.includes(looks.type) ? "text" : looks.type === "rating" ? "integer" : looks.type;
  const Input = inputOf(type);
  const one = { ...looks, type };
  if (operator !== "between") return <Input field={one} value={value} onChange={put} label={label} />;
  const [low = null, high = null] = Array.isArray(value) ? (value as unknown[]) : [];
  return (
    <span className="lc-filter-between">
      <Input field={one} value={low} onChange={(next) => put([next, high])} label={t("filterFrom")} />
      <span className="lc-quiet">{t("filterTo")}</span>
      <Input field={one} value={high} onChange={(next) => put([low, next])} label={t("filterUntil")} />
    </span>
  );
}

function Span({ value, put, label }: { value: unknown; put: (value: unknown) => void; label: string }) {
  const { t } = useSpeech();
  const { count = null, unit = "day" } = (value ?? {}) as { count?: number | null; unit?: string };
  return (
    <span className="lc-filter-between">
      <InputNumber aria-label={label} min={1} max={1000} precision={0} value={count} onChange={(next) => put({ count: next, unit })} />
      <Select aria-label={t("filterUnit")} className="lc-fill" value={unit} options={UNITS.map((each) => ({ value: each, label: t(`unit_${each}`) }))} onChange={(next) => put({ count, unit: next })} />
    </span>
  );
}
