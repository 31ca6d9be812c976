import { DownloadOutlined } from "@ant-design/icons";
import { downloadDocument, link, useSpeech } from "@lowcode/kit";
import { Alert, Button } from "antd";
import { useState } from "react";
import { Preview } from "./preview";
import type { Node } from "./tree";

/** On a phone a template is looked at and taken along; it is designed where there is room for it. */
export function Looked({ document, languages }: { document: Node; languages: string[] }) {
  const { t, w, locale } = useSpeech();
  const own = Array.isArray(document["languages"]) ? (document["languages"] as string[]) : languages;
  const [language, setLanguage] = useState(own.includes(locale) ? locale : own[0]!);
  return (
    <div className="lc-page lc-design-looked">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{w(document["title"] as string) || String(document["name"])}</h1>
        </div>
      </header>
      <Alert type="info" showIcon message={t("designOnPhone")} />
      <div className="lc-actions">
        <Button href={link(["templates"])}>{t("templates")}</Button>
        <Button icon={<DownloadOutlined />} onClick={() => downloadDocument(document)}>
          JSON
        </Button>
      </div>
      <Preview document={document} files={{}} languages={own} language={language} speak={setLanguage} ready />
    </div>
  );
}
