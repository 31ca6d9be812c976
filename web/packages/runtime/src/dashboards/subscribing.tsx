import { brief, instant, useSpeech, type TextKey } from "@lowcode/kit";
import type { BoardWay, Dashboard, Subscription } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { measuresOf } from "./cells";
import { cronWords } from "../cron";

const SCHEDULES: [string, TextKey][] = [
  ["0 8 * * 1-5", "everyWorkday"],
  ["0 8 * * *", "everyDay"],
  ["0 8 * * 1", "everyMonday"],
  ["0 8 1 * *", "everyMonth"],
];

/** A board on a schedule: by which channel, when, and whether only if a number is large enough. */
export default function Subscribing({ board, filters, close }: { board: Dashboard; filters: Record<string, unknown>; close: () => void }) {
  const speech = useSpeech();
  const { t, w } = speech;
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [schedule, setSchedule] = useState(SCHEDULES[0]![0]);
  const [measure, setMeasure] = useState<string>("");
  const [value, setValue] = useState(0);
  const [channel, setChannel] = useState("mail");
  const ways = useQuery({ queryKey: ["board-ways"], queryFn: () => client.run<{ items: BoardWay[] }>("reports.ways", {}) });
  const titled = (name: string) => (name === "mail" ? t("subscribeMail") : ways.data?.items.find((each) => each.name === name)?.title ?? name);
  const way = ways.data?.items.find((each) => each.name === channel);
  const known = useQuery({ queryKey: ["subscriptions"], queryFn: () => client.run<{ items: Subscription[] }>("reports.subscriptions", {}) });
  const fresh = () => queries.invalidateQueries({ queryKey: ["subscriptions"] });
  const [report, name] = measure.split("/");
  const condition = measure ? { report, measure: name, compared: "more", value } : undefined;
  const failed = (error: unknown) => void message.error(brief(error, speech));
  const order = useMutation({ mutationFn: () => client.run("reports.subscribe", { dashboard: board.dashboard, filters, schedule, condition, channel }), onSuccess: () => fresh().then(() => void message.success(t("subscribed"))), onError: failed });
  const stop = useMutation({ mutationFn: (id: number) => client.run("reports.unsubscribe", { id }), onSuccess: fresh, onError: failed });
  const measures = board.tiles.flatMap((tile) => (tile.result ? measuresOf(tile.result).map((column) => ({ value: `${tile.report}/${column.name}`, label: `${w(tile.title) || w(tile.result!.title)} · ${w(column.title) || column.name}` })) : []));
  const words = (cron: string) => t(SCHEDULES.find(([each]) => each === cron)?.[1] ?? "everyDay");
  const nameOf = (each: Subscription) => `${titled(each.channel)} · ${SCHEDULES.some(([cron]) => cron === each.schedule) ? words(each.schedule) : cronWords(each.schedule, speech.locale)}`;
  const mine = known.data?.items.filter((each) => each.dashboard === board.dashboard) ?? [];
  return (
    <Modal open title={t("subscribe")} onCancel={close} okText={t("subscribe")} cancelText={t("close")} confirmLoading={order.isPending} onOk={() => order.mutate()}>
      <p className="lc-quiet">{t("subscribeHint")}</p>
      <div className="lc-fields">
        <label>
          <span>{t("subscribeBy")}</span>
          <Select aria-label={t("subscribeBy")} value={channel} onChange={setChannel} options={(ways.data?.items ?? []).map((each) => ({ value: each.name, label: titled(each.name) }))} />
        </label>
        <label>
          <span>{t("subscribeEvery")}</span>
          <Select aria-label={t("subscribeEvery")} value={schedule} onChange={setSchedule} options={SCHEDULES.map(([cron, key]) => ({ value: cron, label: t(key) }))} />
        </label>
        <label>
          <span>{t("subscribeOnly")}</span>
          <Select aria-label={t("subscribeOnly")} value={measure} onChange={setMeasure} showSearch={{ optionFilterProp: "label" }} options={[{ value: "", label: t("subscribeAlways") }, ...measures]} />
        </label>
        {measure && (
          <label>
            <span>{t("isMore")}</span>
            <InputNumber aria-label={t("isMore")} value={value} onChange={(next) => setValue(next ?? 0)} />
          </label>
        )}
      </div>
      {way && way.name !== "mail" && <p className="lc-quiet">{t(way.pictures ? "subscribeBoth" : "subscribeWords")}</p>}
      {way?.reach === "room" && <Alert type="info" title={t("subscribeRoom")} />}
      {mine.length > 0 && (
        <>
          <h3 className="lc-small-head">{t("mySubscriptions")}</h3>
          <ul className="lc-plain-list">
            {mine.map((each) => (
              <li key={each.id}>
                {nameOf(each)}
                {each.condition && <span> · {t("subscribeAbove", { measure: measures.find((one) => one.value === `${each.condition!.report}/${each.condition!.measure}`)?.label ?? each.condition.measure, value: String(each.condition.value) })}</span>}
                <Button type="link" size="small" danger aria-label={`${t("unsubscribe")} ${nameOf(each)}`} onClick={() => stop.mutate(each.id)}>
                  {t("unsubscribe")}
                </Button>
                {each.unsent ? <div className="lc-bad">{t("subscribeUnsent", { why: w(each.unsent) })}</div> : each.sent_at && <div className="lc-quiet">{t("subscribeSent", { when: instant(each.sent_at) })}</div>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
