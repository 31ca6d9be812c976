import { address, type StoredFile } from "@lowcode/protocol";
import { Image } from "antd";
import type { ShowProps, Widget } from "./widget";

function Pictures({ value, dense }: ShowProps) {
  const files = (Array.isArray(value) ? value : [value]) as StoredFile[];
  const size = dense ? 28 : 88;
  return (
    <span className="lc-pictures" onClick={(event) => event.stopPropagation()}>
      <Image.PreviewGroup>
        {files.slice(0, dense ? 3 : undefined).map((file) => (
          <Image key={file.id} src={address(`files/${file.id}`)} alt={file.name} width={size} height={size} />
        ))}
      </Image.PreviewGroup>
    </span>
  );
}

export const image: Widget = { Show: Pictures, width: 120, wide: true };
