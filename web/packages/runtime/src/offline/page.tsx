import { CloudUploadOutlined, DeleteOutlined, EditOutlined, RedoOutlined } from "@ant-design/icons";
import { Icon, instant, Nothing, useOnline, useSpeech, When } from "@lowcode/kit";
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
            <Button type="primary" icon={<CloudUploadOutlined />} loading={busy} disabled={!online} onClick={() => { setBusy(true); void send({}).finally(() => setBusy(false)); }}>
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
            return form ? <Entry key={entry.key} form={form} entry={entry} send={online ? () => send({ only: entry.key }) : undefined} /> : <Homeless key={entry.key} entry={entry} />;
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

/** The server is there and fails at this one: what it said, that nothing is lost, and when it is tried again. */
function Failed({ failed }: { failed: NonNullable<Waiting["failed"]> }) {
  const { t } = useSpeech();
  return (
    <div role="status" className="lc-draft-failed">
      <Badge status="error" text={t("unsentFailed", { count: failed.times })} />
      {failed.detail && <span className="lc-quiet">{failed.detail}</span>}
      <span className="lc-quiet">{t("unsentAgain", { when: instant(failed.again) })}</span>
    </div>
  );
}

/** `send` sends this one now; absent without a network. */
function Entry({ form, entry, send }: { form: Form; entry: Waiting; send?: () => Promise<void> }) {
  const { openForm } = useRuntime();
  const { t, w } = useSpeech();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
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
        {entry.state === "waiting" && entry.failed && <Failed failed={entry.failed} />}
      </div>
      {entry.state === "waiting" && entry.failed && (
        <Button
          type="primary"
          icon={<RedoOutlined />}
          aria-label={`${t("retry")} ${name}`}
          loading={busy}
          disabled={!send}
          onClick={() => { setBusy(true); void send?.().finally(() => setBusy(false)); }}
        >
          {t("retry")}
        </Button>
      )}
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
              ...entry, state: "waiting", version: entry.current!.version, before: entry.current!, seen: entry.current, current: undefined, failed: undefined,
              values: { ...entry.values, ...sent }, shown: { ...entry.shown, ...rows },
            });
          }}
        />
      )}
    </li>
  );
}
