import { brief, useSpeech, When, type TextKey } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { endpointHere, hindrance, keepChoice, receive, silence, useRuntime, type Device, type Devices as Known } from "@lowcode/runtime";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Select, Space, Tag } from "antd";
import { BellOutlined } from "@ant-design/icons";
import { useState } from "react";

/** The devices on which a person sees their notices. The browser is asked after a press, and never before. */
export function Devices() {
  const { client, session } = useRuntime();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<TextKey | null>(null);
  const known = useQuery({ queryKey: ["devices"], queryFn: async () => client.run<Known>("push.devices", { endpoint: await endpointHere() }) }).data;
  if (!known) return null;
  const run = async (work: () => Promise<void>) => {
    setWrong(null);
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem) void message.error(brief(error, speech), 6);
      else setWrong("pushNoService");
    }
    await queries.invalidateQueries({ queryKey: ["devices"] });
  };
  const begin = async (key: string) => {
    setBusy(true);
    await run(async () => {
      const came = await receive(client, session.actor.id, key);
      if (came === "on") void message.success(t("pushOn"));
      else setWrong(came === "denied" ? "pushDenied" : "pushNotNow");
    });
    setBusy(false);
  };
  const forget = (each: Device) =>
    run(async () => {
      await client.run("push.forget", { id: each.id });
      if (each.this) await silence();
    });
  const choose = async (each: Device, notices: Device["notices"]) => {
    await client.run("push.choose", { id: each.id, notices });
    if (each.this) keepChoice(notices);
  };
  const attempt = (each: Device) =>
    run(async () => {
      await client.run("push.try", { id: each.id });
      void message.success(t("pushTried"), 5);
    });
  const here = known.items.some((each) => each.this);
  const hindered = hindrance();
  return (
    <section aria-label={t("pushTitle")} className="lc-devices">
      <h2 className="lc-section-title">{t("pushTitle")}</h2>
      <p className="lc-quiet">{t("pushHint")}</p>
      {known.items.map((each) => (
        <div key={each.id} className="lc-device">
          <div className="lc-device-name">
            <strong>{each.device}</strong>
            {each.this && <Tag color="blue">{t("pushThis")}</Tag>}
            <span className="lc-quiet">{each.reached_at ? <Said words={t("pushReached", { at: "\n" })} at={each.reached_at} /> : <Said words={t("pushSince", { at: "\n" })} at={each.created_at} />}</span>
          </div>
          <Space size="small" wrap>
            <Select
              size="small"
              value={each.notices}
              aria-label={t("pushWhich", { device: each.device })}
              options={[{ value: "all", label: t("pushAll") }, { value: "chosen", label: t("pushChosen") }]}
              popupMatchSelectWidth={false}
              onChange={(notices) => void run(() => choose(each, notices))}
            />
            <Button size="small" aria-label={t("pushTryOf", { device: each.device })} onClick={() => void attempt(each)}>
              {t("pushTry")}
            </Button>
            <Button size="small" danger aria-label={t("pushForgetOf", { device: each.device })} onClick={() => void forget(each)}>
              {t("pushForget")}
            </Button>
          </Space>
        </div>
      ))}
      {!here && known.key !== null && hindered === undefined && (
        <Button block icon={<BellOutlined />} loading={busy} onClick={() => void begin(known.key!)}>
          {t("pushHere")}
        </Button>
      )}
      {!here && (known.reason !== null ? <p className="lc-quiet">{known.reason}</p> : hindered && <Alert type="info" showIcon title={t(hindered)} />)}
      {wrong && wrong !== hindered && <Alert type="warning" showIcon title={t(wrong)} />}
    </section>
  );
}

/** Words around a time. */
function Said({ words, at }: { words: string; at: string }) {
  const [before, after] = words.split("\n", 2);
  return (
    <>
      {before}
      <When at={at} />
      {after}
    </>
  );
}
