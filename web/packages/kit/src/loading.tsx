import { Skeleton, Spin } from "antd";
import { useOnline } from "./online";
import { useSpeech } from "./locale";

/** What is waited for does not come without a network: it is said, and comes by itself when there is one again. */
const Offline = () => (
  <p className="lc-sketch lc-quiet" role="status">
    {useSpeech().t("offlineHere")}
  </p>
);

export function Waiting() {
  const { t } = useSpeech();
  if (!useOnline()) return <Offline />;
  return (
    <div className="lc-waiting" role="status" aria-label={t("loading")}>
      <Spin />
    </div>
  );
}

export function Sketch({ rows = 5 }: { rows?: number }) {
  if (!useOnline()) return <Offline />;
  return (
    <div className="lc-sketch" aria-hidden="true">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
