import { CloudUploadOutlined } from "@ant-design/icons";
import { link, useSpeech } from "@lowcode/kit";
import { Badge, Button } from "antd";
import { useRuntime } from "../runtime";
import { useWaiting } from "./queue";
import { useSender } from "./sender";

/** How much waits on this device to be sent; nothing while nothing does. */
export function Unsent() {
  const { session } = useRuntime();
  const { t } = useSpeech();
  useSender();
  const all = useWaiting(session.actor.id);
  if (all.length === 0) return null;
  const asks = all.some((each) => each.state !== "waiting" || each.failed);
  return (
    <Badge count={all.length} size="small" color={asks ? undefined : "var(--primary)"} offset={[-4, 6]}>
      <Button type="text" shape="circle" href={link(["unsent"])} icon={<CloudUploadOutlined />} aria-label={t("unsentCount", { count: all.length })} title={t("unsentCount", { count: all.length })} />
    </Badge>
  );
}
