import { PlusOutlined } from "@ant-design/icons";
import { Failure, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { useState } from "react";
import { Department } from "./department";
import { useDepartmentTitle, useDirectory, type KeptDepartment } from "./directory";

/** Departments under one another, and who leads them. */
export function Departments() {
  const { t } = useSpeech();
  const [department, setDepartment] = useState<KeptDepartment | "new" | null>(null);
  const { query, departments } = useDirectory("", false);
  const departmentTitle = useDepartmentTitle(departments);
  if (query.error) return <Failure small error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  return (
    <>
      <section className="lc-panel lc-access" aria-label={t("departmentsHere")}>
        <div className="lc-access-head">
          <p className="lc-quiet">{t("departmentsHint")}</p>
          <Button icon={<PlusOutlined />} onClick={() => setDepartment("new")}>
            {t("departmentAdd")}
          </Button>
        </div>
        {departments.length === 0 ? (
          <Nothing small title={t("departmentsNone")} />
        ) : (
          <ul className="lc-keys">
            {departments.map((each) => (
              <li key={each.name}>
                <div>{departmentTitle(each.name)} {each.head && <span className="lc-quiet">{t("departmentHead")}: {each.head}</span>}</div>
                <div className="lc-keys-do">
                  <Button size="small" aria-label={`${t("edit")} ${departmentTitle(each.name)}`} onClick={() => setDepartment(each)}>{t("edit")}</Button>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
      {department && <Department department={department === "new" ? undefined : department} departments={departments} close={() => setDepartment(null)} />}
    </>
  );
}
