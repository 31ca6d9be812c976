import { Failure, guard, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import { words, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Drawer } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useRuntime, type FormRequest } from "../runtime";
import { Conflict } from "./conflict";
import { FillingContext, useDraft } from "./draft";
import { Duplicates } from "./duplicates";
import { Layout } from "./layout";
import { dirty, draftOf } from "./model";
import { useSaving } from "./saving";
import { formOfStep } from "./step";

/** A form in a drawer; on a phone it takes the whole screen. */
export function FormDrawer({ request, close }: { request: FormRequest; close: () => void }) {
  const { app, client } = useRuntime();
  const { t } = useSpeech();
  const whole = app.forms[request.form];
  const [also, setAlso] = useState<string[]>([]);
  const form = useMemo(() => (whole && request.step ? formOfStep(whole, { ...request.step, fields: [...request.step.fields, ...also] }) : whole), [whole, request.step, also]);
  const found = useQuery({
    queryKey: ["edit", request.form, request.id],
    queryFn: () => client.get(request.form, request.id!),
    enabled: request.id !== undefined,
    gcTime: 0,
    staleTime: Infinity,
  });
  if (!form) return null;
  if (request.id !== undefined && !found.data)
    return (
      <Drawer open size={720} onClose={close} title={t("edit")}>
        {found.error ? <Failure error={found.error} retry={() => void found.refetch()} /> : <Sketch rows={8} />}
      </Drawer>
    );
  return <Filled form={form} record={found.data ?? null} preset={request.step ? { [request.step.field]: request.step.to } : (request.preset ?? {})} request={request} close={close} askFor={(names) => setAlso((before) => [...before, ...names])} />;
}

function Filled({ form, record, preset, request, close, askFor }: { form: Form; record: StoredRecord | null; preset: Values; request: FormRequest; close: () => void; askFor: (fields: string[]) => void }) {
  const narrow = useNarrow();
  const { t, w } = useSpeech();
  const { message } = App.useApp();
  const filling = useDraft(form, record, preset, narrow);
  const taken = request.step;
  const saving = useSaving(filling, taken, askFor);
  const { draft, live, step } = filling;
  const changed = dirty(form, draft, live);
  const leave = useLeaving(changed);
  const finish = async (answer: Promise<StoredRecord | null>) => {
    const saved = await answer;
    if (!saved) return;
    saving.forget();
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
      size={narrow ? "100%" : wide ? 1040 : taken ? 480 : 720}
      placement={narrow ? "bottom" : "right"}
      className="lc-form"
      onClose={cancel}
      mask={{ closable: !changed }}
      title={taken ? `${taken.title} · ${record?._label ?? ""}` : record ? t("editRecord", { name: record._label }) : t("newRecord", { name: w(form.title) })}
      footer={
        <div className="lc-form-foot">
          {count > 0 && <span className="lc-problem">{t("problemsCount", { count })}</span>}
          <Button onClick={cancel}>{t("cancel")}</Button>
          <Button type="primary" loading={saving.busy} onClick={() => void finish(saving.save())}>
            {taken?.title ?? t("save")}
          </Button>
        </div>
      }
    >
      {taken && <p className="lc-quiet lc-step-hint">{t("stepHint", { name: nameOfState(form, taken) })}</p>}
      {draft.errors[""] && <Alert className="lc-problems" type="error" showIcon title={t("problemsTitle")} description={<span className="lc-many-lines">{draft.errors[""]}</span>} />}
      <FillingContext value={filling}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void finish(saving.save());
          }}
        >
          <Layout />
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
          mine={() => {
            const version = saving.conflict!.version;
            saving.forget();
            void finish(saving.save({ version }));
          }}
        />
      )}
    </Drawer>
  );
}

const nameOfState = (form: Form, step: NonNullable<FormRequest["step"]>): string =>
  words(form.fields.find((field) => field.name === step.field)?.states?.find((state) => state.name === step.to)?.title, document.documentElement.lang) || step.to;

/** Asks before changes are lost, whichever way somebody leaves. */
function useLeaving(changed: boolean): () => Promise<boolean> {
  const { modal } = App.useApp();
  const { t } = useSpeech();
  const latest = useRef(async () => true);
  latest.current = () =>
    changed
      ? new Promise<boolean>((resolve) => {
          modal.confirm({
            title: t("unsavedTitle"),
            content: t("unsavedHint"),
            okText: t("unsavedLeave"),
            cancelText: t("unsavedStay"),
            okButtonProps: { danger: true },
            onOk: () => resolve(true),
            onCancel: () => resolve(false),
          });
        })
      : Promise.resolve(true);
  useEffect(() => (changed ? guard(() => latest.current()) : undefined), [changed]);
  return () => latest.current();
}
