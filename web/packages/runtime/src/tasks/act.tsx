import { EllipsisOutlined, UploadOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import { Problem, type Action, type ActionField, type FieldProblem, type StoredFile, type Values } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Dropdown, Form, Input, Modal, Radio, Select, Upload, type UploadFile } from "antd";
import type { RcFile } from "antd/es/upload";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { changed } from "../changed";
import { ready, type Before } from "../form/before";
import { useRuntime } from "../runtime";
import { answered } from "./answered";
import { toTheEnd, type Refused } from "./several";
import { Sign } from "./sign";

/** What else may be done, behind one button; each asks for what it needs. `plain`: one alone is a button of its own. */
/** `ready`: puts into an action what stands beside it, once it is there, or says with null that something is still wrong. */
export function MoreActions({ actions, small, plain, given, ready, refuse }: { actions: Action[]; small?: boolean; plain?: boolean; given?: Values; ready?: (action: Action) => Promise<Action | null>; refuse?: Refuse }) {
  const { t, w } = useSpeech();
  const [chosen, choose] = useState<Action | null>(null);
  const [waits, setWaits] = useState(false);
  if (actions.length === 0) return null;
  const take = async (action: Action) => {
    if (!ready) return choose(action);
    setWaits(true);
    choose(await ready(action).finally(() => setWaits(false)));
  };
  const items = actions.map((each, index) => ({ key: String(index), label: each.operation === "flows.decide" ? withMore(each, w) : w(each.title), danger: each.danger, onClick: () => void take(each) }));
  const only = plain && actions.length === 1 ? actions[0] : undefined;
  return (
    <>
      {only ? (
        <Button danger={only.danger} onClick={() => void take(only)}>
          {w(only.title)}
        </Button>
      ) : (
        <Dropdown autoFocus menu={{ items }} trigger={["click"]}>
          <Button icon={<EllipsisOutlined />} loading={waits} size={small ? "small" : undefined} type={small ? "text" : undefined} aria-label={t("actions")} />
        </Dropdown>
      )}
      {chosen && <ActionForm action={chosen} given={given && chosen.parameters.some((each) => each.name === "opinion") ? given : undefined} refuse={refuse} close={() => choose(null)} />}
    </>
  );
}

/** A decision that may take more than an opinion is called by what it takes: one that says no more hides it. */
function withMore(action: Action, w: (words: Action["title"]) => string): string {
  const more = action.parameters.filter((each) => each.name !== "opinion").map((each) => w(each.title));
  return `${[w(action.title), ...more].join(" · ")} …`;
}

/** Shows beside the action what was refused of what stands there; what is shown nowhere there comes back. */
export type Refuse = (problem: Problem) => FieldProblem[];

/** One action with its fields, whatever it is: the server said what it takes. All that is wrong is said at once, each at
 * its field; what belongs to none of them stands above the buttons. */
export function ActionForm({ action, given = {}, refuse, close }: { action: Action; given?: Values; refuse?: Refuse; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const [values, setValues] = useState<Values>({ ...onlyWay(action), ...given });
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [left, setLeft] = useState<Refused[]>([]);
  const before = useRef<Before>(new Set());
  const now = async () => {
    const missing = action.parameters.filter((each) => each.required && blank(values[each.name]));
    setWrong(Object.fromEntries(missing.map((each) => [each.name, t("fieldNeeded", { name: w(each.title) })])));
    if (missing.length > 0) return;
    setBusy(true);
    try {
      const several = await toTheEnd((parameters) => client.run(action.operation, parameters), { ...action.fixed, ...filled(values) });
      const done = w(action.done) || t("decided");
      if (several === null || (several.done === 1 && several.refused.length === 0)) void message.success(done);
      else if (several.done > 0) void message.success(t("severalDone", { done, count: several.done }));
      else if (several.refused.length === 0) setWrong({ "": t("severalNone") });
      setLeft(several?.refused ?? []);
      if (several === null || (several.done > 0 && several.refused.length === 0)) close();
      if (action.operation === "flows.decide") answered(queries, [Number(action.fixed["task"])]);
      else await changed(queries);
    } catch (error) {
      if (!(error instanceof Problem) || error.errors.length === 0) setWrong({ "": brief(error, speech) });
      else {
        const left = refuse?.(error) ?? error.errors;
        if (left.length === 0) close(); // it stands behind this window
        setWrong(atFields(action, left));
      }
    } finally {
      setBusy(false);
    }
  };
  const latest = useRef(now);
  latest.current = now;
  const send = async () => {
    setBusy(true);
    const fine = await ready(before.current).finally(() => setBusy(false));
    if (fine) await latest.current(); // with the files that came meanwhile
  };
  return (
    <Modal open title={w(action.title)} okText={w(action.title)} okButtonProps={{ danger: action.danger, loading: busy }} onOk={() => void send()} onCancel={close} cancelText={t(left.length > 0 ? "close" : "cancel")} destroyOnHidden>
      {action.help && <p className="lc-quiet">{w(action.help)}</p>}
      <Form layout="vertical">
        {action.parameters.map((field) => (
          <Form.Item key={field.name} label={w(field.title)} required={field.required} htmlFor={`act-${field.name}`} validateStatus={wrong[field.name] ? "error" : undefined}>
            <FieldInput
              field={field}
              value={values[field.name]}
              before={before.current}
              change={(value) => {
                setWrong(({ [field.name]: _, "": __, ...others }) => others);
                setValues((others) => ({ ...others, [field.name]: value }));
              }}
            />
            {wrong[field.name] && <Wrong words={wrong[field.name]!} />}
          </Form.Item>
        ))}
      </Form>
      {wrong[""] && <Wrong words={wrong[""]} />}
      {left.length > 0 && <Left refused={left} />}
    </Modal>
  );
}

/** Those of several to which it could not be done, and why: the first of them, when there are very many. */
function Left({ refused }: { refused: Refused[] }) {
  const { t } = useSpeech();
  const shown = refused.slice(0, SHOWN);
  return (
    <Alert
      type="warning"
      showIcon
      title={t("severalLeft", { count: refused.length })}
      description={
        <ul className="lc-several-left">
          {shown.map(({ subject, why }, at) => (
            <li key={at}>{[subject, why].filter(Boolean).join(" — ")}</li>
          ))}
          {refused.length > SHOWN && <li>{t("severalMore", { count: refused.length - SHOWN })}</li>}
        </ul>
      }
    />
  );
}

const SHOWN = 50;

const Wrong = ({ words }: { words: string }) => (
  <div className="lc-problem lc-many-lines" role="alert">
    {words}
  </div>
);

/** What was refused, by the field of the action that it belongs to, and under a blank name what belongs to none. */
export function atFields(action: Action, problems: FieldProblem[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { pointer, detail } of problems) {
    const [, outer = "", inner = ""] = pointer.split("/");
    const name = [`${outer}.${inner}`, outer].find((each) => action.parameters.some((field) => field.name === each)) ?? "";
    found[name] = found[name] ? `${found[name]}\n${detail}` : detail;
  }
  return found;
}

/** What counts when nothing is chosen, and what has to be chosen and leaves no choice. */
const onlyWay = (action: Action): Values => Object.fromEntries(action.parameters.flatMap(({ name, kind, required, options, usual }) => (usual ? [[name, usual]] : kind === "choice" && required && options?.length === 1 ? [[name, options[0]!.name]] : [])));

function FieldInput({ field, value, before, change }: { field: ActionField; value: unknown; before: Before; change: (value: unknown) => void }) {
  const { w } = useSpeech();
  const id = `act-${field.name}`;
  const options = field.options?.map((each) => ({ value: each.name, label: w(each.title) })) ?? [];
  switch (field.kind) {
    case "text":
      return <Input.TextArea id={id} autoSize={{ minRows: 2, maxRows: 6 }} value={(value as string) ?? ""} onChange={(event) => change(event.target.value)} />;
    case "signature":
      return <Sign id={id} value={(value as string) ?? ""} change={change} />;
    case "choice":
      return options.length <= 4 ? <Radio.Group id={id} options={options} value={value} onChange={(event) => change(event.target.value)} /> : <Select id={id} options={options} value={value as string} onChange={change} style={{ width: "100%" }} />;
    case "checklist":
      return <Checkbox.Group className="lc-checklist" options={options} value={(value as string[] | undefined) ?? []} onChange={change} />;
    case "files":
      return <FilesInput value={(value as StoredFile[] | undefined) ?? []} before={before} change={change} />;
    default:
      return <PeopleInput id={id} several={field.kind === "people"} value={value} change={change} />;
  }
}

interface Known {
  id: number;
  label: string;
  department?: string | null;
}

function PeopleInput({ id, several, value, change }: { id: string; several: boolean; value: unknown; change: (value: unknown) => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [search, setSearch] = useState("");
  const found = useQuery({ queryKey: ["people", search], queryFn: () => client.run<{ items: Known[] }>("identity.people", { search: search || undefined, limit: 30 }), placeholderData: (before) => before });
  const options = found.data?.items.map((each) => ({ value: each.id, label: [each.label, each.department].filter(Boolean).join(" · ") })) ?? [];
  return <Select id={id} mode={several ? "multiple" : undefined} showSearch={{ filterOption: false, onSearch: setSearch }} options={options} loading={found.isPending} value={value} onChange={change} placeholder={t("choosePerson")} style={{ width: "100%" }} />;
}

/** Files beside an opinion, several at once; what is on its way is shown, and waited for in `before`. */
function FilesInput({ value, before, change }: { value: StoredFile[]; before: Before; change: (value: StoredFile[]) => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [coming, setComing] = useState<UploadFile[]>([]);
  const latest = useRef(value);
  latest.current = value;
  const sent = async (file: RcFile): Promise<boolean> => {
    setComing((others) => [...others, { uid: file.uid, name: file.name, status: "uploading" }]);
    try {
      const stored = await client.upload(file);
      flushSync(() => change([...latest.current, stored])); // it stands in the window when this ends
      return true;
    } catch (error) {
      void message.error(brief(error, speech));
      return false;
    } finally {
      setComing((others) => others.filter((each) => each.uid !== file.uid));
    }
  };
  const add = (file: RcFile) => {
    const work = sent(file);
    const wait = () => work;
    before.add(wait);
    void work.finally(() => before.delete(wait));
    return false;
  };
  const list = [...value.map((each): UploadFile => ({ uid: String(each.id), name: each.name, status: "done" })), ...coming];
  return (
    <Upload multiple fileList={list} beforeUpload={add} onRemove={(file) => change(value.filter((each) => String(each.id) !== file.uid))}>
      <Button icon={<UploadOutlined />}>{speech.t("addFile")}</Button>
    </Upload>
  );
}

const blank = (value: unknown): boolean => value == null || (Array.isArray(value) ? value.length === 0 : String(value).trim() === "");

/** What was filled in, with files as their ids and a name with a dot inside its object. */
export function filled(values: Values): Values {
  const found: Values = {};
  for (const [name, value] of Object.entries(values)) {
    if (blank(value)) continue;
    const sent = name === "files" ? (value as StoredFile[]).map((each) => each.id) : value;
    const [outer, inner] = name.split(".");
    if (inner === undefined) found[name] = sent;
    else found[outer!] = { ...((found[outer!] as Values | undefined) ?? {}), [inner]: sent };
  }
  return found;
}
