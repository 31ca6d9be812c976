import { CheckCircleTwoTone, CloseCircleTwoTone, DownloadOutlined } from "@ant-design/icons";
import { brief, Failure, useCopy, useSpeech, Waiting } from "@lowcode/kit";
import { address, type Field, type Reference, type Text } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Collapse, Form, Input, Select, Space, Tag, Upload } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { ReferenceInput } from "../widgets/inputs/reference";
import type { Template } from "./templates";

const TRIED: Field = { name: "record", type: "link", title: "", required: true };

interface Holder {
  text: string;
  decides: boolean;
  in_row: boolean;
  /** Where it stands in the file, and what stands beside it. */
  at: Text;
  beside: string;
  wrong: string | null;
  hint: string | null;
}
interface Looked {
  kind: string;
  holders: Holder[];
  findings: { code: string; message: string; hint: string }[];
}
interface Item {
  path: string;
  title: Text;
  items?: Item[];
}
interface Wish {
  title: string;
  name: string;
  roles: string[];
  note: string;
}

/** A file that was chosen: its place-holders with what is wrong, what else may stand there, a try, and saving. */
export function Uploaded({ file, of, choose, close }: { file: File; of?: Template; choose: (file: File) => void; close: () => void }) {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const [form, setForm] = useState(of?.form ?? "");
  const kept = useQuery({ queryKey: ["template-file", file.name, file.lastModified, file.size], queryFn: () => client.upload(file), gcTime: 0, staleTime: Infinity, retry: false });
  const given = { form, file: kept.data === undefined ? undefined : Number(kept.data.id), title: file.name };
  const looked = useQuery({ queryKey: ["template-look", given], queryFn: () => client.run<Looked>("printing.inspect", given), enabled: form !== "" && kept.data !== undefined, gcTime: 0, retry: false });
  const wrong = looked.data?.findings.length ?? 0;
  return (
    <div className="lc-uploaded">
      <Space wrap>
        <strong>{file.name}</strong>
        <Upload showUploadList={false} accept=".docx,.xlsx,.pdf" beforeUpload={(next) => (choose(next), false)}>
          <Button size="small">{t("templateNew")}</Button>
        </Upload>
        <Button size="small" onClick={close}>
          {t("cancel")}
        </Button>
      </Space>
      <Form layout="vertical">
        <Form.Item label={t("templateForm")}>
          <Select showSearch optionFilterProp="label" disabled={of !== undefined} value={form || undefined} onChange={setForm} aria-label={t("templateForm")} options={Object.values(app.forms).map((each) => ({ value: each.name, label: w(each.title) }))} />
        </Form.Item>
      </Form>
      {kept.error ? (
        <Failure error={kept.error} retry={() => void kept.refetch()} />
      ) : looked.error ? (
        <Failure error={looked.error} retry={() => void looked.refetch()} />
      ) : form === "" ? null : !looked.data ? (
        <Waiting />
      ) : (
        <>
          <Alert type={wrong ? "error" : looked.data.holders.length ? "success" : "warning"} showIcon title={wrong ? t("templateWrong", { count: wrong }) : looked.data.holders.length ? t("templateFine", { count: looked.data.holders.length }) : t("templateNone")} />
          <Holders holders={looked.data.holders} />
          <Available form={form} />
          {wrong === 0 && <Trial given={given} />}
          {wrong === 0 && <Save given={given} of={of} close={close} file={file} />}
        </>
      )}
    </div>
  );
}

function Holders({ holders }: { holders: Holder[] }) {
  const { t, w } = useSpeech();
  return (
    <ul className="lc-holders" aria-label={t("templateFound")}>
      {holders.map((each, place) => (
        <li key={place}>
          {each.wrong ? <CloseCircleTwoTone twoToneColor="#cf1322" /> : <CheckCircleTwoTone twoToneColor="#389e0d" />} <code>{each.text}</code> {each.in_row && <Tag>{t("templateRow")}</Tag>} {each.decides && <Tag>{t("templateIf")}</Tag>} <span className="lc-quiet" title={each.beside || undefined}>{w(each.at)}</span>
          {" "}
          {each.wrong && (
            <span className="lc-holder-wrong">
              {each.wrong} {each.hint}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Available({ form }: { form: string }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const copyText = useCopy();
  const found = useQuery({ queryKey: ["template-holders", form], queryFn: () => client.run<{ own: Item[]; linked: Item[]; rows: Item[] }>("printing.holders", { form }) });
  if (!found.data) return null;
  const copy = (path: string) => copyText(`{{ ${path} }}`, `{{ ${path} }}`);
  const chips = (items: Item[]) => (
    <div className="lc-chips-copy">
      {items.map((each) => (
        <Button key={each.path} size="small" onClick={() => copy(each.path)} title={each.path}>
          {w(each.title) || each.path}
        </Button>
      ))}
    </div>
  );
  const groups = [{ path: "", title: t("templateFields") as Text, items: found.data.own }, ...found.data.rows, ...found.data.linked];
  return <Collapse size="small" items={[{ key: "all", label: `${t("templateFields")} · ${t("templateFieldsHint")}`, children: groups.map((group) => <section key={group.path}><h4>{w(group.title)}{group.path && <code> {group.path}</code>}</h4>{chips(group.items ?? [])}</section>) }]} />;
}

function Trial({ given }: { given: { form: string; file?: number; title: string } }) {
  const { client } = useRuntime();
  const { t, locale } = useSpeech();
  const [record, setRecord] = useState<Reference | null>(null);
  const ask = async (search: string, signal: AbortSignal) => (await client.list(given.form, { search, limit: 20 }, { signal })).items.map((each) => ({ id: each.id, label: each._label }));
  return (
    <Form layout="vertical">
      <Form.Item label={t("templateTry")} htmlFor="template-try">
        <Space.Compact block>
          <ReferenceInput id="template-try" label={t("templateTry")} field={TRIED} value={record} onChange={(value) => setRecord(value as Reference | null)} ask={ask} />
          <Button icon={<DownloadOutlined />} disabled={record === null} href={address("templates/trial", { form: given.form, file: given.file, id: record?.id, language: locale })}>
            {t("templateTryNow")}
          </Button>
        </Space.Compact>
      </Form.Item>
    </Form>
  );
}

function Save({ given, of, close, file }: { given: { form: string; file?: number }; of?: Template; close: () => void; file: File }) {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const stem = file.name.replace(/\.[a-z]+$/i, "");
  const proposed = stem.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "");
  const save = async (wish: Wish) => {
    try {
      const saved = await client.run<{ version: number }>("printing.save_template", { ...given, ...wish });
      await queries.invalidateQueries({ queryKey: ["templates"] });
      void message.success(t("templateSaved", { version: saved.version }));
      close();
    } catch (error) {
      void message.error(brief(error, speech), 8);
    }
  };
  const initial: Wish = { title: of ? w(of.title) : stem, name: of?.name ?? (proposed || `${given.form}_paper`), roles: [], note: "" };
  return (
    <Form layout="vertical" initialValues={initial} onFinish={(wish: Wish) => void save(wish)}>
      <Form.Item name="title" label={t("templateTitle")} rules={[{ required: true, whitespace: true, max: 200, message: t("required", { name: t("templateTitle") }) }]}>
        <Input />
      </Form.Item>
      <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,59}$/, message: t("templateNameWrong") }]}>
        <Input disabled={of !== undefined} />
      </Form.Item>
      <Form.Item name="roles" label={t("templateRoles")}>
        <Select mode="multiple" options={(app.roles ?? []).map((role) => ({ value: role.name, label: w(role.title) || role.name }))} />
      </Form.Item>
      <Form.Item name="note" label={t("templateNote")}>
        <Input.TextArea autoSize />
      </Form.Item>
      <Button type="primary" htmlType="submit">
        {t("save")}
      </Button>
    </Form>
  );
}
