import { PaperClipOutlined } from "@ant-design/icons";
import { bytes } from "@lowcode/kit";
import { address, type StoredFile } from "@lowcode/protocol";
import { Media } from "./media";
import type { ShowProps, Widget } from "./widget";

export const listed = (value: unknown): StoredFile[] => (Array.isArray(value) ? (value as StoredFile[]) : value ? [value as StoredFile] : []);

function Files({ field, value, dense }: ShowProps) {
  const files = listed(value);
  if (!dense && field.widget === "media") return <Media files={files} />;
  if (dense) return <span className="lc-quiet"><PaperClipOutlined aria-hidden /> {files.length}</span>;
  return (
    <ul className="lc-files">
      {files.map((file) => (
        <li key={file.id}>
          <PaperClipOutlined aria-hidden /> <a href={address(`files/${file.id}`, { download: true })}>{file.name}</a> <span className="lc-quiet">{bytes(file.size)}</span>
        </li>
      ))}
    </ul>
  );
}

export const attachment: Widget = { Show: Files, width: 90, wide: true };
