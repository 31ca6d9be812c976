import { InboxOutlined } from "@ant-design/icons";
import { brief, decimal, useNarrow, useSpeech, type TextKey } from "@lowcode/kit";
import { address, sentence, type Form, type ImportAnswer, type ImportRun } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Input, InputNumber, Modal, Progress, Select, Table, Upload } from "antd";
import { useEffect, useRef, useState } from "react";
import { changed } from "../changed";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";
import { Mapping, mappingOf, MatchBy } from "./mapping";
import { Recent, type Brought } from "./recent";

/** Larger files are brought in behind the scenes. */
const LARGE = 512 * 1024;
/** What one upload takes; a larger file goes in pieces. */
const PIECE = 8 * 1024 * 1024;
/** So many problems are listed at most of a small file; more of a large one. */
const LISTED = 200;
const ENDED = new Set(["done", "cancelled", "failed", "stopped", "undone", "halted"]);
const UNDOABLE = new Set(["done", "cancelled", "failed", "halted"]);

/** Loads a file in two steps: first what would happen, then it happens. */
export default function Import({ form, close }: { form: Form; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [how, setHow] = useState<How>({ duplicates: "update", keys: [], on_error: "skip" });
  const [fixes, setFixes] = useState<Fixes>({});
  /** Corrections that have not been looked at yet. */
  const [fresh, setFresh] = useState(false);
  const [busy, setBusy] = useState(false);
  /** Why nothing can be done with the file. */
  const [wrong, setWrong] = useState("");
  const [run, setRun] = useState<ImportRun | null>(null);
  const kept = useRef<{ file: File; ids: number[] } | null>(null);
  const [sent, setSent] = useState(1);
  const open = useRef(true);
  useEffect(() => () => void (open.current = false), []);
  const send = async (chosen: File, dry: boolean, options: Partial<How> & { mapping?: Record<string, string | null>; header?: number } = {}) => {
    setBusy(true);
    setWrong("");
    try {
      // In another row stand other titles, which have nothing to do with what was chosen for those before.
      const { mapping = answer && options.header === undefined ? mappingOf(answer) : undefined, header = answer?.header_row ?? undefined, ...chosenNow } = options;
      const wanted = { ...how, ...chosenNow };
      // What no column fills any more cannot find a record.
      const keys = mapping ? wanted.keys.filter((name) => Object.values(mapping).includes(name)) : [];
      const asked = { ...wanted, keys, dry_run: dry, mapping, header_row: header, ...(Object.keys(fixes).length > 0 && { fixes }) };
      setHow({ ...wanted, keys });
      const got: Answer = chosen.size > LARGE ? await behind(chosen, asked) : await client.load(form.name, chosen, asked);
      if (!open.current) return;
      setAnswer(got);
      setFresh(false);
      if (got.state && got.state !== "done") return;
      if (!dry) {
        await changed(queries);
        if (!stopped(got)) void message.success(t("importDone"));
      }
    } catch (error) {
      setWrong(brief(error, speech));
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
  const behind = async (chosen: File, asked: object): Promise<ImportRun> => {
    const ids = kept.current?.file === chosen ? kept.current.ids : await upload(chosen);
    kept.current = { file: chosen, ids };
    const begun = await client.run<{ run: number }>("forms.start_import", { form: form.name, file: ids[0], more: ids.slice(1), ...asked });
    return watch(begun.run);
  };
  /** Take an import back, and say what stayed. */
  const takeBack = async ({ run: begun, batch }: { run?: number | null; batch?: number | null }) => {
    let kept, left;
    if (begun) {
      await client.run("forms.undo_run", { run: begun });
      const ended = await watch(begun);
      [kept, left] = [ended.kept ?? 0, ended.left ?? 0];
    } else {
      const gone = await client.run<{ kept: number[]; left: object[] }>("forms.undo_import", { batch });
      [kept, left] = [gone.kept.length, gone.left.length];
    }
    await changed(queries);
    if (kept > 0) void message.warning(t("importUndoneKept", { count: kept }), 8);
    if (left > 0) void message.warning(t("importUndoneLeft", { count: left }), 8);
    if (kept + left === 0) void message.success(t("importUndone"));
  };
  const busily = async (work: () => Promise<void>) => {
    setBusy(true);
    setWrong("");
    try {
      await work();
    } catch (error) {
      setWrong(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  const undo = () => busily(async () => {
    await takeBack({ run: run?.run, batch: answer!.batch });
    close();
  });
  const undoBefore = (each: Brought) => busily(async () => {
    await takeBack(each);
    setRun(null);
  });
  const follow = (begun: number) => busily(async () => setAnswer(await watch(begun)));
  const resume = (begun: number) => busily(async () => {
    await client.run("forms.resume_import", { run: begun });
    setAnswer(await watch(begun));
    await changed(queries);
  });
  const again = () => {
    [setFile, setAnswer, setRun].forEach((set) => set(null));
    setFixes({});
    setFresh(false);
    setWrong("");
    kept.current = null;
  };
  const going = run !== null && !ENDED.has(run.state) && busy;
  const undoable = answer !== null && !answer.dry_run && !busy && (run ? UNDOABLE.has(run.state) : typeof answer.batch === "number");
  const ready = answer !== null && answer.dry_run && !BROKEN[answer.state ?? ""];
  const good = answer && !(how.on_error === "stop" && answer.refused > 0) ? answer.create + answer.update : 0;
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
          {run?.state === "halted" && !busy && (
            <Button type="primary" onClick={() => void resume(run.run)}>
              {t("importGoOn")}
            </Button>
          )}
          {undoable && (
            <Button danger onClick={() => void undo()}>
              {t("importUndo")}
            </Button>
          )}
          {answer && !busy && <Button onClick={again}>{t("importAnother")}</Button>}
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
      {wrong && <Alert className="lc-import-wrong" type="error" showIcon title={file && !answer && !wrong.includes(file.name) ? `${file.name}${speech.chinese ? "：" : ": "}${wrong}` : wrong} />}
      {sent < 1 && (
        <div className="lc-import-run" role="status">
          <span>{t("importSending")}</span>
          <Progress percent={Math.floor(sent * 100)} status="active" />
        </div>
      )}
      {going && (
        <div className="lc-import-run" role="status">
          <span>{run.reads_on ? t("importReadsOn", { done: decimal(run.done, 0) }) : run.state === "reading" ? t("importReading") : run.state === "undoing" ? t("importUndoing") : t("importProgress", { done: decimal(run.done, 0), total: decimal(run.total, 0) })}</span>
          <Progress percent={run.total && !run.reads_on ? Math.min(100, Math.floor((run.done / run.total) * 100)) : 0} showInfo={!run.reads_on} status="active" />
        </div>
      )}
      {!answer && !going && sent === 1 && (
        <>
          <Upload.Dragger
            accept=".xlsx,.xls,.csv"
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
          <Button className="lc-import-template" type="link" href={address(`export/${form.name}`, { format: "xlsx", template: true })}>
            {t("importTemplate")}
          </Button>
          <Recent form={form} busy={busy} follow={(begun) => void follow(begun)} resume={(begun) => void resume(begun)} undo={(each) => void undoBefore(each)} />
        </>
      )}
      {answer && (
        <div className="lc-import">
          {file && <span className="lc-import-name lc-quiet">{file.name}</span>}
          <Outcome answer={answer} />
          {answer.problems.length > 0 && (
            <Problems
              form={form} problems={answer.problems} fixable={answer.dry_run} fixes={fixes}
              fix={(row, field, value) => {
                setFixes((before) => ({ ...before, [row]: { ...before[row], [field]: value } }));
                setFresh(true);
              }}
            />
          )}
          {ready && (
            <>
              <h3 className="lc-section-title">{t("importColumns")}</h3>
              <label className="lc-import-line">
                <span>{t("importHeaderRow")}</span>
                <InputNumber key={answer.header_row} min={1} max={100} precision={0} changeOnWheel={false} defaultValue={answer.header_row ?? 1} disabled={busy} onPressEnter={(event) => head(Number((event.target as HTMLInputElement).value))} onBlur={(event) => head(Number(event.target.value))} />
              </label>
              <Mapping form={form} answer={answer} change={(mapping) => void send(file!, true, { mapping })} />
              <MatchBy form={form} answer={answer} keys={how.keys} change={(keys) => void send(file!, true, { keys })} />
              <Choice label={t("importDuplicates")} value={how.duplicates} options={DUPLICATES} change={(value) => void send(file!, true, { duplicates: value })} />
              <Choice label={t("importOnError")} value={how.on_error} options={ON_ERROR} change={(value) => setHow({ ...how, on_error: value })} />
            </>
          )}
        </div>
      )}
    </Modal>
  );
}

interface How {
  duplicates: string;
  keys: string[];
  on_error: string;
}
type Answer = ImportAnswer & Partial<ImportRun>;
const DUPLICATES = [["update", "importUpdate"], ["skip", "importSkip"], ["create", "importCreate"]] as const;
const ON_ERROR = [["skip", "importOnErrorSkip"], ["stop", "importOnErrorStop"]] as const;

/** Nothing came in, because of rows with problems. */
const stopped = (answer: Answer): boolean => answer.state === "stopped" || (!answer.dry_run && answer.refused > 0 && answer.batch === null && !answer.state);

/** It ended before the file did; of one that came to a halt the rest may still come. */
const BROKEN: Record<string, TextKey | undefined> = { failed: "importFailed", halted: "importHalted" };
const COUNTED = [["create", "importCreates"], ["update", "importUpdates"], ["skip", "importSkips"], ["refused", "importRefuses"]] as const;

/** What became of the file, or what would. */
function Outcome({ answer }: { answer: Answer }) {
  const { t, chinese } = useSpeech();
  const broken = BROKEN[answer.state ?? ""];
  if (broken) return <Alert type="error" showIcon title={t(broken)} description={answer.error} />;
  if (stopped(answer)) return <Alert type="error" showIcon title={t("importStopped", { count: answer.refused })} />;
  const counts = COUNTED.filter(([what]) => answer[what] > 0).map(([what, words]) => t(words, { count: answer[what] }));
  const what = counts.join(chinese ? "，" : ", ") || t("importCreates", { count: 0 });
  return <Alert type={answer.refused > 0 ? "warning" : answer.dry_run ? "info" : "success"} showIcon title={answer.dry_run ? what : t("importCame", { what })} />;
}

function Choice<Value extends string>({ label, value, options, change }: { label: string; value: string; options: readonly (readonly [Value, TextKey])[]; change: (value: Value) => void }) {
  const { t } = useSpeech();
  return (
    <label className="lc-import-line">
      <span>{label}</span>
      <Select value={value as Value} options={options.map(([name, words]) => ({ value: name, label: t(words) }))} onChange={change} />
    </label>
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
    { title: t("importProblem"), render: (_: unknown, found: Found) => sentence(found.detail) },
    ...(fixable ? [{ title: t("importFix"), width: 200, render: (_: unknown, found: Found) => correction(found) }] : []),
  ];
  const stacked = {
    title: t("importProblem"),
    render: (_: unknown, found: Found) => (
      <div className="lc-import-problem">
        <strong>{titleOf(found)}</strong>
        <span>{sentence(found.detail)}</span>
        {correction(found)}
      </div>
    ),
  };
  return (
    <>
    <Table
      size="small"
      className="lc-import-problems"
      rowKey={(found) => `${found.row}${found.field ?? found.column ?? ""}${found.code}`}
      dataSource={problems}
      pagination={{ pageSize: 8, size: "small", hideOnSinglePage: true }}
      columns={[{ title: t("importRow"), dataIndex: "row", width: narrow ? 48 : 60 }, ...(narrow ? [stacked] : wide)]}
    />
    {problems.length >= LISTED && <p className="lc-quiet">{t("importListed", { count: problems.length })}</p>}
    </>
  );
}
