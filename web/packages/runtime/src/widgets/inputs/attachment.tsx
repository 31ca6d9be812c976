import { UploadOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import { address } from "@lowcode/protocol";
import { App, Button, Upload, type UploadFile } from "antd";
import { use, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { FillingContext } from "../../form/filling";
import { isWaiting, useUpload } from "../../offline/files";
import type { InputProps } from "../widget";
import { listed } from "../attachment";
import { small } from "../thumbnail";

export function FileInput({ field, value, onChange, append, id, disabled, narrow, picture }: InputProps & { picture?: boolean }) {
  const upload = useUpload();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [pending, setPending] = useState<UploadFile[]>([]);
  const files = listed(value);
  // Several that are chosen at once come one after the other, each to those that came before it.
  const latest = useRef({ files, append });
  latest.current = { files, append };
  const before = use(FillingContext)?.before;
  const items: UploadFile[] = [
    ...files.map((file) => ({ uid: file.id, name: file.name, size: file.size, status: "done" as const, ...(isWaiting(file) ? {} : { url: address(`files/${file.id}`), thumbUrl: picture ? small(file, 128) : undefined }) })),
    ...pending,
  ];
  // They stand in the order in which they were chosen, however long each takes.
  const ahead = useRef<Promise<unknown>>(Promise.resolve());
  const send = (file: File) => {
    const work = sent(file, ahead.current);
    ahead.current = work;
    const wait = () => work;
    before?.add(wait);
    void work.finally(() => before?.delete(wait));
  };
  const sent = async (file: File, before: Promise<unknown>): Promise<boolean> => {
    const uid = `${file.name}-${Date.now()}`;
    setPending((before) => [...before, { uid, name: file.name, status: "uploading" }]);
    try {
      const stored = await upload(file);
      await before;
      // It stands in the form when this ends.
      flushSync(() => (field.many === false ? onChange([stored]) : latest.current.append ? latest.current.append(stored) : onChange([...latest.current.files, stored])));
      return true;
    } catch (error) {
      void message.error(brief(error, speech));
      return false;
    } finally {
      setPending((before) => before.filter((each) => each.uid !== uid));
    }
  };
  return (
    <Upload
      id={id}
      multiple={field.many !== false}
      accept={field.accept?.length ? field.accept.join(",") : picture ? "image/*" : undefined}
      fileList={items}
      listType={picture ? "picture" : "text"}
      disabled={disabled}
      customRequest={({ file }) => send(file as File)}
      onRemove={(file) => onChange(files.filter((each) => each.id !== file.uid))}
    >
      <Button icon={<UploadOutlined />} disabled={disabled}>
        {speech.t(!picture ? "upload" : narrow ? "takePicture" : "uploadPicture")}
      </Button>
    </Upload>
  );
}
