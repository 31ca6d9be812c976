import { DownloadOutlined, FileImageOutlined, FileOutlined, FilePdfOutlined, FileTextOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { bytes, useSpeech } from "@lowcode/kit";
import { address, type StoredFile } from "@lowcode/protocol";
import { lazy, Suspense, useState } from "react";
import { lookOf, type Look } from "./looked";
import { Thumbnail } from "./thumbnail";

const Preview = lazy(() => import("./preview"));

const SIGNS: Record<Look, typeof FileOutlined> = { picture: FileImageOutlined, pdf: FilePdfOutlined, text: FileTextOutlined, media: PlayCircleOutlined, none: FileOutlined };

/** Files, each to be looked at and to be taken along. */
export function FileList({ files }: { files: StoredFile[] }) {
  const { t } = useSpeech();
  const [at, setAt] = useState<number | null>(null);
  return (
    <>
      <ul className="lc-files">
        {files.map((file, index) => {
          const look = lookOf(file);
          const Sign = SIGNS[look];
          return (
            <li key={file.id}>
              <button type="button" className="lc-file" aria-label={t("fileLook", { name: file.name })} onClick={() => setAt(index)}>
                {look === "picture" ? <Thumbnail file={file} edge={128} size={36} /> : <Sign className="lc-file-sign" aria-hidden />}
                <span className="lc-file-name">{file.name}</span>
                <span className="lc-quiet">{bytes(file.size)}</span>
              </button>
              <a className="lc-file-take" href={address(`files/${file.id}`, { download: true })} aria-label={t("fileTake", { name: file.name })} title={t("download")}>
                <DownloadOutlined aria-hidden />
              </a>
            </li>
          );
        })}
      </ul>
      {at !== null && (
        <Suspense fallback={null}>
          <Preview files={files} first={at} close={() => setAt(null)} />
        </Suspense>
      )}
    </>
  );
}
