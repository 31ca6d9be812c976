import { PaperClipOutlined } from "@ant-design/icons";
import type { StoredFile } from "@lowcode/protocol";
import { FileList } from "./files";
import { Media } from "./media";
import type { ShowProps, Widget } from "./widget";

export const listed = (value: unknown): StoredFile[] => (Array.isArray(value) ? (value as StoredFile[]) : value ? [value as StoredFile] : []);

function Files({ field, value, dense }: ShowProps) {
  const files = listed(value);
  if (!dense && field.widget === "media") return <Media files={files} />;
  if (dense) return <span className="lc-quiet"><PaperClipOutlined aria-hidden /> {files.length}</span>;
  return <FileList files={files} />;
}

export const attachment: Widget = { Show: Files, width: 90, wide: true };
