import { brief, Needed, useNarrow, useSpeech } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { Alert, App, Button, Drawer, Input, Select, Space, Switch, Typography } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { freshPassword, useDepartmentTitle, useKept, useRoleTitle, type KeptDepartment, type KeptPerson } from "./directory";
import { LoginOf } from "./login_of";

const NOBODY: Omit<KeptPerson, "id"> = { login: "", name: "", title: null, email: null, phone: null, active: true, department: null, manager: null, roles: [] };


/** A person: who they are, where they belong and what they may. Who is new gets an invitation to copy. */
export function PersonForm({ person, departments, close }: { person?: KeptPerson; departments: KeptDepartment[]; close: () => void }) {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const kept = useKept();
  const roleTitle = useRoleTitle();
  const departmentTitle = useDepartmentTitle(departments);
  const [values, setValues] = useState<Omit<KeptPerson, "id">>(person ?? NOBODY);
  const [title, setTitle] = useState(w(person?.title));
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const [invited, setInvited] = useState("");
  const change = (part: Partial<KeptPerson>) => setValues((before) => ({ ...before, ...part }));
  /** A letter with a link by which they choose their password; what hinders it is said, and they are saved all the same. */
  const invite = async (login: string, name: string) => {
    try {
      await client.run("identity.invite", { login });
      void message.success(t("personLinkSent", { name }));
    } catch (error) {
      void message.warning(brief(error, speech), 8);
    }
  };
  const save = async () => {
    const login = values.login.trim();
    const name = values.name.trim();
    setWrong("");
    if (login === "" || name === "") return setWrong(t("personNeeded"));
    const byLetter = !person && password === "";
    if (byLetter && !(app.by_letter && values.email?.trim())) return setWrong(t(app.by_letter ? "personNoPassword" : "personPasswordNeeded"));
    setBusy(true);
    const { email, phone, active, department, manager, roles } = values;
    try {
      await client.run("identity.save_person", { login, name, email: email || null, phone: phone || null, active, department, manager, roles, new: !person, ...(title === w(person?.title) ? {} : { title: title.trim() || null }), ...(password ? { password } : {}) });
      await kept();
      if (byLetter) {
        await invite(login, name);
        close();
      } else if (person) {
        void message.success(t("personSaved", { name }));
        close();
      } else setInvited(t("personInvite", { name, login, password, address: location.origin + location.pathname }));
    } catch (error) {
      setWrong(error instanceof Problem && error.errors[0] ? error.errors.map((each) => each.detail).join("; ") : brief(error, speech));
    }
    setBusy(false);
  };
  const roles = [...(app.roles ?? []).map((each) => each.name), "administrator"].filter((each, index, all) => all.indexOf(each) === index);
  const text = (key: "name" | "email" | "phone", label: string, type = "text") => (
    <label>
      <span>{label}{key === "name" && <Needed />}</span>
      <Input value={values[key] ?? ""} required={key === "name"} type={type} maxLength={200} autoFocus={key === "name"} onChange={(event) => change({ [key]: event.target.value })} />
    </label>
  );
  return (
    <Drawer title={person ? person.name : t("personAdd")} open onClose={close} size={narrow ? "100%" : 460} destroyOnHidden>
      {invited ? (
        <div className="lc-new-key">
          <Alert type="success" showIcon title={t("personInvited", { name: values.name })} description={t("personInviteHint")} />
          <pre className="lc-key-example lc-invitation">{invited}</pre>
          <Typography.Paragraph copyable={{ text: invited, icon: [<Button key="copy" type="primary">{t("personCopy")}</Button>, <Button key="copied">{t("copied")}</Button>], tooltips: false }} />
          <Button block onClick={close}>{t("close")}</Button>
        </div>
      ) : (
        <div className="lc-new-key">
          {text("name", t("personName"))}
          <label>
            <span>{t("personLogin")}{!person && <Needed />}</span>
            <Input value={values.login} required={!person} disabled={person !== undefined} autoComplete="off" maxLength={100} onChange={(event) => change({ login: event.target.value })} />
            {!person && <span className="lc-hint">{t("personLoginHint")}</span>}
          </label>
          <label>
            <span>{person ? t("personNewPassword") : <>{t("personPassword")}{!app.by_letter && <Needed />}</>}</span>
            <Space.Compact block>
              <Input value={password} autoComplete="new-password" maxLength={200} onChange={(event) => setPassword(event.target.value)} />
              <Button onClick={() => setPassword(freshPassword())}>{t("personMake")}</Button>
            </Space.Compact>
            {!person && app.by_letter && <span className="lc-hint">{t("personByLetter")}</span>}
          </label>
          {app.by_letter && person?.email && person.active && (
            <Button block disabled={busy} onClick={() => void invite(person.login, person.name)}>
              {t("personSendLink")}
            </Button>
          )}
          <label>
            {t("personRoles")}
            <Select mode="multiple" aria-label={t("personRoles")} value={values.roles} onChange={(chosen: string[]) => change({ roles: chosen })} optionFilterProp="label" options={roles.map((each) => ({ value: each, label: roleTitle(each) }))} />
            {values.roles.length === 0 && <span className="lc-hint">{t("personNoRoles")}</span>}
          </label>
          <label>
            {t("personDepartment")}
            <Select allowClear aria-label={t("personDepartment")} value={values.department ?? undefined} onChange={(name: string | undefined) => change({ department: name ?? null })} options={departments.map((each) => ({ value: each.name, label: departmentTitle(each.name) }))} />
          </label>
          <label>
            {t("personManager")}
            <LoginOf label={t("personManager")} value={values.manager} change={(manager) => change({ manager })} but={values.login} />
          </label>
          <label>
            {t("personTitle")}
            <Input value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
          </label>
          {text("email", t("personEmail"), "email")}
          {text("phone", t("personPhone"), "tel")}
          {person && (
            <div className="lc-person-active">
              <Switch aria-label={t("personActive")} checked={values.active} onChange={(active) => change({ active })} /> {t("personActive")}
            </div>
          )}
          {wrong && <Alert type="error" showIcon title={wrong} />}
          <Button type="primary" block loading={busy} onClick={() => void save()}>
            {t("save")}
          </Button>
        </div>
      )}
    </Drawer>
  );
}
