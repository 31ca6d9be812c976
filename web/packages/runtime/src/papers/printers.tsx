import { brief, useSpeech } from "@lowcode/kit";
import { address } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, AutoComplete, Button, Form, InputNumber, Modal, Select, Space } from "antd";
import { useEffect, useState } from "react";
import { useRuntime } from "../runtime";

interface Printer {
  name: string;
  right: number;
  down: number;
}
const REMEMBERED = "lowcode.printer";

function remembered(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

/** The printer beside this browser: chosen once, remembered here; its correction is everybody's. */
export function usePrinter() {
  const { client } = useRuntime();
  const [chosen, choose] = useState(remembered);
  const found = useQuery({ queryKey: ["printers"], queryFn: () => client.run<{ items: Printer[] }>("printing.printers") });
  const printers = found.data?.items ?? [];
  return {
    printers,
    printer: printers.some((each) => each.name === chosen) ? chosen : "",
    choose: (name: string) => {
      try {
        localStorage.setItem(REMEMBERED, name);
      } catch {
        // a browser that keeps nothing asks again
      }
      choose(name);
    },
  };
}

/** Which printer it goes to, and the way to its calibration. */
export function PrinterChoice({ state, calibrate }: { state: ReturnType<typeof usePrinter>; calibrate: () => void }) {
  const { t } = useSpeech();
  return (
    <Space.Compact>
      <Select aria-label={t("printerName")} value={state.printer} onChange={state.choose} style={{ minWidth: 120 }} options={[{ value: "", label: t("printerNone") }, ...state.printers.map(({ name }) => ({ value: name, label: name }))]} />
      <Button onClick={calibrate}>{t("printers")}</Button>
    </Space.Compact>
  );
}

/** How far a printer is off: measured on a test sheet, filled in, kept. */
export function Calibration({ state, close }: { state: ReturnType<typeof usePrinter>; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, locale } = speech;
  const [form] = Form.useForm<Printer>();
  const name = Form.useWatch("name", form);
  const known = state.printers.find((each) => each.name === name);
  useEffect(() => {
    if (known) form.setFieldsValue(known);
  }, [known, form]);
  const save = async ({ name, right, down }: Printer) => {
    try {
      await client.run("printing.calibrate", { name: name.trim(), right, down });
      await queries.invalidateQueries({ queryKey: ["printers"] });
      state.choose(name.trim());
      void message.success(t("printerSaved"));
      close();
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  return (
    <Modal open title={t("printers")} onCancel={close} footer={null} destroyOnHidden>
      <p className="lc-quiet">{t("printerHint")}</p>
      <Form form={form} layout="vertical" initialValues={{ name: state.printer, right: 0, down: 0 }} onFinish={(printer) => void save(printer)}>
        <Form.Item name="name" label={t("printerName")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("printerName") }) }]}>
          <AutoComplete options={state.printers.map((each) => ({ value: each.name }))} />
        </Form.Item>
        <Space size="large" wrap>
          <Form.Item name="right" label={t("printerRight")}>
            <InputNumber min={-50} max={50} step={0.1} />
          </Form.Item>
          <Form.Item name="down" label={t("printerDown")}>
            <InputNumber min={-50} max={50} step={0.1} />
          </Form.Item>
        </Space>
        <div className="lc-paper-send">
          <Button href={address("printers/test-sheet", { printer: known?.name, language: locale, download: true })}>{t("printerSheet")}</Button>
          <Button type="primary" htmlType="submit">
            {t("save")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
