import { brief, Needed, useNarrow, useSpeech } from "@lowcode/kit";
import { Alert, Button, Drawer, Input, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { useDepartmentTitle, useKept, type KeptDepartment } from "./directory";
import { LoginOf } from "./login_of";

/** A department: what it is called, the one above it, and who leads it. */
export function Department({ department, departments, close }: { department?: KeptDepartment; departments: KeptDepartment[]; close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const kept = useKept();
  const titleOf = useDepartmentTitle(departments);
  const [title, setTitle] = useState(department ? w(department.title) : "");
  const [parent, setParent] = useState(department?.parent ?? null);
  const [head, setHead] = useState(department?.head ?? null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    const words = title.trim();
    if (words === "") return setWrong(t("departmentNeeded"));
    if (!department && departments.some((each) => each.name === words || w(each.title) === words)) return setWrong(t("departmentTaken"));
    setBusy(true);
    try {
      await client.run("identity.save_department", { name: department?.name ?? words, parent, head, ...(department && w(department.title) === words ? {} : { title: words }) });
      await kept();
      close();
    } catch (error) {
      setWrong(brief(error, speech));
    }
    setBusy(false);
  };
  return (
    <Drawer title={department ? titleOf(department.name) : t("departmentAdd")} open onClose={close} size={narrow ? "100%" : 460} destroyOnHidden>
      <div className="lc-new-key">
        <label>
          <span>
            {t("departmentName")}
            <Needed />
          </span>
          <Input required value={title} maxLength={100} autoFocus onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label>
          {t("departmentAbove")}
          <Select allowClear aria-label={t("departmentAbove")} value={parent ?? undefined} onChange={(name: string | undefined) => setParent(name ?? null)} options={departments.filter((each) => each.name !== department?.name).map((each) => ({ value: each.name, label: titleOf(each.name) }))} />
        </label>
        <label>
          {t("departmentHead")}
          <LoginOf label={t("departmentHead")} value={head} change={setHead} />
        </label>
        {wrong && <Alert type="error" showIcon title={wrong} />}
        <Button type="primary" block loading={busy} onClick={() => void save()}>
          {t("save")}
        </Button>
      </div>
    </Drawer>
  );
}
