import { EllipsisOutlined, FilterOutlined, FullscreenExitOutlined, FullscreenOutlined } from "@ant-design/icons";
import { brief, go, link, useNarrow, useSpeech } from "@lowcode/kit";
import { address, type Dashboard } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown, Tooltip } from "antd";
import { lazy, Suspense, useState } from "react";
import { useRuntime } from "../runtime";

const Sharing = lazy(() => import("./sharing"));
const Subscribing = lazy(() => import("./subscribing"));

interface Given {
  board: Dashboard;
  own: boolean;
  filters: Record<string, unknown>;
  crossing: boolean;
  cross: () => void;
  full: boolean;
  show: () => void;
  edit: () => void;
}

/** What can be done with a board beside looking at it. */
export function Actions({ board, own, filters, crossing, cross, full, show, edit }: Given) {
  const { t } = useSpeech();
  const speech = useSpeech();
  const narrow = useNarrow();
  const { client, session } = useRuntime();
  const queries = useQueryClient();
  const { modal, message } = App.useApp();
  const [open, setOpen] = useState<"share" | "subscribe" | null>(null);
  const file = (format: string) => address(`boards/${board.dashboard}/file`, { format, filters: JSON.stringify(filters) });
  const remove = () =>
    modal.confirm({
      title: t("removeBoardAsk"),
      okText: t("delete"),
      cancelText: t("cancel"),
      onOk: () =>
        client.run("reports.forget_board", { id: Number(board.dashboard) }).then(
          () => {
            void queries.invalidateQueries({ queryKey: ["boards"] });
            go("#/");
          },
          (error: unknown) => void message.error(brief(error, speech)),
        ),
    });
  const items = [
    { key: "edit", label: t(own ? "editBoard" : "ownBoard"), onClick: edit },
    ...(session.actor.administrator === true ? [own ? { key: "everybodys", label: t("boardEverybodys"), onClick: () => go(link(["boards", "design"], { own: board.dashboard })) } : { key: "change", label: t("boardChange"), onClick: () => go(link(["boards", "design", board.dashboard])) }] : []),
    ...(own ? [{ key: "remove", label: t("removeBoard"), onClick: remove }] : []),
    { type: "divider" as const },
    { key: "pdf", label: <a href={file("pdf")}>{t("asPdf")}</a> },
    { key: "png", label: <a href={file("png")}>{t("asPicture")}</a> },
    { key: "xlsx", label: <a href={file("xlsx")}>{t("asWorkbook")}</a> },
    { type: "divider" as const },
    { key: "share", label: t("share"), onClick: () => setOpen("share") },
    { key: "subscribe", label: t("subscribe"), onClick: () => setOpen("subscribe") },
  ];
  return (
    <span className="lc-board-actions">
      <Tooltip title={t("crossHint")}>
        <Button type={crossing ? "primary" : "default"} icon={<FilterOutlined />} aria-label={t("crossFilter")} aria-pressed={crossing} onClick={cross} />
      </Tooltip>
      {!narrow && <Button icon={full ? <FullscreenExitOutlined /> : <FullscreenOutlined />} aria-label={t(full ? "leaveFullScreen" : "fullScreen")} onClick={show} />}
      <Dropdown autoFocus trigger={["click"]} placement="bottomRight" menu={{ items }} getPopupContainer={(node) => node.parentElement ?? document.body}>
        <Button icon={<EllipsisOutlined />} aria-label={t("more")} />
      </Dropdown>
      <Suspense fallback={null}>
        {open === "share" && <Sharing board={board.dashboard} filters={filters} close={() => setOpen(null)} />}
        {open === "subscribe" && <Subscribing board={board} filters={filters} close={() => setOpen(null)} />}
      </Suspense>
    </span>
  );
}
