import { brief, Failure, guard, Sketch, useNarrow, useOnline, useSpeech, When } from "@lowcode/kit";
import { type Form, type KeptDraft, type StoredRecord, type Values } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Drawer } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { AlsoEdited } from "../presence/also";
import { useWaiting, type Waiting } from "../offline/queue";
import { isCut } from "../offline/start";
import { useRuntime, type FormRequest } from "../runtime";
import { ready, type Before } from "./before";
import { BusinessCard } from "./business_card";
import { Closed, leftOpen } from "./closed";
import { Conflict } from "./conflict";
import { copyOf, type Copied } from "./copied";
import { CopyNote } from "./copy";
import { useDraft } from "./draft";
import { FillingContext } from "./filling";
import { changedSince, overtakenBy, Unfinished, useKept, type Kept } from "./kept";
import { Duplicates } from "./duplicates";
import { Layout } from "./layout";
import { changes, dirty, draftOf, restored } from "./model";
import { useSaving } from "./saving";
import { Needed, nameOfState } from "./needed";
import { reveal } from "./reveal";
import { formOfStep } from "./step";
import { useWizard, WizardHead } from "./wizard";

/** A form in a drawer; on a phone it takes the whole screen. */
export function FormDrawer({ request: given, close }: { request: FormRequest; close: () => void }) {
  const { app, client, session } = useRuntime();
  const { t } = useSpeech();
  const queries = useQueryClient();
  const whole = app.forms[given.form];
  const [also, setAlso] = useState<string[]>([]);
  const [beside, setBeside] = useState<string[]>([]);
  const waits = useWaiting(session.actor.id);
  const [waiting] = useState(() => goingOnWith(given, waits));
  const request = useMemo(() => ({ ...given, waiting }), [given, waiting]);
  const form = useMemo(() => (whole && request.step ? formOfStep(whole, { ...request.step, fields: [...request.step.fields, ...also] }, beside) : whole), [whole, request.step, also, beside]);
  const found = useQuery({
    queryKey: ["edit", request.form, request.id],
    queryFn: () =>
      client.get(request.form, request.id!).catch((error: unknown) => {
        const seen = whole?.offline && isCut(error) ? (queries.getQueryData<StoredRecord>(["record", request.form, request.id]) ?? waiting?.seen) : undefined;
        if (!seen) throw error;
        return seen;
      }),
    enabled: request.id !== undefined,
    gcTime: 0,
    staleTime: Infinity,
  });
  const copied = useQuery({ queryKey: ["copy", request.form, request.copy], queryFn: () => copyOf(client, whole!, request.copy!), enabled: whole !== undefined && request.copy !== undefined, gcTime: 0, staleTime: Infinity });
  if (!form) return null;
  const awaited = request.id !== undefined ? found : request.copy !== undefined ? copied : null;
  if (awaited && !awaited.data)
    return (
      <Drawer open size={720} onClose={close} title={t(awaited === found ? "edit" : "copyRecord")}>
        {awaited.error ? <Failure error={awaited.error} retry={() => void awaited.refetch()} /> : <Sketch rows={8} />}
      </Drawer>
    );
  return <Filled form={form} record={found.data ?? null} preset={request.step ? { [request.step.field]: request.step.to } : (request.waiting?.shown ?? copied.data?.preset ?? request.preset ?? {})} copied={copied.data} request={request} close={close} askFor={(names) => setAlso((before) => [...before, ...names])} show={(name) => setBeside((before) => [...before, name])} />;
}

/** Who changes a record again before the first change is sent goes on with that: it would collide with itself. */
function goingOnWith({ form, id, waiting, step, draft, left }: FormRequest, all: readonly Waiting[]): Waiting | undefined {
  if (waiting || id === undefined || step || draft !== undefined || left) return waiting;
  return all.find((each) => each.form === form && each.record === id && each.state !== "conflict");
}

function Filled({ form: whole, record, preset, copied, request, close, askFor, show }: { form: Form; record: StoredRecord | null; preset: Values; copied?: Copied; request: FormRequest; close: () => void; askFor: (fields: string[]) => void; show: (field: string) => void }) {
  const narrow = useNarrow();
  const online = useOnline();
  const speech = useSpeech();
  const { t, w } = speech;
  const { app, client } = useRuntime();
  const { message } = App.useApp();
  const form = useMemo(() => leftOpen(whole, record), [whole, record]);
  const filling = useDraft(form, record, preset, narrow);
  const taken = request.step;
  const saving = useSaving(filling, taken, askFor, request.waiting);
  const { draft, live, step } = filling;
  const changed = dirty(form, draft, live) || filling.awaited > 0;
  const [going, setGoing] = useState<KeptDraft | null>(null);
  const [overtaken, setOvertaken] = useState<string[]>(() => (request.waiting && record ? overtakenBy(request.waiting.before, record) : []));
  const kept = useKept(filling, going?.id ?? request.draft, !taken);
  const wizard = useWizard(filling, !taken);
  const last = wizard === null || wizard.at === wizard.steps.length - 1;
  const leave = useLeaving(changed, filling.before, taken ? undefined : kept);
  const goOn = (found: KeptDraft) => {
    setGoing(found);
    setOvertaken(changedSince(found, record ?? {}));
    step({ kind: "start", draft: restored(form, record, found.values ?? {}) });
  };
  const asked = request.draft;
  useEffect(() => {
    if (asked !== undefined) void client.run<KeptDraft>("forms.draft", { id: asked }).then(goOn, (error: unknown) => void message.error(brief(error, speech)));
    // Once, when the form opens.
  }, [asked]);
  const { left } = request;
  useEffect(() => {
    if (!left) return;
    if (record) setOvertaken(overtakenBy(left.before, record));
    step({ kind: "start", draft: restored(form, record, left.values) });
    // Once, when the form opens.
  }, [left]);
  const finish = async (answer: Promise<StoredRecord | "waiting" | null>) => {
    const saved = await answer;
    if (!saved) return;
    saving.forget();
    void kept.discard();
    if (saved === "waiting") {
      void message.info(t("offlineKept"), 5);
      return close();
    }
    void message.success(taken ? t("moved", { name: nameOfState(form, taken) }) : record ? t("saved") : t("created", { name: saved._label }));
    request.onSaved?.({ id: saved.id, label: saved._label });
    close();
  };
  const cancel = () => void leave().then((may) => may && close());
  const wide = !taken && form.fields.some((field) => field.type === "lines");
  const count = Object.keys(draft.errors).filter((pointer) => pointer !== "").length;
  return (
    <Drawer
      open
      size={narrow ? "100%" : wide ? "min(1240px, calc(100vw - 48px))" : taken ? 480 : 720}
      placement={narrow ? "bottom" : "right"}
      className="lc-form"
      afterOpenChange={(shown) => shown && (request.at ? reveal(request.at) : (!record || taken) && !narrow && first())}
      onClose={cancel}
      mask={{ closable: !changed }}
      title={taken ? `${taken.title} · ${record?._label ?? ""}` : record ? t("editRecord", { name: record._label }) : t("newRecord", { name: w(form.title) })}
      footer={
        <div className="lc-form-foot">
          {count > 0 ? <span className="lc-problem">{t("problemsCount", { count })}</span> : kept.at && <span className="lc-quiet" role="status">{t("draftKept")} <When at={kept.at} /></span>}
          <Button onClick={cancel}>{t("cancel")}</Button>
          {wizard && wizard.at > 0 && <Button onClick={() => wizard.go(wizard.at - 1)}>{t("stepBack")}</Button>}
          <Button type="primary" loading={saving.busy || wizard?.busy} onClick={() => void (last ? finish(saving.save()) : wizard.next())}>
            {last ? (taken?.title ?? t("save")) : t("stepNext")}
          </Button>
        </div>
      }
    >
      {copied && <CopyNote form={form} copied={copied} />}
      {record && <Closed record={record} />}
      {record && <AlsoEdited form={form.name} id={record.id} />}
      {!online && form.offline && !taken && <Alert className="lc-problems" type="info" showIcon title={t("offlineForm")} />}
      {draft.errors[""] && <Alert className="lc-problems" type="error" showIcon title={t("problemsTitle")} description={<span className="lc-many-lines">{draft.errors[""]}</span>} />}
      {!taken && !request.waiting && asked === undefined && !left && going === null && <Unfinished form={form} record={record?.id} own={kept.id} restore={goOn} />}
      {request.waiting && record && <Alert className="lc-problems" type="info" showIcon title={t("unsentGoesOn")} />}
      {overtaken.length > 0 && <Alert className="lc-problems" type="warning" showIcon title={t("draftOvertaken", { names: speech.among(overtaken.map((name) => w(form.fields.find((field) => field.name === name)?.title) || name)) })} />}
      {wizard && <WizardHead wizard={wizard} narrow={narrow} />}
      <FillingContext value={filling}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void (last ? finish(saving.save()) : wizard.next());
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.currentTarget.requestSubmit();
          }}
        >
          {taken && record && <Needed whole={app.forms[form.name]!} record={record} step={taken} show={show} />}
          {form.business_card && !record && !taken && <BusinessCard />}
          <Layout only={wizard?.steps[wizard.at]} />
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        </form>
      </FillingContext>
      {saving.duplicates && <Duplicates form={form} found={saving.duplicates} close={saving.forget} save={() => { saving.forget(); void finish(saving.save({ duplicates: true })); }} />}
      {saving.conflict && (
        <Conflict
          form={form}
          original={draft.original}
          written={live.values}
          current={saving.conflict}
          close={saving.forget}
          theirs={() => {
            step({ kind: "start", draft: draftOf(form, saving.conflict, {}) });
            saving.forget();
          }}
          mine={(merged) => {
            const own = Object.fromEntries(Object.keys(changes(form, draft, live)).map((name) => [name, live.values[name]]));
            const over = restored(form, saving.conflict, { ...own, ...merged });
            saving.forget();
            step({ kind: "start", draft: over });
            void finish(saving.save({ over }));
          }}
        />
      )}
    </Drawer>
  );
}

/** Whoever opens a new form wants to write; a date would open its calendar at once, so it is not the first. */
function first(): void {
  const form = [...document.querySelectorAll(".lc-form")].at(-1);
  form?.querySelector<HTMLElement>(".lc-item :is(input, textarea):not(:disabled, .ant-picker *)")?.focus({ preventScroll: true });
}

/** Asks before changes are lost, whichever way somebody leaves. */
function useLeaving(changed: boolean, before: Before, kept: Kept | undefined): () => Promise<boolean> {
  const { modal } = App.useApp();
  const { t } = useSpeech();
  const queries = useQueryClient();
  const latest = useRef(async () => true);
  latest.current = () =>
    changed
      ? new Promise<boolean>((resolve) => {
          const shown = modal.confirm({
            title: t("unsavedTitle"),
            content: t(kept ? "unsavedHintDraft" : "unsavedHint"),
            onCancel: () => resolve(false),
            footer: () => {
              const end = (may: boolean | Promise<boolean>) => {
                shown.destroy();
                resolve(may);
              };
              /** With its files, or not at all. */
              const keep = async ({ keep }: Kept) => {
                if (!(await ready(before))) return false;
                await keep();
                await queries.invalidateQueries({ queryKey: ["drafts"] });
                return true;
              };
              return (
                <div className="lc-leaving">
                  <Button onClick={() => end(false)}>{t("unsavedStay")}</Button>
                  <Button danger onClick={() => end(kept ? kept.discard().then(() => true) : true)}>
                    {t("unsavedLeave")}
                  </Button>
                  {kept && (
                    <Button type="primary" onClick={() => end(keep(kept))}>
                      {t("draftKeep")}
                    </Button>
                  )}
                </div>
              );
            },
          });
        })
      : Promise.resolve(true);
  useEffect(() => (changed ? guard(() => latest.current()) : undefined), [changed]);
  return () => latest.current();
}
