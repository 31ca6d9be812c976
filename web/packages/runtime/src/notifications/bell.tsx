import { BellOutlined } from "@ant-design/icons";
import { Failure, go, link, Nothing, Opened, recordLink, Sketch, useNarrow, useSpeech, When } from "@lowcode/kit";
import type { Notification } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Drawer, Popover } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

interface Notifications {
  items: Notification[];
  next: string | null;
  unread: number;
}

/** What the application has to tell this person. */
export function Bell() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const query = useQuery({ queryKey: ["notifications"], queryFn: () => client.run<Notifications>("notifications.list", { limit: 30 }), refetchInterval: 60_000 });
  const unread = query.data?.unread ?? 0;
  const list = <List query={query} close={() => setOpen(false)} />;
  const bell = (press?: () => void) => (
    <Badge count={unread} size="small" offset={[-4, 4]}>
      <Button type="text" shape="circle" icon={<BellOutlined />} aria-label={unread > 0 ? t("notificationsCount", { count: unread }) : t("notifications")} onClick={press} />
    </Badge>
  );
  if (narrow)
    return (
      <>
        {bell(() => setOpen(true))}
        <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="75%" title={t("notifications")} className="lc-bell-drawer">
          {list}
        </Drawer>
      </>
    );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" arrow={false} destroyOnHidden content={<Opened>{list}</Opened>}>
      {bell()}
    </Popover>
  );
}

function List({ query, close }: { query: { data?: Notifications; error: unknown; refetch: () => unknown }; close: () => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const queries = useQueryClient();
  const read = useMutation({
    mutationFn: (body: { ids: number[] } | { all: true }) => client.run("notifications.read", body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notifications"] }),
  });
  const items = query.data?.items ?? [];
  const open = (item: Notification) => {
    if (!item.read) read.mutate({ ids: [item.id] });
    close();
    if (item.task) go(link(["tasks", "open", item.task]));
    else if (item.record) go(recordLink(item.record.form, item.record.id));
    else if (item.list) go(link(["records", item.list.form], { where: item.list.where, title: item.title }));
  };
  return (
    <div className="lc-bell">
      <div className="lc-bell-head">
        <strong>{t("notifications")}</strong>
        {(query.data?.unread ?? 0) > 0 && (
          <Button type="link" size="small" onClick={() => read.mutate({ all: true })}>
            {t("markAllRead")}
          </Button>
        )}
      </div>
      {query.error ? (
        <Failure small error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Sketch rows={3} />
      ) : items.length === 0 ? (
        <Nothing small title={t("emptyNotifications")} />
      ) : (
        <ul>
          {items.map((item) => (
            <li key={item.id}>
              <button type="button" className={item.read ? "lc-note" : "lc-note lc-note-new"} onClick={() => open(item)}>
                <span className="lc-note-title">{item.title}</span>
                {item.text && <span className="lc-note-text">{item.text}</span>}
                <When at={item.at} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
