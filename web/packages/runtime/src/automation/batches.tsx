import { link, useSpeech } from "@lowcode/kit";
import type { Batch, RunLine } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Popconfirm, Progress } from "antd";
import { useRuntime } from "../runtime";

const LIVE = ["working", "paused"];

/** How far the actions of a run are that are worked through in pieces. */
export function Batches({ line, batches }: { line: RunLine; batches: Record<string, Batch> }) {
  const keys = line.actions.map((each) => String(each["batch"] ?? "")).filter((each) => each in batches);
  return keys.map((key) => <Far key={key} name={key} batch={batches[key]!} />);
}

function Far({ name, batch }: { name: string; batch: Batch }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const queries = useQueryClient();
  const end = () => client.run("rules.end_batch", { batch: name }).then(() => queries.invalidateQueries({ queryKey: ["rules", "log"] }));
  const seen = batch.done + batch.refused;
  const percent = batch.state === "done" || batch.total === 0 ? 100 : Math.min(99, Math.floor((100 * seen) / batch.total));
  return (
    <div className="lc-batch">
      <Progress percent={percent} size="small" status={batch.state === "working" ? "active" : batch.state === "done" ? "success" : "normal"} aria-label={t("piecesOf", { done: batch.done, total: batch.total })} />
      <div className="lc-rule-foot">
        <span>{t("piecesOf", { done: batch.done, total: batch.total })} · {t(`pieces_${batch.state}`)}</span>
        {batch.refused > 0 && <span className="lc-bad">{t("piecesRefused", { count: batch.refused })}</span>}
        {batch.reason && <span>{batch.reason}</span>}
        <span className="lc-grow" />
        {LIVE.includes(batch.state) && <Popconfirm okButtonProps={{ autoFocus: true }} destroyOnHidden title={t("piecesEnd")} description={t("piecesEndAsk")} okText={t("piecesEnd")} cancelText={t("cancel")} onConfirm={end}><Button size="small" type="link" danger>{t("piecesEnd")}</Button></Popconfirm>}
      </div>
      {batch.refusals.length > 0 && (
        <ul className="lc-planned">
          {batch.refusals.map((each) => <li key={each.record}><a href={link(["records", batch.target, each.record])}>#{each.record}</a> {w(each.why)}</li>)}
        </ul>
      )}
    </div>
  );
}
