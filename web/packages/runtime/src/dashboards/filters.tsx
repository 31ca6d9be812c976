import { useSpeech } from "@lowcode/kit";
import type { BoardFilter } from "@lowcode/protocol";
import { Select } from "antd";
import dayjs from "dayjs";
import { lazy, Suspense, type ComponentType } from "react";
import { PERIODS } from "../grid/conditions";
import type { InputProps } from "../widgets";
import { DepartmentInput } from "../widgets/inputs/department";
import { MemberInput } from "../widgets/inputs/member";
import { ChoiceInput } from "../widgets/inputs/select";

const Days = lazy(() => import("./days"));

/** What a board is filtered by, beside the time. */
const INPUTS: Record<string, ComponentType<InputProps>> = { select: ChoiceInput, member: MemberInput, department: DepartmentInput };

/** The filters above a board. */
export function Filters({ filters, values, change }: { filters: BoardFilter[]; values: Record<string, unknown>; change: (values: Record<string, unknown>) => void }) {
  const { t, w } = useSpeech();
  return (
    <div className="lc-board-filters">
      {filters.map((filter) => {
        const value = filter.name in values ? values[filter.name] : filter.value;
        const put = (next: unknown) => change({ ...values, [filter.name]: next });
        const label = w(filter.title) || (filter.type === "period" ? t("period") : filter.name);
        return (
          <div key={filter.name} className="lc-board-filter">
            <span className="lc-quiet" aria-hidden="true">
              {label}
            </span>
            {filter.type === "period" ? <Period label={label} value={value} own={filter.value == null} change={put} /> : <Other filter={filter} label={label} value={value} change={put} />}
          </div>
        );
      })}
    </div>
  );
}

/** Where the board has no period of its own, every chart keeps the one its report says until somebody chooses. */
function Period({ label, value, own, change }: { label: string; value: unknown; own: boolean; change: (value: unknown) => void }) {
  const { t } = useSpeech();
  const range = typeof value === "object" && value !== null ? (value as { from?: string; to?: string }) : null;
  const options = [...(own ? [{ value: "", label: t("periodOwn") }] : []), ...PERIODS.map((each) => ({ value: each as string, label: t(each) })), { value: "all", label: t("all") }, { value: "custom", label: t("custom") }];
  return (
    <>
      <Select
        aria-label={label}
        className="lc-board-select"
        value={range ? "custom" : ((value as string | null) ?? (own ? "" : "all"))}
        options={options}
        onChange={(name) => change(name === "custom" ? { from: dayjs().startOf("month").format("YYYY-MM-DD"), to: dayjs().format("YYYY-MM-DD") } : name || null)}
      />
      {range && (
        <Suspense fallback={null}>
          <Days label={label} from={range.from} to={range.to} change={change} />
        </Suspense>
      )}
    </>
  );
}

function Other({ filter, label, value, change }: { filter: BoardFilter; label: string; value: unknown; change: (value: unknown) => void }) {
  const Input = INPUTS[filter.type] ?? ChoiceInput;
  return (
    <div className="lc-board-select">
      <Input field={{ name: filter.name, type: filter.type, title: label, options: filter.options }} value={value ?? null} onChange={change} label={label} />
    </div>
  );
}
