import { PaperClipOutlined, UploadOutlined } from "@ant-design/icons";
import { brief, bytes, useSpeech } from "@lowcode/kit";
import { address, type StoredFile } from "@lowcode/protocol";
import { App, Button, Upload, type UploadFile } from "antd";
import { useState } from "react";
import { isWaiting, useUpload } from "../offline/files";
import { Media } from "./media";
import type { InputProps, ShowProps, Widget } from "./widget";

const listed = (value: unknown): StoredFile[] => (Array.isArray(value) ? (value as StoredFile[]) : value ? [value as StoredFile] : []);

export function FileInput({ field, value, onChange, id, disabled, picture }: InputProps & { picture?: boolean }) {
  const upload = useUpload();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [pending, setPending] = useState<UploadFile[]>([]);
  const files = listed(value);
  const items: UploadFile[] = [
    ...files.map((file) => ({ uid: file.id, name: file.name, size: file.size, status: "done" as const, ...(isWaiting(file) ? {} : { url: address(`files/${file.id}`), thumbUrl: picture ? address(`files/${file.id}`) : undefined }) })),
    ...pending,
  ];
  const send = async (file: File) => {
    const uid = `${file.name}-${Date.now()}`;
    setPending((before) => [...before, { uid, name: file.name, status: "uploading" }]);
    try {
      const stored = await upload(file);
      onChange(field.many === false ? [stored] : [...files, stored]);
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setPending((before) => before.filter((each) => each.uid !== uid));
    }
  };
  return (
    <Upload
      id={id}
      multiple={field.many !== false}
      accept={field.accept?.join(",") ?? (picture ? "image/*" : undefined)}
      fileList={items}
      listType={picture ? "picture" : "text"}
      disabled={disabled}
      customRequest={({ file }) => void send(file as File)}
      onRemove={(file) => onChange(files.filter((each) => each.id !== file.uid))}
    >
      <Button icon={<UploadOutlined />} disabled={disabled}>
        {speech.t("upload")}
      </Button>
    </Upload>
  );
}

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

export const attachment: Widget = { Input: FileInput, Show: Files, width: 90, wide: true };
