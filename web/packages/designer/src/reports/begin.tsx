import { go, usePlace, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Form, Input, Modal, Segmented, Select } from "antd";
import { namedBy, placed } from "../named";
import { useAbout, type ReportPalette } from "./subject";

export const PLACE = "reports/design";

interface Wish {
  kind: "report" | "dataset" | "funnel";
  title: string;
  name: string;
  about: string;
}

/** A new report, dataset or funnel: what it is called and about which records. It is nobody's before it is published. */
export function BeginReport({ taken, close }: { taken: string[]; close: () => void }) {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const { query } = usePlace();
  const [form] = Form.useForm<Wish>();
  const kind = Form.useWatch("kind", form) ?? "report";
  const palette = useQuery({ queryKey: ["palette", "reports.palette"], queryFn: () => client.run<ReportPalette>("reports.palette", {}), staleTime: Infinity });
  const every = useAbout(palette.data?.subjects ?? []);
  const staged = new Set(Object.values(app.forms).filter((each) => each.fields.some((field) => field.type === "state")).map((each) => each.name));
  const sets = (palette.data?.datasets ?? []).map((each) => ({ value: `dataset:${each.name}`, label: t("reportOfDataset", { name: w(each.title) }) }));
  const groups = kind === "funnel" ? every.slice(0, 1).map((each) => ({ ...each, options: each.options.filter((one) => staged.has(one.value)) })) : kind === "report" && sets.length > 0 ? [...every, { label: t("reportDatasets"), options: sets }] : every;
  const from = query.get("from");
  const dataset = query.get("dataset");
  const begin = ({ title, name, about, kind: sort }: Wish) => {
    const of = from ? { from } : about.startsWith("dataset:") ? { dataset: about.slice(8) } : { form: about };
    const more = from || dataset ? Object.fromEntries(["rows", "columns", "measures", "heat"].map((key) => [key, query.get(key) ?? undefined])) : {};
    go(placed(PLACE, name, { title, kind: sort === "report" ? undefined : sort, ...of, ...more }));
  };
  const about = t("reportAbout");
  return (
    <Modal open title={t("reportNew")} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" initialValues={{ kind: "report", ...(dataset && { about: `dataset:${dataset}` }) }} onFinish={begin} onValuesChange={namedBy(form, "report", (name) => taken.includes(name))}>
        {!from && !dataset && (
          <Form.Item name="kind" label={t("reportWhat")} extra={t(`reportWhat_${kind}`)}>
            <Segmented block options={(["report", "funnel", "dataset"] as const).map((value) => ({ value, label: t(`reportKind_${value}`) }))} onChange={() => form.setFieldValue("about", undefined)} />
          </Form.Item>
        )}
        <Form.Item name="title" label={t("reportTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("reportTitle") }) }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(value) ? Promise.reject(new Error(t("reportTaken"))) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        {!from && (
          <Form.Item name="about" label={about} rules={[{ required: true, message: t("required", { name: about }) }]}>
            <Select showSearch={{ optionFilterProp: "label" }} loading={palette.isPending} disabled={palette.isPending} options={groups} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
