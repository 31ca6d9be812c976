import { brief, downloadFile, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Empty, Input, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { changed } from "../changed";
import { useRuntime } from "../runtime";

interface Told {
  form: string;
  id: number;
  title: string;
  fields: { name: string; title: string; value: unknown; purpose: string; sensitivity: string }[];
}
interface Answer {
  data: { records: Told[] };
  html: string;
}
interface Consents {
  now: Record<string, boolean>;
  items: { purpose: string; text: string; given: boolean; at: string }[];
}

/** What is known of the person a record is about: why, what they agreed to; a copy for them, and taking it away. */
export default function Privacy({ form, record, close }: { form: Form; record: StoredRecord; close: () => void }) {
  const { client } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const narrow = useNarrow();
  const [reason, setReason] = useState("");
  const of = { form: form.name, id: record.id };
  const told = useQuery({ queryKey: ["privacy", form.name, record.id, locale], queryFn: () => client.run<Answer>("forms.subject", { ...of, language: locale }) });
  const consents = useQuery({ queryKey: ["consents", form.name, record.id], queryFn: () => client.run<Consents>("forms.consents", of) });
  const doing = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work();
      await changed(queries);
      if (done) void message.success(done);
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const takeAway = (how: "anonymise" | "erase") =>
    modal.confirm({
      title: t(how === "erase" ? "privacyErase" : "privacyAnonymise"),
      content: t(how === "erase" ? "privacySureErase" : "privacySureAnonymise"),
      okText: t(how === "erase" ? "privacyErase" : "privacyAnonymise"),
      cancelText: t("cancel"),
      okButtonProps: { danger: true },
      onOk: () => doing(() => client.run("forms.erase", { ...of, do: how, reason }).then(close), t("privacyDone")),
    });
  const records = told.data?.data.records ?? [];
  const own = records.find((each) => each.form === form.name && each.id === record.id);
  const said = new Map((consents.data?.items ?? []).map((each) => [each.purpose, each]));
  return (
    <Drawer title={`${t("privacy")} · ${record._label}`} open onClose={close} size={narrow ? "100%" : 520} destroyOnHidden>
      {told.isPending ? (
        <Skeleton active />
      ) : told.error ? (
        <p role="alert">{brief(told.error, speech)}</p>
      ) : (
        <Space direction="vertical" size="large" className="lc-privacy">
          <dl>
            {own?.fields.map((each) => (
              <div key={each.name}>
                <dt>
                  {each.title} {each.sensitivity === "sensitive" && <Tag color="red">!</Tag>}
                </dt>
                <dd>
                  {Array.isArray(each.value) ? each.value.join(", ") : String(each.value)}
                  <div className="lc-quiet">{each.purpose}</div>
                </dd>
              </div>
            ))}
          </dl>
          {(own?.fields.length ?? 0) === 0 && <Empty description={t("privacyNothing")} />}
          {records.length > 1 && <div className="lc-quiet">{t("privacyRelated", { count: records.length - 1 })}</div>}
          {said.size > 0 && (
            <section>
              <h4>{t("privacyConsents")}</h4>
              {[...said.values()].map((each) => (
                <div key={each.purpose} className="lc-consent">
                  <span>{each.text || each.purpose}</span>
                  <Tag color={each.given ? "green" : "default"}>{t(each.given ? "privacyGiven" : "privacyTaken")}</Tag>
                  {each.given && (
                    <Button size="small" onClick={() => void doing(() => client.run("forms.consent", { ...of, purpose: each.purpose, given: false, text: each.text }))}>
                      {t("privacyTakeBack")}
                    </Button>
                  )}
                </div>
              ))}
            </section>
          )}
          <Space wrap>
            <Button type="primary" onClick={() => downloadFile(`${w(form.title)}-${record.id}.html`, told.data!.html, "text/html;charset=utf-8")}>
              {t("privacyCopy")}
            </Button>
            <Button onClick={() => downloadFile(`${form.name}-${record.id}.json`, JSON.stringify(told.data!.data, null, 2), "application/json")}>{t("privacyData")}</Button>
          </Space>
          <section className="lc-privacy-away">
            <h4>{t("privacyAway")}</h4>
            <p className="lc-quiet">{t("privacyAwayHint")}</p>
            <label htmlFor="privacy-reason">{t("privacyReason")}</label>
            <Input.TextArea id="privacy-reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={1000} autoSize={{ minRows: 2 }} />
          </section>
          <Space wrap>
            <Button danger onClick={() => takeAway("anonymise")}>
              {t("privacyAnonymise")}
            </Button>
            <Button danger type="primary" onClick={() => takeAway("erase")}>
              {t("privacyErase")}
            </Button>
          </Space>
        </Space>
      )}
    </Drawer>
  );
}
