import { Skeleton, Spin } from "antd";
import { useSpeech } from "./locale";

export function Waiting() {
  const { t } = useSpeech();
  return (
    <div className="lc-waiting" role="status" aria-label={t("loading")}>
      <Spin />
    </div>
  );
}

export function Sketch({ rows = 5 }: { rows?: number }) {
  return (
    <div className="lc-sketch" aria-hidden="true">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
