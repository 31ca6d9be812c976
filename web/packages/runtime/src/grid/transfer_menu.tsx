import { DownloadOutlined, GlobalOutlined, MoreOutlined, ReloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { address, type Form } from "@lowcode/protocol";
import { Button, Dropdown } from "antd";
import { lazy, Suspense, useState } from "react";
import { useExport } from "../transfer/export";
import type { ListState } from "./state";
import { isSaved } from "./views";

const Import = lazy(() => import("../transfer/import"));
const PublicForms = lazy(() => import("../transfer/public_forms"));

/** What concerns the list as a whole: refresh, export what is seen, import. */
export function TransferMenu({ form, state, refresh }: { form: Form; state: ListState; refresh: () => void }) {
  const { t } = useSpeech();
  const [importing, setImporting] = useState(false);
  const [faces, setFaces] = useState(false);
  /** A view that somebody made has its own columns; its filter may have been changed since. */
  const exported = ({ view, changed, asked }: ListState) => (isSaved(view) && !changed ? { view: view.name, filter: undefined } : { view: asked.view });
  const keep = useExport();
  const save = (format: string) => void keep(address(`export/${form.name}`, { format, where: state.where, ...state.asked, ...exported(state) }));
  const items = [
    { key: "refresh", icon: <ReloadOutlined />, label: t("refresh"), onClick: refresh },
    ...(form.permissions["export"]
      ? [
          { key: "xlsx", icon: <DownloadOutlined />, label: t("exportXlsx"), onClick: () => save("xlsx") },
          { key: "csv", icon: <DownloadOutlined />, label: t("exportCsv"), onClick: () => save("csv") },
        ]
      : []),
    ...(form.permissions["import"] ? [{ key: "import", icon: <UploadOutlined />, label: t("import"), onClick: () => setImporting(true) }] : []),
    ...(form.public?.length ? [{ key: "public", icon: <GlobalOutlined />, label: t("publicForms"), onClick: () => setFaces(true) }] : []),
  ];
  return (
    <>
      <Dropdown autoFocus menu={{ items }} trigger={["click"]} placement="bottomRight">
        <Button icon={<MoreOutlined />} aria-label={t("more")} />
      </Dropdown>
      {importing && (
        <Suspense fallback={null}>
          <Import form={form} close={() => setImporting(false)} />
        </Suspense>
      )}
      {faces && (
        <Suspense fallback={null}>
          <PublicForms form={form} close={() => setFaces(false)} />
        </Suspense>
      )}
    </>
  );
}
