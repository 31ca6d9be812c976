import { InboxOutlined } from "@ant-design/icons";
import { brief, decimal, useNarrow, useSpeech } from "@lowcode/kit";
import { address, type Form, type ImportAnswer, type ImportRun } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Input, InputNumber, Modal, Progress, Select, Table, Upload } from "antd";
import { useEffect, useRef, useState } from "react";
import { calculated, manyOf } from "../fields";
import { useRuntime } from "../runtime";

/** Larger files are brought in behind the scenes. */
const LARGE = 512 * 1024;
/** What one upload takes; a larger file goes in pieces. */
const PIECE = 8 * 1024 * 1024;
const ENDED = new Set(["done", "cancelled", "failed", "stopped", "undone"]);

/** Loads a file in two steps: first what would happen, then it happens. */
export default function Import({ form, close }: { form: Form; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<ImportAnswer | null>(null);
  const [duplicates, setDuplicates] = useState("update");
  const [fixes, setFixes] = useState<Fixes>({});
  /** Corrections that have not been looked at yet. */
  const [fresh, setFresh] = useState(false);
  const [busy, setBusy] = useState(false);
  const [run, setRun] = useState<ImportRun | null>(null);
  const kept = useRef<{ file: File; ids: number[] } | null>(null);
  const [sent, setSent] = useState(1);
  const open = useRef(true);
  useEffect(() => () => void (open.current = false), []);
  const send = async (chosen: File, dry: boolean, options: { mapping?: Record<string, string | null>; duplicates?: string; header?: number } = {}) => {
    setBusy(true);
    try {
      // In another row stand other titles, which have nothing to do with what was chosen for those before.
      const known = answer && options.header === undefined ? mappingOf(answer) : undefined;
      const how = { dry_run: dry, duplicates: options.duplicates ?? duplicates, mapping: options.mapping ?? known, header_row: options.header ?? answer?.header_row ?? undefined, ...(Object.keys(fixes).length > 0 && { fixes }) };
      const got: ImportAnswer & Partial<ImportRun> = chosen.size > LARGE ? await behind(chosen, how) : await client.load(form.name, chosen, how);
      if (!open.current) return;
      setAnswer(got);
      setFresh(false);
      if (got.state && got.state !== "done") {
        if (got.state === "failed") void message.error(got.error ?? "", 8);
        return;
      }
      if (!dry) {
        await queries.invalidateQueries();
        void message.success(t("importDone"));
      }
    } catch (error) {
      void message.error(brief(error, speech), 6);
    } finally {
      setBusy(false);
    }
  };
  const head = (row: number) => {
    if (!busy && row >= 1 && row <= 100 && row !== answer?.header_row) void send(file!, true, { header: row });
  };
  /** Wait for a run to end, and show how it gets on; the window may be closed meanwhile. */
  const watch = async (begun: number): Promise<ImportRun> => {
    for (;;) {
      const got = await client.run<ImportRun>("forms.import_progress", { run: begun });
      if (!open.current) return got;
      setRun(got);
      if (ENDED.has(got.state)) return got;
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
  };
  const upload = async (chosen: File): Promise<number[]> => {
    const ids: number[] = [];
    for (let at = 0; at < chosen.size && open.current; at += PIECE) {
      setSent(at / chosen.size);
      ids.push(Number((await client.upload(new File([chosen.slice(at, at + PIECE)], chosen.name, { type: chosen.type }))).id));
    }
    setSent(1);
    return ids;
  };
  const behind = async (chosen: File, how: object): Promise<ImportRun> => {
    const ids = kept.current?.file === chosen ? kept.current.ids : await upload(chosen);
    kept.current = { file: chosen, ids };
    const begun = await client.run<{ run: number }>("forms.start_import", { form: form.name, file: ids[0], more: ids.slice(1), ...how });
    return watch(begun.run);
  };
  const undo = async () => {
    setBusy(true);
    try {
      let left = 0;
      if (run) {
        await client.run("forms.undo_run", { run: run.run });
        const ended = await watch(run.run);
        setAnswer(ended);
        left = ended.left ?? 0;
      } else {
        left = (await client.run<{ left: object[] }>("forms.undo_import", { batch: answer!.batch })).left.length;
      }
      await queries.invalidateQueries();
      if (left > 0) void message.warning(t("importUndoneLeft", { count: left }), 8);
      else void message.success(t("importUndone"));
      close();
    } catch (error) {
      void message.error(brief(error, speech), 6);
    } finally {
      setBusy(false);
    }
  };
  const going = run !== null && !ENDED.has(run.state) && busy;
  const undoable = answer !== null && !answer.dry_run && !busy && (run ? ["done", "cancelled", "failed"].includes(run.state) : typeof answer.batch === "number");
  const ready = answer !== null && answer.dry_run;
  const good = answer ? answer.create + answer.update : 0;
  return (
    <Modal
      open
      className="lc-import"
      width={narrow ? "100%" : 760}
      title={t("importTitle", { name: w(manyOf(form)) })}
      onCancel={close}
      footer={
        <>
          {going && ["reading", "running"].includes(run.state) && (
            <Button danger onClick={() => void client.run("forms.cancel_import", { run: run.run }).then(() => message.info(t("importCancelled")))}>
              {t("importCancel")}
            </Button>
          )}
          {undoable && (
            <Button danger onClick={() => void undo()}>
              {t("importUndo")}
            </Button>
          )}
          <Button onClick={close}>{answer && !answer.dry_run ? t("close") : t("cancel")}</Button>
          {ready && fresh && (
            <Button loading={busy} onClick={() => void send(file!, true)}>
              {t("importCheckAgain")}
            </Button>
          )}
          {ready && (
            <Button type="primary" loading={busy} disabled={good === 0 || fresh} onClick={() => void send(file!, false)}>
              {good === 0 ? t("importNothing") : t("importRun", { count: decimal(good, 0) })}
            </Button>
          )}
        </>
      }
    >
      {sent < 1 && (
        <div className="lc-import-run" role="status">
          <span>{t("importSending")}</span>
          <Progress percent={Math.floor(sent * 100)} status="active" />
        </div>
      )}
      {going && (
        <div className="lc-import-run" role="status">
          <span>{run.state === "reading" ? t("importReading") : run.state === "undoing" ? t("importUndoing") : t("importProgress", { done: decimal(run.done, 0), total: decimal(run.total, 0) })}</span>
          <Progress percent={run.total ? Math.min(100, Math.floor((run.done / run.total) * 100)) : 0} status="active" />
        </div>
      )}
      {!answer && !going && sent === 1 && (
        <>
          <Upload.Dragger
            accept=".xlsx,.csv"
            showUploadList={false}
            disabled={busy}
            beforeUpload={(chosen) => {
              setFile(chosen);
              void send(chosen, true);
              return false;
            }}
          >
            <p className="ant-upload-drag-icon">
              <InboxOutlined aria-hidden />
            </p>
            <p>{t("importChoose")}</p>
            <p className="lc-quiet">{t("importKinds")}</p>
          </Upload.Dragger>
          <Button type="link" href={address(`export/${form.name}`, { format: "xlsx", template: true })}>
            {t("importTemplate")}
          </Button>
        </>
      )}
      {answer && (
        <div className="lc-import">
          <Alert type={answer.refused > 0 ? "warning" : answer.dry_run ? "info" : "success"} showIcon title={t("importResult", { create: answer.create, update: answer.update, skip: answer.skip, refused: answer.refused })} />
          {answer.dry_run && (
            <>
              <h3 className="lc-section-title">{t("importColumns")}</h3>
              <label className="lc-import-line">
                <span>{t("importHeaderRow")}</span>
                <InputNumber key={answer.header_row} min={1} max={100} precision={0} changeOnWheel={false} defaultValue={answer.header_row ?? 1} disabled={busy} onPressEnter={(event) => head(Number((event.target as HTMLInputElement).value))} onBlur={(event) => head(Number(event.target.value))} />
              </label>
              <Mapping form={form} answer={answer} change={(mapping) => void send(file!, true, { mapping })} />
              <label className="lc-import-line">
                <span>{t("importDuplicates")}</span>
                <Select
                  value={duplicates}
                  options={[
                    { value: "update", label: t("importUpdate") },
                    { value: "skip", label: t("importSkip") },
                    { value: "create", label: t("importCreate") },
                  ]}
                  onChange={(value) => {
                    setDuplicates(value);
                    void send(file!, true, { duplicates: value });
                  }}
                />
              </label>
            </>
          )}
          {answer.problems.length > 0 && (
            <Problems
              form={form} problems={answer.problems} fixable={answer.dry_run} fixes={fixes}
              fix={(row, field, value) => {
                setFixes((before) => ({ ...before, [row]: { ...before[row], [field]: value } }));
                setFresh(true);
              }}
            />
          )}
        </div>
      )}
    </Modal>
  );
}

/** By row and field: what stands there instead. */
type Fixes = Record<number, Record<string, string>>;
type Found = ImportAnswer["problems"][number];

/** What is wrong, cell by cell; while nothing is written, each cell can be corrected where it stands. */
function Problems({ form, problems, fixable, fixes, fix }: { form: Form; problems: Found[]; fixable: boolean; fixes: Fixes; fix: (row: number, field: string, value: string) => void }) {
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const titleOf = (found: Found) => w(form.fields.find((field) => field.name === found.field)?.title) || found.column || "";
  const correction = (found: Found) => {
    const field = form.fields.find((each) => each.name === found.field);
    if (!fixable || !field || typeof found.seen !== "string") return null;
    const value = fixes[found.row]?.[field.name] ?? found.seen;
    const label = t("importFixOf", { row: found.row, field: titleOf(found) });
    const options = field.options?.map((each) => ({ value: each.name, label: w(each.title) || each.name }));
    return options && options.length > 0 && field.type !== "multi_select" ? (
      <Select size="small" aria-label={label} value={options.some((each) => each.value === value) ? value : null} placeholder={value} options={options} showSearch={{ optionFilterProp: "label" }} onChange={(name: string) => fix(found.row, field.name, name)} />
    ) : (
      <Input size="small" aria-label={label} value={value} onChange={(event) => fix(found.row, field.name, event.target.value)} />
    );
  };
  const wide = [
    { title: t("filterField"), width: 120, render: (_: unknown, found: Found) => titleOf(found) },
    { title: t("importProblem"), dataIndex: "detail" },
    ...(fixable ? [{ title: t("importFix"), width: 200, render: (_: unknown, found: Found) => correction(found) }] : []),
  ];
  const stacked = {
    title: t("importProblem"),
    render: (_: unknown, found: Found) => (
      <div className="lc-import-problem">
        <strong>{titleOf(found)}</strong>
        <span>{found.detail}</span>
        {correction(found)}
      </div>
    ),
  };
  return (
    <Table
      size="small"
      className="lc-import-problems"
      rowKey={(found) => `${found.row}${found.field ?? found.column ?? ""}${found.code}`}
      dataSource={problems}
      pagination={{ pageSize: 8, size: "small", hideOnSinglePage: true }}
      columns={[{ title: t("importRow"), dataIndex: "row", width: narrow ? 48 : 60 }, ...(narrow ? [stacked] : wide)]}
    />
  );
}

const mappingOf = (answer: ImportAnswer): Record<string, string | null> => Object.fromEntries(answer.columns.map(({ title, field }) => [title, field]));

function Mapping({ form, answer, change }: { form: Form; answer: ImportAnswer; change: (mapping: Record<string, string | null>) => void }) {
  const { t, w } = useSpeech();
  const options = form.fields.filter((field) => (!field.system || field.name === "owner") && (!calculated(field) || field.type === "serial") && field.type !== "lines").map((field) => ({ value: field.name, label: w(field.title) || field.name }));
  return (
    <div className="lc-mapping">
      {answer.columns.map(({ title, field }) => (
        <label key={title} className="lc-import-line">
          <span>{title}</span>
          <Select value={field} options={[{ value: null, label: t("importIgnore") }, ...options]} showSearch={{ optionFilterProp: "label" }} onChange={(name: string | null) => change({ ...mappingOf(answer), [title]: name })} />
        </label>
      ))}
    </div>
  );
}
