import { DownloadOutlined, LeftOutlined, RightOutlined } from "@ant-design/icons";
import { bytes, Failure, Nothing, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import { address, type StoredFile } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useEffect, useState } from "react";
import { useRuntime } from "../runtime";
import { isPdf, kindOf, lookOf, READ, textOf } from "./looked";
import { Media } from "./media";

/** Looks at a file without leaving the page, and at those beside it. Nothing of a file is ever a page of its own: a text
 * is text, whatever it is written in, and a PDF is drawn by the browser's own reader. */
export default function Preview({ files, first, close }: { files: StoredFile[]; first: number; close: () => void }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [at, setAt] = useState(first);
  const file = files[at]!;
  const step = (way: number) => setAt((before) => (before + way + files.length) % files.length);
  return (
    <Modal
      open
      centered
      width={narrow ? "100%" : "min(1080px, calc(100vw - 64px))"}
      className="lc-preview"
      title={<span className="lc-preview-title">{file.name}</span>}
      onCancel={close}
      footer={
        <div className="lc-preview-foot">
          {files.length > 1 && (
            <span className="lc-preview-steps">
              <Button icon={<LeftOutlined />} aria-label={t("filePrevious")} onClick={() => step(-1)} />
              <span className="lc-number" aria-live="polite">
                {at + 1} / {files.length}
              </span>
              <Button icon={<RightOutlined />} aria-label={t("fileNext")} onClick={() => step(1)} />
            </span>
          )}
          <span className="lc-quiet">
            {bytes(file.size)} · {kindOf(file)}
          </span>
          <span className="lc-grow" />
          <Button type="primary" icon={<DownloadOutlined />} href={address(`files/${file.id}`, { download: true })}>
            {t("download")}
          </Button>
        </div>
      }
    >
      <div
        className="lc-preview-body"
        tabIndex={-1}
        onKeyDown={(event) => {
          const way = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
          if (way === 0 || files.length < 2 || event.target instanceof HTMLMediaElement) return;
          event.preventDefault();
          step(way);
        }}
      >
        <Contents key={file.id} file={file} />
      </div>
    </Modal>
  );
}

function Contents({ file }: { file: StoredFile }) {
  const { t } = useSpeech();
  switch (lookOf(file)) {
    case "picture":
      return <img className="lc-preview-picture" src={address(`files/${file.id}`)} alt={file.name} />;
    case "media":
      return <Media files={[file]} />;
    case "text":
      return <Words file={file} />;
    case "pdf":
      return navigator.pdfViewerEnabled ? <Pages file={file} /> : <Nothing title={t("fileNoReader")} hint={t("fileDownloadHint")} />;
    default:
      return <Nothing title={t("fileNoPreview")} hint={t("fileDownloadHint")} />;
  }
}

/** The contents of a file, or how it begins. */
function useContents(file: StoredFile, most?: number) {
  const { client } = useRuntime();
  return useQuery({
    queryKey: ["file", file.id, most ?? 0],
    queryFn: ({ signal }) => client.contents(file, most, { signal }),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
}

function Words({ file }: { file: StoredFile }) {
  const { t } = useSpeech();
  const found = useContents(file, READ);
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  return (
    <>
      {file.size > READ && <p className="lc-quiet">{t("fileBegins", { size: bytes(READ) })}</p>}
      <pre className="lc-preview-text" tabIndex={0}>
        {textOf(found.data)}
      </pre>
    </>
  );
}

function Pages({ file }: { file: StoredFile }) {
  const { t } = useSpeech();
  const found = useContents(file);
  const [place, setPlace] = useState<string | null>(null);
  const fits = found.data ? isPdf(found.data) : true;
  useEffect(() => {
    if (!found.data || !fits) return;
    // Its type is given here and not taken from the file: the frame opens a reader and never a page.
    const made = URL.createObjectURL(new Blob([found.data], { type: "application/pdf" }));
    setPlace(made);
    return () => URL.revokeObjectURL(made);
  }, [found.data, fits]);
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!fits) return <Nothing title={t("fileNotPdf")} hint={t("fileDownloadHint")} />;
  return place ? <iframe className="lc-preview-pages" src={place} title={file.name} /> : <Waiting />;
}
