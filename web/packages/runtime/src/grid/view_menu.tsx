import { DeleteOutlined, EditOutlined, EllipsisOutlined, PlusOutlined, SaveOutlined, StarFilled, StarOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import type { Form, SavedView } from "@lowcode/protocol";
import { App, Badge, Button, Dropdown } from "antd";
import { lazy, Suspense, useState } from "react";
import { useRuntime } from "../runtime";
import type { Columns } from "./columns";
import { isSaved } from "./views";
import type { Wanted } from "./view_form";
import type { ListState } from "./state";

const ViewForm = lazy(() => import("./view_form"));

/** What a person may do with views: keep what they see as one, change, share and remove it, begin with it. */
export function ViewMenu({ form, state, columns }: { form: Form; state: ListState; columns?: Columns }) {
  const { client } = useRuntime();
  const { message, modal } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const [asking, setAsking] = useState<"new" | "change" | null>(null);
  const { view, views } = state;
  const saved = isSaved(view) ? view : undefined;
  const changed = state.changed || columns?.changed === true;
  const looks = () => {
    const { type = "grid", by, color, card, starts, ends, shows, resource, capacity, image, parent, sum, place } = view ?? {};
    const sort = state.sort ? state.sort.split(",") : (view?.sort ?? []);
    const base = saved ? saved.base : view?.name || undefined;
    return { type, by, color, card, starts, ends, shows, resource, capacity, image, parent, sum, place, base, sort, filter: state.filter.conditions.length > 0 ? state.filter : undefined, group: state.group || undefined, columns: columns?.columns ?? view?.columns ?? [] };
  };
  const run = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const keep = ({ title, roles, departments }: Wanted, of?: SavedView) =>
    run(async () => {
      const kept = await client.run<SavedView>("forms.save_view", { form: form.name, title, roles, departments, view: looks(), ...(of ? { id: of.id, version: of.version } : {}) });
      await views.refresh();
      columns?.choose(undefined);
      setAsking(null);
      void message.success(t("viewSaved", { name: kept.title }));
      state.change({ view: kept.name, drill: "" });
    });
  const begin = (name: string | null) => run(async () => { await client.run("forms.choose_view", { form: form.name, name }); await views.refresh(); });
  const remove = (of: SavedView) =>
    run(async () => {
      await client.run("forms.remove_view", { form: form.name, name: of.name });
      state.change({ view: "" });
      await views.refresh();
    });
  const same = (of: SavedView): Wanted => ({ title: of.title, roles: of.roles, departments: of.departments.map((each) => each.id) });
  const items = [
    ...(saved?.may_edit && changed ? [{ key: "save", icon: <SaveOutlined />, label: t("viewSave", { name: saved.title }), onClick: () => void keep(same(saved), saved) }] : []),
    { key: "new", icon: <PlusOutlined />, label: t("viewSaveAs"), onClick: () => setAsking("new") },
    ...(saved?.may_edit ? [{ key: "change", icon: <EditOutlined />, label: t(form.permissions["share"] ? "viewRenameShare" : "viewRename"), onClick: () => setAsking("change") }] : []),
    ...(view && view.name ? [views.first === view.name ? { key: "first", icon: <StarFilled />, label: t("viewNotFirst"), onClick: () => void begin(null) } : { key: "first", icon: <StarOutlined />, label: t("viewFirst"), onClick: () => void begin(view.name) }] : []),
    ...(changed ? [{ key: "reset", icon: <EllipsisOutlined />, label: t("viewReset"), onClick: () => { columns?.choose(undefined); state.change({ view: view?.name ?? "", filter: { match: "all", conditions: [] } }); } }] : []),
    ...(saved?.may_edit ? [{ key: "remove", danger: true, icon: <DeleteOutlined />, label: t("viewRemove"), onClick: () => void modal.confirm({ title: t("viewRemoveAsk", { name: saved.title }), content: saved.roles.length + saved.departments.length > 0 ? t("viewRemoveShared") : undefined, okText: t("delete"), cancelText: t("cancel"), okButtonProps: { danger: true }, onOk: () => remove(saved) }) }] : []),
  ];
  return (
    <>
      <Dropdown autoFocus menu={{ items }} trigger={["click"]} placement="bottomLeft">
        <Badge dot={changed} offset={[-4, 4]}>
          <Button type="text" icon={<EllipsisOutlined />} aria-label={t("viewMenu")} title={changed ? t("viewChanged") : t("viewMenu")} />
        </Badge>
      </Dropdown>
      <Suspense fallback={null}>{asking && <ViewForm form={form} wanted={asking === "change" && saved ? same(saved) : { title: "", roles: [], departments: [] }} known={saved} title={t(asking === "new" ? "viewSaveAs" : "viewRename")} close={() => setAsking(null)} save={(wanted) => keep(wanted, asking === "change" ? saved : undefined)} />}</Suspense>
    </>
  );
}
