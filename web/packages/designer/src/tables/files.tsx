import { EllipsisOutlined } from "@ant-design/icons";
import { brief, downloadFile, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { App, Button, Dropdown } from "antd";
import { useRef } from "react";
import type { Node } from "../tree";
import { rowsOf } from "./cells";

/** A table as a file of Excel or DMN, and from one. */
export function TableFiles({ name, document, read }: { name: string; document: Node; read: (document: Node) => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const { message } = App.useApp();
  const chooser = useRef<HTMLInputElement>(null);
  const failed = (error: unknown) => void message.error(brief(error, speech));
  const save = async (format: "xlsx" | "dmn") => {
    try {
      const file = await client.run<{ name: string; content: string }>("rules.write_table", { table: name, document, format });
      downloadFile(file.name, Uint8Array.from(atob(file.content), (sign) => sign.charCodeAt(0)));
    } catch (error) {
      failed(error);
    }
  };
  const open = async (file: File) => {
    try {
      const content = await new Promise<string>((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
        reader.onerror = () => reject(reader.error ?? new Error(file.name));
        reader.readAsDataURL(file);
      });
      const found = await client.run<Node>("rules.read_table", { content, format: /\.(dmn|xml)$/i.test(file.name) ? "dmn" : "xlsx" });
      // The file is the table from here on; only what it is called and about stays where the file does not say it.
      const own = Object.fromEntries(["title", "help", "form"].flatMap((key) => (document[key] === undefined ? [] : [[key, document[key]]])));
      read({ ...own, ...found, name: document["name"]!, type: "table" });
      void message.success(t("tableRead", { count: rowsOf(found).length }));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <Dropdown
        autoFocus trigger={["click"]}
        menu={{ items: [
          { key: "xlsx", label: t("tableToXlsx"), onClick: () => void save("xlsx") },
          { key: "dmn", label: t("tableToDmn"), onClick: () => void save("dmn") },
          { key: "read", label: t("tableFromFile"), onClick: () => chooser.current?.click() },
        ] }}
      >
        <Button icon={<EllipsisOutlined />} aria-label={t("tableFiles")} title={t("tableFiles")} />
      </Dropdown>
      <input ref={chooser} type="file" hidden accept=".xlsx,.dmn,.xml" onChange={(event) => { const file = event.target.files?.[0]; event.target.value = ""; if (file) void open(file); }} />
    </>
  );
}
