import { InboxOutlined } from "@ant-design/icons";
import { brief, Failure, instant, link, Nothing, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import { address, type Text } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, List, Popconfirm, Space, Tag, Upload } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Begin } from "./begin";
import { Uploaded } from "./uploaded";

export interface Template {
  name: string;
  title: Text;
  form: string;
  source: "app" | "own" | "draft";
  outputs?: string[];
  version?: number;
  kind?: string;
  file_name?: string;
  retired?: boolean;
  wrong?: string[];
  in_app?: boolean;
  made_at?: string;
  /** What somebody is designing and has not published. */
  draft?: { revision: number; made_at: string } | null;
}
interface Version {
  version: number;
  file_name: string;
  note: string;
  retired: boolean;
  made_at: string;
  made_by: string;
  changes: string[];
}

/** Templates of the app and uploaded ones: a file is looked at, tried on a record, and saved as a version. */
export default function TemplatesPage() {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  const [file, setFile] = useState<{ file: File; of?: Template } | null>(null);
  const narrow = useNarrow();
  const [beginning, setBeginning] = useState(false);
  const [shown, setShown] = useState<Template | null>(null);
  const found = useQuery({ queryKey: ["templates"], queryFn: () => client.run<{ items: Template[] }>("printing.templates"), enabled: session.actor.administrator === true });
  if (!session.actor.administrator) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  const own = found.data?.items.filter((each) => each.source === "own") ?? [];
  const given = found.data?.items.filter((each) => each.source !== "own") ?? [];
  return (
    <div className="lc-page lc-templates">
      <header className="lc-head">
        <nav aria-label={t("back")} className="lc-crumb">
          <a href={link(["design"])}>{t("design")}</a>
        </nav>
        <div className="lc-head-title">
          <h1>{t("templates")}</h1>
          <span className="lc-grow" />
          {!narrow && (
            <Button type="primary" onClick={() => setBeginning(true)}>
              {t("designNew")}
            </Button>
          )}
        </div>
      </header>
      {file ? (
        <Uploaded key={`${file.file.name}${file.file.lastModified}`} file={file.file} of={file.of} choose={(next) => setFile({ ...file, file: next })} close={() => setFile(null)} />
      ) : (
        <>
          <Upload.Dragger showUploadList={false} multiple={false} accept=".docx,.xlsx,.pdf" beforeUpload={(each) => (setFile({ file: each }), false)}>
            <p className="ant-upload-drag-icon">
              <InboxOutlined />
            </p>
            <p>{t("templateDrop")}</p>
            <p className="lc-quiet">{t("templateDropHint")}</p>
          </Upload.Dragger>
          {found.error ? <Failure error={found.error} retry={() => void found.refetch()} /> : !found.data ? <Waiting /> : (
            <>
              <Own templates={own} show={setShown} upload={(each, of) => setFile({ file: each, of })} />
              <OfApp templates={given} />
            </>
          )}
        </>
      )}
      {beginning && <Begin templates={given} close={() => setBeginning(false)} />}
      {shown && <Versions template={shown} close={() => setShown(null)} />}
    </div>
  );
}

function useTitle() {
  const { app } = useRuntime();
  const { w } = useSpeech();
  return (template: Template) => `${w(template.title) || template.name} · ${w(app.forms[template.form]?.title) || template.form}`;
}

function Own({ templates, show, upload }: { templates: Template[]; show: (template: Template) => void; upload: (file: File, of: Template) => void }) {
  const { t } = useSpeech();
  const title = useTitle();
  return (
    <List
      header={<strong>{t("templateOwn")}</strong>}
      dataSource={templates}
      locale={{ emptyText: <Nothing small title={t("templateNoOwn")} /> }}
      renderItem={(each) => (
        <List.Item
          actions={[
            <Upload key="new" showUploadList={false} accept=".docx,.xlsx,.pdf" beforeUpload={(file) => (upload(file, each), false)}>
              <Button size="small">{t("templateNew")}</Button>
            </Upload>,
            <Button key="versions" size="small" onClick={() => show(each)}>
              {t("templateVersions")}
            </Button>,
          ]}
        >
          <List.Item.Meta
            title={
              <>
                {title(each)} <Tag>{t("templateVersion", { version: each.version ?? 1 })}</Tag>
                {each.retired && <Tag color="default">{t("templateRetired")}</Tag>}
                {each.in_app && <Tag color="blue">{t("templateInApp")}</Tag>}
                {!each.retired && (each.wrong?.length ?? 0) > 0 && <Tag color="red">{t("templateBroken")}</Tag>}
              </>
            }
            description={[each.file_name, each.made_at && instant(each.made_at), ...(each.wrong ?? [])].filter(Boolean).join(" · ")}
          />
        </List.Item>
      )}
    />
  );
}

function OfApp({ templates }: { templates: Template[] }) {
  const { t } = useSpeech();
  const title = useTitle();
  const deed = useNarrow() ? t("designLook") : t("design");
  return (
    <List
      header={<strong>{t("templateApp")}</strong>}
      dataSource={templates}
      size="small"
      renderItem={(each) => (
        <List.Item
          actions={each.kind !== "blocks" ? [] : [
            <Button key="design" size="small" href={link(["templates", each.name])} aria-label={`${deed} ${title(each)}`}>
              {deed}
            </Button>,
          ]}
        >
          <List.Item.Meta
            title={
              <>
                {title(each)} {each.source === "draft" ? <Tag color="orange">{t("designNotPublished")}</Tag> : each.draft && <Tag color="orange">{t("designDrafted")}</Tag>}
              </>
            }
            description={[each.name, (each.outputs ?? []).join(", ")].filter(Boolean).join(" · ")}
          />
        </List.Item>
      )}
    />
  );
}

function Versions({ template, close }: { template: Template; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const found = useQuery({ queryKey: ["templates", template.name], queryFn: () => client.run<{ items: Version[] }>("printing.template_versions", { name: template.name }) });
  const doing = async (operation: string, more: object = {}) => {
    try {
      await client.run(operation, { name: template.name, ...more });
      await queries.invalidateQueries({ queryKey: ["templates"] });
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const newest = found.data?.items[0];
  return (
    <Drawer open title={w(template.title) || template.name} onClose={close} size={520}>
      {found.error ? <Failure error={found.error} retry={() => void found.refetch()} /> : !found.data ? <Waiting /> : (
        <>
          <Space wrap>
            <Button href={address(`templates/${template.name}/file`)}>{t("templateExport")}</Button>
            {newest && !newest.retired && (
              <Popconfirm okButtonProps={{ autoFocus: true }} destroyOnHidden title={t("templateRetireSure")} okText={t("templateRetire")} cancelText={t("cancel")} onConfirm={() => void doing("printing.retire_template")}>
                <Button danger>{t("templateRetire")}</Button>
              </Popconfirm>
            )}
          </Space>
          <List
            dataSource={found.data.items}
            renderItem={(each) => (
              <List.Item actions={each === newest && !each.retired ? [] : [<Button key="restore" size="small" onClick={() => void doing("printing.restore_template", { version: each.version })}>{t("templateRestore")}</Button>]}>
                <List.Item.Meta
                  title={
                    <>
                      {t("templateVersion", { version: each.version })} {each.retired && <Tag>{t("templateRetired")}</Tag>}
                    </>
                  }
                  description={
                    <>
                      <div>{[each.note, each.file_name, each.made_by, instant(each.made_at)].filter(Boolean).join(" · ")}</div>
                      {each.changes.map((line, place) => (
                        <div key={place} className={line.startsWith("+") ? "lc-line-new" : "lc-line-old"}>
                          {line}
                        </div>
                      ))}
                    </>
                  }
                />
              </List.Item>
            )}
          />
        </>
      )}
    </Drawer>
  );
}
