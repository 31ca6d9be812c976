import { useSpeech } from "@lowcode/kit";
import { address } from "@lowcode/protocol";
import { Button, Form, InputNumber, Radio } from "antd";
import { useState } from "react";
import { Calibration, PrinterChoice, usePrinter } from "./printers";

export interface LabelPaper {
  name: string;
  outputs?: string[];
  labels?: number | null;
  roll?: boolean;
}

/** Labels of the chosen records: from which place of the sheet on, how many of each, for which printer. */
export function Labels({ paper, ids }: { paper: LabelPaper; ids: number[] }) {
  const { t, locale } = useSpeech();
  const state = usePrinter();
  const [start, setStart] = useState(1);
  const [copies, setCopies] = useState(1);
  const [format, setFormat] = useState("pdf");
  const [calibrating, setCalibrating] = useState(false);
  const formats = [{ value: "pdf", label: t(paper.labels ? "labelSheetPdf" : "labelRollPdf") }, ...(paper.roll && paper.outputs?.includes("zpl") ? [{ value: "zpl", label: t("labelZpl") }] : [])];
  const asked = { ids: ids.join(","), start: paper.labels ? start : 1, copies, format, language: locale, printer: state.printer };
  return (
    <Form layout="vertical">
      {paper.labels ? (
        <Form.Item label={t("labelStart")}>
          <InputNumber min={1} max={paper.labels} precision={0} value={start} onChange={(value) => setStart(value ?? 1)} aria-label={t("labelStart")} />
        </Form.Item>
      ) : null}
      <Form.Item label={t("labelCopies")}>
        <InputNumber min={1} max={500} precision={0} value={copies} onChange={(value) => setCopies(value ?? 1)} aria-label={t("labelCopies")} />
      </Form.Item>
      {formats.length > 1 && (
        <Form.Item>
          <Radio.Group value={format} onChange={(event) => setFormat(String(event.target.value))} options={formats} />
        </Form.Item>
      )}
      <Form.Item label={t("printerName")}>
        <PrinterChoice state={state} calibrate={() => setCalibrating(true)} />
      </Form.Item>
      <Button type="primary" href={address(`labels/${paper.name}`, asked)}>
        {t("labelMake")}
      </Button>
      {calibrating && <Calibration state={state} close={() => setCalibrating(false)} />}
    </Form>
  );
}
