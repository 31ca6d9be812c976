import { CheckCircleOutlined, CommentOutlined, DeleteOutlined, EditOutlined, EyeOutlined, FileOutlined, MailOutlined, PlusCircleOutlined, PrinterOutlined, RobotOutlined, ShareAltOutlined } from "@ant-design/icons";
import { brief, Failure, Nothing, Portrait, Sketch, useSpeech, When } from "@lowcode/kit";
import type { Activity, Form } from "@lowcode/protocol";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useRuntime } from "../runtime";
import { Happening } from "./happening";

const ICONS: Record<Activity["kind"], ReactNode> = {
  created: <PlusCircleOutlined />, changed: <EditOutlined />, revealed: <EyeOutlined />, restored: <PlusCircleOutlined />, deleted: <DeleteOutlined />, comment: <CommentOutlined />, record: <PlusCircleOutlined />,
  flow: <CheckCircleOutlined />, mail: <MailOutlined />, print: <PrinterOutlined />, file: <FileOutlined />,
};

/** What has happened to a record, newest first, with a place to say something. */
export function Timeline({ form, id }: { form: Form; id: number }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const query = useInfiniteQuery({
    queryKey: ["timeline", form.name, id],
    queryFn: ({ pageParam }) => client.related<Activity>(form.name, id, "timeline", { limit: 30, after: pageParam || undefined }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="lc-timeline">
      <Comment form={form} id={id} />
      {query.error ? (
        <Failure small error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Sketch rows={4} />
      ) : items.length === 0 ? (
        <Nothing small title={t("emptyTimeline")} />
      ) : (
        <ol>
          {items.map((item) => (
            <li key={`${item.kind}${item.id}`} className="lc-happening">
              <span className="lc-happening-mark">{item.by ? <Portrait name={item.by.label} size={28} /> : <span className="lc-robot">{item.kind === "flow" ? <ShareAltOutlined aria-hidden /> : <RobotOutlined aria-hidden />}</span>}</span>
              <div className="lc-happening-body">
                <div className="lc-happening-head">
                  <span className="lc-quiet lc-happening-icon" aria-hidden="true">
                    {ICONS[item.kind]}
                  </span>
                  <strong>{item.by?.label ?? t("application")}</strong> <Happening form={form} item={item} />
                  <When at={item.at} />
                </div>
              </div>
            </li>
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button type="text" block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      )}
    </div>
  );
}

function Comment({ form, id }: { form: Form; id: number }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (text.trim() === "") return;
    setBusy(true);
    try {
      await client.run("forms.comment", { form: form.name, id, text: text.trim() });
      setText("");
      await queries.invalidateQueries({ queryKey: ["timeline", form.name, id] });
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="lc-comment">
      <Input.TextArea aria-label={speech.t("comment")} placeholder={speech.t("comment")} value={text} autoSize={{ minRows: 1, maxRows: 6 }} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => (event.metaKey || event.ctrlKey) && event.key === "Enter" && void send()} />
      {text.trim() !== "" && (
        <Button type="primary" size="small" loading={busy} onClick={() => void send()}>
          {speech.t("send")}
        </Button>
      )}
    </div>
  );
}
