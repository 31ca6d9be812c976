import { ArrowLeftOutlined, DownOutlined, DownloadOutlined, HistoryOutlined, PrinterOutlined, SendOutlined } from "@ant-design/icons";
import { Failure, go, languageName, Nothing, recordLink, useSpeech, Waiting } from "@lowcode/kit";
import { address } from "@lowcode/protocol";
import { Button, Checkbox, Dropdown, Segmented } from "antd";
import { useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useRuntime } from "../runtime";
import { Calibration, PrinterChoice, usePrinter } from "./printers";
import { SendDialog } from "./send";
import { PaperUse } from "./use";

/** A paper on the screen as it will come out of the printer; scripts in it never run. */
export default function PaperPage({ template, id, form }: { template: string; id: number; form?: string }) {
  const { client, app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const owner = Object.values(app.forms).find((each) => (form ? each.name === form : each.print?.some((paper) => paper.name === template)));
  const paper = owner?.print?.find((each) => each.name === template);
  const languages = paper?.languages ?? [];
  const [language, setLanguage] = useState(languages.includes(locale) ? locale : (languages[0] ?? locale));
  const editable = (paper?.outputs ?? []).filter((each) => each === "docx" || each === "xlsx");
  const [open, setOpen] = useState<"send" | "use" | "printers" | null>(null);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const formToo = wanted ?? paper?.form_printed ?? false;
  const state = usePrinter();
  const placed = Boolean(paper?.background || paper?.labels || paper?.roll);
  const frame = useRef<HTMLIFrameElement>(null);
  // No style of the page is told that the focus is in a frame: it is the frame's own document that has it.
  const [within, setWithin] = useState(false);
  const watch = () => {
    frame.current?.contentWindow?.addEventListener("focus", () => setWithin(true));
    frame.current?.contentWindow?.addEventListener("blur", () => setWithin(false));
  };
  const shown = paper?.outputs?.includes("html") ?? true;
  const printed = paper?.outputs?.includes("pdf") ?? true;
  const found = useQuery({ queryKey: ["paper", template, id, language], queryFn: () => client.paper(template, id, language), gcTime: 0, enabled: shown });
  const parameters = { format: "pdf", language, ...(placed ? { printer: state.printer, background: String(formToo) } : {}) };
  return (
    <div className="lc-page lc-paper-page">
      <header className="lc-head">
        <div className="lc-head-title">
          {owner && <Button type="text" icon={<ArrowLeftOutlined />} aria-label={t("back")} onClick={() => go(recordLink(owner.name, id))} />}
          <h1>{w(paper?.title) || t("preview")}</h1>
          <span className="lc-grow" />
          {languages.length > 1 && <Segmented aria-label={t("language")} value={language} options={languages.map((each) => ({ value: each, label: languageName(each) }))} onChange={(each) => setLanguage(String(each))} />}
          {owner && <Button icon={<HistoryOutlined />} aria-label={t("paperUse")} title={t("paperUse")} onClick={() => setOpen("use")} />}
          <Button icon={<SendOutlined />} onClick={() => setOpen("send")} disabled={shown && !found.data}>
            {t("sendPaper")}
          </Button>
          <Button icon={<PrinterOutlined />} onClick={() => frame.current?.contentWindow?.print()} disabled={!found.data}>
            {t("printNow")}
          </Button>
          {editable.length > 0 && (
            <Dropdown autoFocus trigger={["click"]} menu={{ items: editable.map((each) => ({ key: each, label: <a href={address(`print/${template}/${id}`, { format: each, language, download: true })}>{t(each === "docx" ? "downloadWord" : "downloadExcel")}</a> })) }}>
              <Button icon={<DownOutlined />} iconPosition="end">
                {t("downloadAs")}
              </Button>
            </Dropdown>
          )}
          {printed && (
            <Button type="primary" icon={<DownloadOutlined />} href={address(`print/${template}/${id}`, { ...parameters, download: true })}>
              {t("downloadPdf")}
            </Button>
          )}
        </div>
      </header>
      {placed && (
        <div className="lc-paper-printer">
          <PrinterChoice state={state} calibrate={() => setOpen("printers")} />
          {paper?.background && (
            <Checkbox checked={formToo} onChange={(event) => setWanted(event.target.checked)}>
              {t("formToo")}
            </Checkbox>
          )}
          {paper?.outputs?.includes("zpl") && (
            <Button icon={<DownloadOutlined />} href={address(`print/${template}/${id}`, { format: "zpl", language, printer: state.printer, download: true })}>
              {t("labelZpl")}
            </Button>
          )}
        </div>
      )}
      {open === "printers" && <Calibration state={state} close={() => setOpen(null)} />}
      {open === "send" && <SendDialog paper={{ template, id, language, outputs: paper?.outputs ?? ["pdf"] }} close={() => setOpen(null)} />}
      {open === "use" && owner && <PaperUse form={owner.name} id={id} close={() => setOpen(null)} />}
      {!shown ? <Nothing title={t("onlyAsFile")} hint={t("onlyAsFileHint")} /> : found.error ? <Failure error={found.error} retry={() => void found.refetch()} /> : !found.data ? <Waiting /> : <iframe ref={frame} onLoad={watch} className={within ? "lc-paper lc-paper-within" : "lc-paper"} title={t("preview")} sandbox="allow-same-origin allow-modals" srcDoc={found.data} />}
    </div>
  );
}
