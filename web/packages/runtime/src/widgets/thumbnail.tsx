import { FileImageOutlined } from "@ant-design/icons";
import { address, type StoredFile } from "@lowcode/protocol";
import { useState } from "react";

/** How wide or high a thumbnail is at most: in a list, in a record, on a card. */
export type Edge = 128 | 256 | 640;

/** Where the small picture of a file is; a list of photographs would else be hundreds of megabytes. */
export const small = (file: StoredFile, edge: Edge): string => address(`files/${file.id}`, { edge });

/** A small picture of a file; a sign where it cannot be drawn. */
export function Thumbnail({ file, edge, size }: { file: StoredFile; edge: Edge; size?: number }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <FileImageOutlined className="lc-file-sign" aria-hidden />;
  return <img src={small(file, edge)} alt="" width={size} height={size} loading="lazy" decoding="async" onError={() => setFailed(true)} />;
}
