import { UploadOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { App, Button, Input, Select, Upload } from "antd";
import { optionWords, useDesign } from "../design";
import { at, isNode, pointerOf, type Json, type Path } from "../tree";

/** The OpenAPI document of a program: a file of the app, or one that is read into the connection. */
export function DocumentInput({ path }: { path: Path }) {
  const { document, palette, findings, change } = useDesign();
  const { t, w } = useSpeech();
  const { message } = App.useApp();
  const label = w(optionWords(palette, "document"));
  const value = at(document, path);
  const pointer = pointerOf(path);
  const wrong = findings.filter((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`));
  const files = (palette.names?.["document"] ?? []).map((each) => ({ value: each.value, label: each.value }));
  const info = isNode(value) ? value["info"] : undefined;
  const read = async (file: File) => {
    const found = await file.text().then((text) => JSON.parse(text) as Json).catch(() => null);
    if (isNode(found) && "openapi" in found) change(path, found);
    else void message.error(t("connectionDocumentBad"));
  };
  return (
    <div className="lc-design-option" data-option="document">
      <div className="lc-design-label">{label}<span aria-hidden="true"> *</span></div>
      <div className="lc-design-row">
        {isNode(value) ? <Input aria-label={label} readOnly value={t("connectionDocumentHere", { title: isNode(info) ? w(info["title"] as Text) : "" })} /> : <Select aria-label={label} showSearch placeholder={t("connectionDocumentFile")} value={typeof value === "string" && value !== "" ? value : null} options={files} onChange={(next: string) => change(path, next)} />}
        <Upload showUploadList={false} accept=".json,application/json" beforeUpload={(file) => (void read(file), false)}>
          <Button icon={<UploadOutlined />}>{t("connectionDocumentRead")}</Button>
        </Upload>
        {isNode(value) && <Button onClick={() => change(path, "")}>{t("connectionDocumentFile")}</Button>}
      </div>
      {wrong.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </div>
  );
}
