import { IdcardOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import type { Values } from "@lowcode/protocol";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Upload } from "antd";
import { useRef } from "react";
import { blank } from "../fields";
import { useRuntime } from "../runtime";
import { useFilling } from "./filling";

interface ReadCard {
  values: Values;
  rest: string[];
}

/** A photo of a business card fills in what is blank; what it says beside that is shown, and nothing is saved. */
export function BusinessCard() {
  const { form, live, step } = useFilling();
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w, among } = speech;
  /** Reading takes seconds, in which somebody goes on typing. */
  const standing = useRef(live);
  standing.current = live;
  const reading = useMutation({
    mutationFn: async (photo: File) => {
      const { id } = await client.upload(photo);
      const found = await client.run<ReadCard>("forms.read_card", { form: form.name, file: Number(id) });
      const { values } = standing.current;
      const open = Object.entries(found.values).filter(([name]) => blank(values[name]));
      for (const [field, value] of open) step({ kind: "set", field, value });
      const kept = Object.entries(found.values).filter(([name, value]) => !blank(values[name]) && values[name] !== value);
      return { filled: open.map(([name]) => name), beside: [...kept.map(([, value]) => String(value)), ...found.rest] };
    },
  });
  const { data } = reading;
  const titles = (data?.filled ?? []).map((name) => w(form.fields.find((each) => each.name === name)?.title) || name);
  return (
    <div className="lc-business-card">
      <Upload accept="image/jpeg,image/png,image/webp" showUploadList={false} disabled={form.business_card !== "read" || reading.isPending} customRequest={({ file }) => reading.mutate(file as File)}>
        <Button icon={<IdcardOutlined />} loading={reading.isPending} disabled={form.business_card !== "read"}>{t(reading.isPending ? "cardReading" : "cardRead")}</Button>
      </Upload>
      {form.business_card === "missing" && <span className="lc-quiet">{t("cardMissing")}</span>}
      {reading.error && <Alert type="error" showIcon role="alert" title={brief(reading.error, speech)} />}
      {data && (
        <Alert
          type={titles.length > 0 ? "success" : "warning"}
          showIcon
          role="status"
          title={titles.length > 0 ? t("cardFilled", { names: among(titles) }) : t("cardNothing")}
          description={data.beside.length > 0 ? <span className="lc-many-lines">{[t("cardRest"), ...data.beside].join("\n")}</span> : undefined}
        />
      )}
    </div>
  );
}
