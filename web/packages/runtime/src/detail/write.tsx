import { Badge, brief, Sketch, useNarrow, useSpeech, When } from "@lowcode/kit";
import type { Form, StoredRecord, Templates, Text } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Input, Select } from "antd";
import { useState } from "react";
import { blank } from "../fields";
import { useRuntime } from "../runtime";

interface Letter {
  id: number;
  channel: string;
  subject: Text;
  text: Text;
  at: string;
  state: "waiting" | "sent" | "dropped" | "unsent";
  reason: string | null;
}

/** Writes to an address of the record, by a template or freely; and what was written before. */
export function Write({ form, record, close }: { form: Form; record: StoredRecord; close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const narrow = useNarrow();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [key] = useState(() => crypto.randomUUID());
  const [field, setField] = useState<string>();
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const offered = useQuery({ queryKey: ["messages", form.name], queryFn: () => client.run<Templates>("rules.messages", { form: form.name }) });
  const sent = useQuery({ queryKey: ["sent", form.name, record.id], queryFn: () => client.run<{ items: Letter[] }>("rules.sent", { form: form.name, record: record.id, limit: 20 }) });
  const addresses = (offered.data?.addresses ?? []).filter((each) => each.sort === "email" && !blank(record[each.field]));
  const to = field ?? addresses[0]?.field;
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const each of offered.data?.items ?? []) groups.set(w(each.group), [...(groups.get(w(each.group)) ?? []), { value: each.name, label: w(each.title) }]);
  const guarded = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  const choose = (name?: string) =>
    name &&
    guarded(async () => {
      const words = await client.run<{ subject: string; text: string }>("rules.compose", { message: name, record: record.id, language: locale });
      setSubject(words.subject);
      setText(words.text);
    });
  const send = () =>
    guarded(async () => {
      await client.run("rules.write", { form: form.name, record: record.id, field: to, subject, text, key });
      await queries.invalidateQueries({ queryKey: ["sent", form.name, record.id] });
      void message.success(t("sentNow"));
      close();
    });
  return (
    <Drawer open onClose={close} title={`${t("writeMessage")} · ${record._label}`} size={narrow ? "100%" : 520}>
      {!offered.data ? (
        <Sketch rows={6} />
      ) : addresses.length === 0 ? (
        <Alert type="info" message={t("noAddressHere")} />
      ) : (
        <div className="lc-write">
          <label><span>{t("template")}</span><Select allowClear placeholder={t("noTemplate")} onChange={choose} options={[...groups].map(([label, options]) => (label ? { label, options } : options)).flat()} /></label>
          <label><span>{t("writeTo")}</span><Select value={to} onChange={setField} options={addresses.map((each) => ({ value: each.field, label: `${w(each.title)}: ${String(record[each.field])}` }))} /></label>
          <label><span>{t("subject")}</span><Input value={subject} maxLength={300} onChange={(event) => setSubject(event.target.value)} /></label>
          <label><span>{t("messageText")}</span><Input.TextArea autoSize={{ minRows: 6, maxRows: 16 }} value={text} onChange={(event) => setText(event.target.value)} /></label>
          <Button type="primary" block={narrow} loading={busy} disabled={!text.trim() || !subject.trim()} onClick={() => void send()}>{t("writeNow")}</Button>
        </div>
      )}
      {(sent.data?.items.length ?? 0) > 0 && (
        <section className="lc-written">
          <h3>{t("sentBefore")}</h3>
          <ul className="lc-runs">
            {sent.data!.items.map((each) => (
              <li key={each.id} className="lc-run">
                <div className="lc-rule-head"><span>{w(each.subject)}</span><Badge color={each.state === "sent" ? "green" : each.state === "waiting" ? "blue" : "orange"}>{t(`state_${each.state}`)}</Badge></div>
                <div className="lc-rule-foot">{each.reason && <span>{each.reason}</span>}<span className="lc-grow" /><When at={each.at} /></div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Drawer>
  );
}
