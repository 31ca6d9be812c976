import { UploadOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import { address } from "@lowcode/protocol";
import { App, Button, Upload, type UploadFile } from "antd";
import { useState } from "react";
import { isWaiting, useUpload } from "../../offline/files";
import type { InputProps } from "../widget";
import { listed } from "../attachment";
import { small } from "../thumbnail";

export function FileInput({ field, value, onChange, id, disabled, picture }: InputProps & { picture?: boolean }) {
  const upload = useUpload();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [pending, setPending] = useState<UploadFile[]>([]);
  const files = listed(value);
  const items: UploadFile[] = [
    ...files.map((file) => ({ uid: file.id, name: file.name, size: file.size, status: "done" as const, ...(isWaiting(file) ? {} : { url: address(`files/${file.id}`), thumbUrl: picture ? small(file, 128) : undefined }) })),
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
