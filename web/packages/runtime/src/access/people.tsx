import { PlusOutlined } from "@ant-design/icons";
import { Badge, Failure, Nothing, Person, Sketch, useSpeech } from "@lowcode/kit";
import { Button, Checkbox, Input } from "antd";
import { useDeferredValue, useState } from "react";
import { useDepartmentTitle, useDirectory, useRoleTitle, type KeptPerson } from "./directory";
import { PersonForm } from "./person";

/** Who works with the app, with which roles and in which department; a new one is invited. */
export function People() {
  const { t, w } = useSpeech();
  const [search, setSearch] = useState("");
  const [left, setLeft] = useState(false);
  const [person, setPerson] = useState<KeptPerson | "new" | null>(null);
  const { query, people, departments } = useDirectory(useDeferredValue(search.trim()), left);
  const roleTitle = useRoleTitle();
  const departmentTitle = useDepartmentTitle(departments);
  if (query.error) return <Failure small error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  return (
    <>
      <section className="lc-panel lc-access" aria-label={t("peoplePart")}>
        <div className="lc-access-head">
          <p className="lc-quiet">{t("peopleHint")}</p>
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setPerson("new")}>
            {t("personAdd")}
          </Button>
        </div>
        <div className="lc-people-search">
          <Input.Search aria-label={t("peopleSearch")} placeholder={t("peopleSearch")} value={search} allowClear onChange={(event) => setSearch(event.target.value)} />
          <Checkbox checked={left} onChange={(event) => setLeft(event.target.checked)}>{t("peopleLeft")}</Checkbox>
        </div>
        {people.length === 0 ? (
          <Nothing small title={t("peopleNone")} />
        ) : (
          <ul className="lc-keys">
            {people.map((each) => (
              <li key={each.id}>
                <div>
                  <div className="lc-person-line">
                    <Person name={each.name} /> <span className="lc-quiet">{[each.login, w(each.title), departmentTitle(each.department)].filter(Boolean).join(" · ")}</span>
                  </div>
                  <div className="lc-people-roles">
                    {!each.active && <Badge color="gray">{t("personInactive")}</Badge>}
                    {each.roles.map((role) => <Badge key={role} color={role === "administrator" ? "purple" : "blue"}>{roleTitle(role)}</Badge>)}
                  </div>
                </div>
                <div className="lc-keys-do">
                  <Button size="small" aria-label={`${t("edit")} ${each.name}`} onClick={() => setPerson(each)}>{t("edit")}</Button>
                </div>
              </li>
            ))}
          </ul>
        )}
        {query.hasNextPage && <Button type="text" block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("loadMore")}</Button>}
      </section>
      {person && <PersonForm person={person === "new" ? undefined : person} departments={departments} close={() => setPerson(null)} />}
    </>
  );
}
