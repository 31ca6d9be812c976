import { useSpeech } from "@lowcode/kit";
import { address, type StoredFile } from "@lowcode/protocol";
import { Image } from "antd";
import { cloneElement, type ComponentProps, type ReactElement } from "react";
import { small } from "./thumbnail";
import type { ShowProps, Widget } from "./widget";

/** In place of a picture that cannot be drawn small. */
const NONE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#8c8c8c"><path d="M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5"/><circle cx="15.5" cy="9" r="1.5"/></svg>')}`;

type Preview = Extract<ComponentProps<typeof Image.PreviewGroup>["preview"], object>;

function Pictures({ field, value, dense }: ShowProps) {
  const { w } = useSpeech();
  const files = (Array.isArray(value) ? value : [value]) as StoredFile[];
  const size = dense ? 28 : 88;
  // What was written is as wide as its pad, and in ink that is seen on paper alone.
  const signed = field.widget === "signature";
  // The window of a group is called by `alt`, which its type leaves out, and takes the names of its pictures away.
  const preview: Preview & { alt: string } = {
    alt: w(field.title) || field.name,
    imageRender: (node, { current }) => cloneElement(node as ReactElement<{ alt?: string }>, { alt: files[current]?.name }),
  };
  return (
    <span className={signed ? "lc-pictures lc-signed" : "lc-pictures"} onClick={(event) => event.stopPropagation()}>
      <Image.PreviewGroup preview={preview}>
        {files.slice(0, dense ? 3 : undefined).map((file) => (
          <Image key={file.id} src={small(file, dense ? 128 : 256)} preview={{ src: address(`files/${file.id}`) }} fallback={NONE} alt={file.name} loading="lazy" width={signed ? size * 3 : size} height={size} />
        ))}
      </Image.PreviewGroup>
    </span>
  );
}

export const image: Widget = { Show: Pictures, width: 120, wide: true };
