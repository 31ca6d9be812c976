import { CloudUploadOutlined, DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Icon, Nothing, useOnline, useSpeech, When } from "@lowcode/kit";
import { isReference, type Form } from "@lowcode/protocol";
import { App, Badge, Button } from "antd";
import { useState } from "react";
import { written } from "../fields";
import { Conflict } from "../form/conflict";
import { useRuntime } from "../runtime";
import { keep, settle, useWaiting, type Waiting } from "./queue";
import { useSender } from "./sender";

/** What waits on this device: when it was filled in, why it is not sent yet, and what can be done about it. */
export default function UnsentPage() {
  const { app, session, openForm } = useRuntime();
  const { t, w } = useSpeech();
  const online = useOnline();
  const send = useSender();
  const [busy, setBusy] = useState(false);
  const forms = Object.values(app.forms).filter((form) => form.offline && form.permissions["create"]);
  const items = useWaiting(session.actor.id);
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("unsent")}</h1>
          <span className="lc-grow" />
          {items.some((each) => each.state === "waiting") && (
            <Button type="primary" icon={<CloudUploadOutlined />} loading={busy} disabled={!online} onClick={() => { setBusy(true); void send().finally(() => setBusy(false)); }}>
              {t("unsentSend")}
            </Button>
          )}
        </div>
        {forms.length > 0 && (
          <div className="lc-offline-forms">
            <span className="lc-quiet">{t("offlineForms")}</span>
            {forms.map((form) => (
              <Button key={form.name} icon={<Icon name={form.icon} />} onClick={() => openForm({ form: form.name })}>
                {t("newRecord", { name: w(form.title) })}
              </Button>
            ))}
          </div>
        )}
        {items.length > 0 && <p className="lc-quiet">{t(online ? "unsentHint" : "unsentHintOffline")}</p>}
      </header>
      {items.length === 0 ? (
        <Nothing title={t("unsentNone")} hint={t("unsentNoneHint")} />
      ) : (
        <ul className="lc-drafts">
          {items.map((entry) => {
            const form = app.forms[entry.form];
            return form ? <Entry key={entry.key} form={form} entry={entry} /> : <Homeless key={entry.key} entry={entry} />;
          })}
        </ul>
      )}
    </div>
  );
}

/** Takes away what waits, once somebody said that they mean it. */
function Remove({ entry, name, called }: { entry: Waiting; name: string; called: string }) {
  const { modal } = App.useApp();
  const { t } = useSpeech();
  const remove = () =>
    modal.confirm({ title: t("unsentRemove", { name: called }), content: t("unsentRemoveHint"), okText: t("delete"), cancelText: t("cancel"), okButtonProps: { danger: true }, onOk: () => settle(entry.key) });
  return <Button icon={<DeleteOutlined />} aria-label={`${t("delete")} ${name}`} title={t("delete")} onClick={remove} />;
}

/** As somebody reads it, without the form that said how. */
const told = (value: unknown): string => (isReference(value) ? value.label : Array.isArray(value) ? value.map(told).join(", ") : value === null || value === undefined ? "—" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** What was filled in into a form that is gone meanwhile: it can still be read, and written down elsewhere. */
function Homeless({ entry }: { entry: Waiting }) {
  const { t } = useSpeech();
  const name = entry.title || entry.form;
  return (
    <li>
      <Icon />
      <div className="lc-draft-words">
        <strong>{name}</strong>
        <span className="lc-quiet">
          {entry.form} · <When at={entry.at} />
        </span>
        <Badge status="error" text={t("unsentNoForm")} />
        <details>
          <summary>{t("unsentHeld")}</summary>
          <dl className="lc-held">
            {Object.entries(entry.shown).map(([field, value]) => (
              <div key={field}>
                <dt>{field}</dt>
                <dd>{told(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
      <Remove entry={entry} name={name} called={name} />
    </li>
  );
}

function Entry({ form, entry }: { form: Form; entry: Waiting }) {
  const { openForm } = useRuntime();
  const { t, w } = useSpeech();
  const [asking, setAsking] = useState(false);
  const name = entry.title || t("newRecord", { name: w(form.title) });
  const edit = () => openForm({ form: entry.form, id: entry.record, waiting: entry });
  return (
    <li>
      <Icon name={form.icon} />
      <div className="lc-draft-words">
        <button type="button" className="lc-draft-open" onClick={edit}>
          {name}
        </button>
        <span className="lc-quiet">
          {entry.record === undefined ? w(form.title) : t("draftOfRecord", { name: w(form.title) })} · <When at={entry.at} />
        </span>
        {entry.state === "refused" && <Badge status="error" text={entry.detail || t("unsentRefused")} />}
        {entry.state === "conflict" && <Badge status="warning" text={t("conflictTitle")} />}
      </div>
      {entry.state === "conflict" ? (
        <Button type="primary" aria-label={`${t("unsentDecide")} ${name}`} onClick={() => setAsking(true)}>
          {t("unsentDecide")}
        </Button>
      ) : (
        <Button icon={<EditOutlined />} aria-label={`${t("edit")} ${name}`} onClick={edit}>
          {t("edit")}
        </Button>
      )}
      <Remove entry={entry} name={name} called={entry.title || w(form.title)} />
      {asking && entry.current && (
        <Conflict
          form={form}
          original={{ ...entry.current, ...entry.before }}
          current={entry.current}
          written={{ ...entry.current, ...entry.shown }}
          close={() => setAsking(false)}
          theirs={() => void settle(entry.key)}
          mine={(rows) => {
            setAsking(false);
            const sent = Object.fromEntries(form.fields.flatMap((field) => (field.name in rows ? [[field.name, written(field, rows[field.name])]] : [])));
            void keep({
              ...entry, state: "waiting", version: entry.current!.version, before: entry.current!, seen: entry.current, current: undefined,
              values: { ...entry.values, ...sent }, shown: { ...entry.shown, ...rows },
            });
          }}
        />
      )}
    </li>
  );
}
