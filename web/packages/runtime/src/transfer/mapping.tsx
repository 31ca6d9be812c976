import { useSpeech } from "@lowcode/kit";
import type { Form, ImportAnswer } from "@lowcode/protocol";
import { Select } from "antd";
import { calculated } from "../fields";

export const mappingOf = (answer: ImportAnswer): Record<string, string | null> => Object.fromEntries(answer.columns.map(({ title, field }) => [title, field]));

/** The fields a file may say something about. */
const fieldsOf = (form: Form) => form.fields.filter((field) => (!field.system || field.name === "owner") && field.type !== "relation");

/** So many values show what stands in a column. */
const EXAMPLES = 3;

/** Some of what stands in a column of the file: a title alone does not always say what it holds. */
function examples(answer: ImportAnswer, place: number): string {
  const found = answer.preview.map(({ cells }) => (cells?.[place] ?? "").trim()).filter((each) => each !== "");
  return [...new Set(found)].slice(0, EXAMPLES).join(" · ");
}

/** Which column fills which field; of a field that none may fill, why. */
export function Mapping({ form, answer, change }: { form: Form; answer: ImportAnswer; change: (mapping: Record<string, string | null>) => void }) {
  const { t, w } = useSpeech();
  const closed = new Map((answer.closed ?? []).map((each) => [each.field, each]));
  const open = fieldsOf(form).filter((field) => !closed.has(field.name) && (answer.closed || !calculated(field)));
  const options = [
    { value: null as string | null, label: t("importIgnore"), reason: "" },
    ...open.map((field) => ({ value: field.name as string | null, label: w(field.title) || field.name, reason: "" })),
    ...[...closed.values()].map((each) => ({ value: each.field as string | null, label: each.title, reason: each.reason, disabled: true })),
  ];
  return (
    <div className="lc-mapping">
      {answer.columns.map(({ title, field, why }, place) => (
        <div key={title} className="lc-import-column">
          <label className="lc-import-line">
            <span className="lc-import-title">
              <span>{title}</span>
              <small title={examples(answer, place)}>{examples(answer, place)}</small>
            </span>
            <Select
              aria-label={title}
              value={field}
              options={options}
              showSearch={{ optionFilterProp: "label" }}
              popupMatchSelectWidth={false}
              optionRender={({ data }) => (
                <span className="lc-import-option">
                  <span>{data.label}</span>
                  {data.reason && <small>{data.reason}</small>}
                </span>
              )}
              onChange={(name: string | null) => change({ ...mappingOf(answer), [title]: name })}
            />
          </label>
          {why && !field && <small className="lc-import-why">{why}</small>}
        </div>
      ))}
    </div>
  );
}

/** By which of the filled fields a record is found that is there already. */
export function MatchBy({ form, answer, keys, change }: { form: Form; answer: ImportAnswer; keys: string[]; change: (keys: string[]) => void }) {
  const { t, w } = useSpeech();
  const filled = new Set(answer.columns.map((each) => each.field));
  const options = form.fields.filter((field) => filled.has(field.name) && !field.system).map((field) => ({ value: field.name, label: w(field.title) || field.name }));
  return (
    <label className="lc-import-line">
      <span>{t("importMatch")}</span>
      <Select mode="multiple" value={keys} options={options} placeholder={t("importMatchRules")} showSearch={{ optionFilterProp: "label" }} onChange={change} />
    </label>
  );
}
