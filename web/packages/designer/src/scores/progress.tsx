import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Progress } from "antd";

/** So often it is looked how far the records of a changed card have come. */
const EVERY = 2000;
const RARELY = 30_000;

/** How many records are scored by the published card as it is. */
export function Progressing({ card }: { card: string }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const found = useQuery({ queryKey: ["score-progress", card], queryFn: () => client.run<{ records: number; left: number }>("rules.score_progress", { card }), retry: false, staleTime: 0, refetchInterval: (state) => ((state.state.data?.left ?? 0) > 0 ? EVERY : RARELY) });
  if (!found.data || found.data.records === 0) return null;
  const { records, left } = found.data;
  return (
    <div className="lc-score-progress" role="status">
      {left === 0 ? <span className="lc-quiet">{t("scoreUpToDate", { count: records })}</span> : (
        <>
          <span>{t("scoreFollowing", { done: records - left, total: records })}</span>
          <Progress percent={Math.min(99, Math.floor((100 * (records - left)) / records))} size="small" status="normal" aria-label={t("scoreFollowing", { done: records - left, total: records })} />
        </>
      )}
    </div>
  );
}
