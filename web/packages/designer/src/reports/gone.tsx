import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Select } from "antd";
import { optionWords, useDesign } from "../design";
import { Labelled } from "../rules/about";
import { useReporting } from "./subject";

/** What a report asks about, where that is no more: another form or dataset is named in its place. */
export function Gone({ form }: { form: string }) {
  const { document, palette, change } = useDesign();
  const { palette: reports } = useReporting();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const set = typeof document["dataset"] === "string" ? document["dataset"] : undefined;
  const key = set === undefined ? "form" : "dataset";
  if (set === undefined ? app.forms[form] : reports.datasets.some((each) => each.name === set)) return null;
  const label = w(optionWords(palette, key));
  const known = key === "dataset" ? reports.datasets.map(({ name, title }) => ({ value: name, label: w(title) || name })) : Object.values(app.forms).map(({ name, title }) => ({ value: name, label: w(title) || name }));
  return (
    <section className="lc-report-about">
      <Labelled label={label} path={[key]}>
        <Select className="lc-fill" status="error" aria-label={label} showSearch={{ optionFilterProp: "label" }} value={(set ?? form) || null} options={known} onChange={(next) => change([key], next)} />
      </Labelled>
    </section>
  );
}
