import { CheckCircleOutlined, DownloadOutlined, RedoOutlined, UndoOutlined, WarningOutlined } from "@ant-design/icons";
import { downloadDocument, link, useSpeech } from "@lowcode/kit";
import { Button, Dropdown, Popconfirm, Segmented, Tooltip } from "antd";
import type { Finding } from "./design";
import type { Node } from "./tree";
import type { useDraft } from "./use_draft";

export type Shown = "design" | "both" | "preview";

interface Props {
  title: string;
  document: Node;
  draft: ReturnType<typeof useDraft>;
  drafted: boolean;
  shown: Shown;
  show: (shown: Shown) => void;
  findings: Finding[];
  faulty: boolean;
  undo?: () => void;
  redo?: () => void;
  choose: (finding: Finding) => void;
  publish: () => void;
  discard: () => void;
}

/** The head of the designer: what it is, whether it is kept, what is wrong, how it is looked at, and publishing. */
export function Bar({ title, document, draft, drafted, shown, show, findings, faulty, undo, redo, choose, publish, discard }: Props) {
  const { t } = useSpeech();
  const states = { kept: drafted ? "designKept" : "designUnchanged", waiting: "designWaiting", saving: "designSaving", failed: "designFailed" } as const;
  return (
    <header className="lc-design-bar">
      <a href={link(["templates"])}>{t("templates")}</a>
      <h1>{title}</h1>
      <span className={draft.state === "failed" ? "lc-design-wrong" : "lc-quiet"} role="status">
        {draft.state === "failed" && draft.failure ? draft.failure : t(states[draft.state])}
      </span>
      <span className="lc-grow" />
      <Tooltip title={`${t("designUndo")} Ctrl+Z`}>
        <Button type="text" icon={<UndoOutlined />} aria-label={t("designUndo")} disabled={!undo} onClick={undo} />
      </Tooltip>
      <Tooltip title={`${t("designRedo")} Ctrl+Shift+Z`}>
        <Button type="text" icon={<RedoOutlined />} aria-label={t("designRedo")} disabled={!redo} onClick={redo} />
      </Tooltip>
      <Dropdown autoFocus trigger={["click"]} disabled={findings.length === 0} menu={{ className: "lc-design-found", items: findings.map((each, place) => ({ key: place, label: <><span className={each.severity === "error" ? "lc-design-wrong" : "lc-design-warned"}>{each.message}</span> <code className="lc-quiet">{each.pointer}</code></>, onClick: () => choose(each) })) }}>
        <Button type="text" danger={faulty} icon={findings.length === 0 ? <CheckCircleOutlined /> : <WarningOutlined />}>
          {findings.length === 0 ? t("designFine") : t("designFound", { count: findings.length })}
        </Button>
      </Dropdown>
      <Segmented aria-label={t("designView")} value={shown} onChange={(next) => show(next as Shown)} options={[{ value: "design", label: t("designDesign") }, { value: "both", label: t("designBoth") }, { value: "preview", label: t("designPreview") }]} />
      <Button icon={<DownloadOutlined />} onClick={() => downloadDocument(document)}>
        JSON
      </Button>
      <Popconfirm okButtonProps={{ autoFocus: true }} destroyOnHidden title={t("designDiscardSure")} okText={t("designDiscard")} cancelText={t("cancel")} onConfirm={discard} disabled={!drafted}>
        <Button disabled={!drafted}>{t("designDiscard")}</Button>
      </Popconfirm>
      <Button type="primary" disabled={faulty || !drafted || draft.overtaken} onClick={publish}>
        {t("designPublish")}
      </Button>
    </header>
  );
}
