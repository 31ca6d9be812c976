import { CheckCircleOutlined, CommentOutlined, DeleteOutlined, EditOutlined, EyeOutlined, FileOutlined, HistoryOutlined, MailOutlined, MergeCellsOutlined, PlusCircleOutlined, PrinterOutlined, RobotOutlined, ShareAltOutlined, SplitCellsOutlined } from "@ant-design/icons";
import { Failure, Nothing, Portrait, Sketch, useSpeech, When } from "@lowcode/kit";
import type { Activity, Form, StoredRecord } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useRuntime } from "../runtime";
import { Comment } from "./comment";
import { Happening } from "./happening";
import { numberOf, OwnComment } from "./own_comment";

const Restore = lazy(() => import("./restore"));
const UndoMerge = lazy(() => import("../bin/undo_merge"));

const ICONS: Record<Activity["kind"], ReactNode> = {
  created: <PlusCircleOutlined />, changed: <EditOutlined />, revealed: <EyeOutlined />, erased: <DeleteOutlined />, restored: <PlusCircleOutlined />, deleted: <DeleteOutlined />, merged: <MergeCellsOutlined />, unmerged: <SplitCellsOutlined />, comment: <CommentOutlined />, record: <PlusCircleOutlined />,
  flow: <CheckCircleOutlined />, mail: <MailOutlined />, print: <PrinterOutlined />, file: <FileOutlined />,
};

/** What has happened to a record, newest first, as far as it was asked for. */
export function useTimeline(form: Form, id: number, enabled = true) {
  const { client } = useRuntime();
  const query = useInfiniteQuery({
    queryKey: ["timeline", form.name, id],
    queryFn: ({ pageParam }) => client.related<Activity>(form.name, id, "timeline", { limit: 30, after: pageParam || undefined }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
  return { query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** What has happened to a record, with a place to say something. */
export function Timeline({ form, record }: { form: Form; record: StoredRecord }) {
  const id = record.id;
  const [restoring, setRestoring] = useState<Activity | null>(null);
  const [unmerging, setUnmerging] = useState<Activity | null>(null);
  const [editing, setEditing] = useState<Activity["id"] | null>(null);
  const editable = record._meta?.can?.edit ?? form.permissions["edit"];
  const { t } = useSpeech();
  const { query, items } = useTimeline(form, id);
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
                  <strong>{item.by?.label ?? t("application")}</strong>{" "}
                  {editing !== item.id && <OwnComment form={form} id={id} item={item} edit={() => setEditing(item.id)} />}
                  {editing === item.id ? (
                    <Comment form={form} id={id} said={{ comment: numberOf(item), text: String(item.text ?? ""), mentions: item.mentions ?? [] }} close={() => setEditing(null)} />
                  ) : (
                    <Happening form={form} record={record} item={item} />
                  )}
                  <When at={item.at} />
                  {item.edited && !item.removed && <span className="lc-quiet"> · {t("commentEdited")}</span>}
                  {editable && item.version !== undefined && item.version < record.version && item.kind !== "erased" && item.kind !== "revealed" && (
                    <Button className="lc-restore" type="link" size="small" icon={<HistoryOutlined />} onClick={() => setRestoring(item)}>
                      {t("restoreVersion")}
                    </Button>
                  )}
                  {editable && form.permissions["delete"] && item.kind === "merged" && (
                    <Button className="lc-restore" type="link" size="small" icon={<SplitCellsOutlined />} onClick={() => setUnmerging(item)}>
                      {t("undoMerge")}
                    </Button>
                  )}
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
      {unmerging && (
        <Suspense fallback={null}>
          <UndoMerge form={form.name} id={record.id} version={unmerging.version} close={() => setUnmerging(null)} />
        </Suspense>
      )}
      {restoring && (
        <Suspense fallback={null}>
          <Restore form={form} record={record} to={restoring} close={() => setRestoring(null)} />
        </Suspense>
      )}
    </div>
  );
}
