import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Input, InputNumber, Radio, Select, Typography } from "antd";
import { useState } from "react";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";

const VERBS = ["read", "create", "edit", "delete", "export", "import"] as const;
const DAYS = [30, 90, 365, 0] as const;

interface FormPart {
  form: string;
  verbs: string[];
  where: string;
  fields: string[];
}

/** A new key: what for, for whom, what it may, how long and how often. It is shown once. */
export function NewKey({ close, made }: { close: () => void; made: () => void }) {
  const { client, session, app, now } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [name, setName] = useState("");
  const [user, setUser] = useState<string | undefined>(undefined);
  const [all, setAll] = useState(false);
  const [parts, setParts] = useState<FormPart[]>([{ form: "", verbs: ["read"], where: "", fields: [] }]);
  const [others, setOthers] = useState<string[]>([]);
  const [days, setDays] = useState<number>(90);
  const [rate, setRate] = useState(600);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const [key, setKey] = useState("");
  const scopes = useQuery({ queryKey: ["keys", "scopes"], queryFn: () => client.run<{ items: { scope: string; title: string }[] }>("api.scopes"), staleTime: Infinity });
  const people = useQuery({
    queryKey: ["keys", "logins"],
    queryFn: () => client.run<{ items: { login: string; label: string }[] }>("identity.people", { limit: 500 }),
    enabled: session.actor.administrator,
  });
  const change = (index: number, part: Partial<FormPart>) => setParts(parts.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const chosen = parts.filter((each) => each.form !== "");
  const make = async () => {
    setWrong("");
    const wanted = all ? ["*"] : [...chosen.flatMap((each) => (each.verbs.length === VERBS.length ? [`form:${each.form}`] : each.verbs.map((verb) => `form:${each.form}:${verb}`))), ...others];
    if (name.trim() === "") return setWrong(t("apiKeyNeedsName"));
    if (wanted.length === 0) return setWrong(t("apiKeyNeedsScope"));
    setBusy(true);
    try {
      const rows = Object.fromEntries(chosen.filter((each) => !all && each.where.trim() !== "").map((each) => [each.form, each.where.trim()]));
      const fields = Object.fromEntries(chosen.filter((each) => !all && each.fields.length > 0).map((each) => [each.form, each.fields]));
      const until = days ? new Date(now().getTime() + days * 86_400_000).toISOString() : undefined;
      const answer = await client.run<{ key: string }>("api.create_key", { name: name.trim(), scopes: wanted, rate, rows, fields, ...(user ? { user } : {}), ...(until ? { expires_at: until } : {}) });
      setKey(answer.key);
      made();
    } catch (error) {
      setWrong(error instanceof Problem && error.errors[0] ? error.errors.map((each) => each.detail).join("; ") : brief(error, speech));
    }
    setBusy(false);
  };
  const forms = Object.values(app.forms).map((form) => ({ value: form.name, label: w(manyOf(form)) }));
  return (
    <Drawer title={t("apiKeyNew")} open onClose={close} size={narrow ? "100%" : 560} destroyOnHidden>
      {key ? (
        <div className="lc-new-key">
          <Alert type="warning" showIcon title={t("apiKeyOnce")} />
          <Typography.Paragraph code copyable={{ text: key, tooltips: [t("copy"), t("copied")] }} className="lc-key-shown">
            {key}
          </Typography.Paragraph>
          <p className="lc-quiet">{t("apiKeyHow")}</p>
          <pre className="lc-key-example">{`curl -H "Authorization: Bearer ${key.slice(0, 15)}…" ${location.origin}${location.pathname}api/openapi.json`}</pre>
          <Button type="primary" block onClick={close}>
            {t("apiKeyKept")}
          </Button>
        </div>
      ) : (
        <div className="lc-new-key">
          <label>
            {t("apiKeyName")}
            <Input value={name} maxLength={100} placeholder={t("apiKeyNameHint")} onChange={(event) => setName(event.target.value)} autoFocus />
          </label>
          {session.actor.administrator && (
            <label>
              {t("apiKeyPerson")}
              <Select allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t("apiKeyPerson")} value={user} placeholder={session.actor.name} onChange={setUser} options={people.data?.items.map((each) => ({ value: each.login, label: `${each.label} (${each.login})` }))} />
            </label>
          )}
          <fieldset>
            <legend>{t("apiKeyMay")}</legend>
            <Radio.Group value={all} onChange={(event) => setAll(event.target.value as boolean)} options={[{ value: false, label: t("apiKeyChosen") }, { value: true, label: t("apiKeyEverything") }]} />
            {all && <Alert type="info" showIcon title={t("apiKeyEverythingHint")} />}
            {!all &&
              parts.map((part, index) => (
                <div key={index} className="lc-key-form">
                  <Select showSearch={{ optionFilterProp: "label" }} aria-label={t("apiKeyForm")} placeholder={t("apiKeyForm")} value={part.form || undefined} onChange={(form) => change(index, { form, fields: [] })} options={forms} />
                  <Select mode="multiple" aria-label={t("apiKeyVerbs")} placeholder={t("apiKeyVerbs")} value={part.verbs} onChange={(verbs) => change(index, { verbs })} options={VERBS.map((verb) => ({ value: verb, label: t(`apiKeyVerb_${verb}`) }))} />
                  {part.form && (
                    <>
                      <Input aria-label={t("apiKeyWhere")} placeholder={t("apiKeyWhere")} value={part.where} onChange={(event) => change(index, { where: event.target.value })} />
                      <Select mode="multiple" aria-label={t("apiKeyFields")} placeholder={t("apiKeyFields")} value={part.fields} onChange={(fields) => change(index, { fields })} optionFilterProp="label" options={app.forms[part.form]!.fields.filter((each) => !("system" in each && each.system)).map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
                    </>
                  )}
                </div>
              ))}
            {!all && (
              <Button size="small" onClick={() => setParts([...parts, { form: "", verbs: ["read"], where: "", fields: [] }])}>
                {t("apiKeyAddForm")}
              </Button>
            )}
            {!all && <Select mode="multiple" aria-label={t("apiKeyOther")} placeholder={t("apiKeyOther")} value={others} onChange={setOthers} optionFilterProp="label" options={scopes.data?.items.map((each) => ({ value: each.scope, label: each.title ? `${each.title} (${each.scope})` : each.scope }))} />}
          </fieldset>
          <label>
            {t("apiKeyDays")}
            <Select aria-label={t("apiKeyDays")} value={days} onChange={setDays} options={DAYS.map((each) => ({ value: each, label: each ? t("apiKeyDaysCount", { count: each }) : t("apiKeyNoEnd") }))} />
          </label>
          <label>
            {t("apiKeyRateLabel")}
            <InputNumber min={1} max={1_000_000} value={rate} onChange={(value) => setRate(value ?? 600)} />
          </label>
          {wrong && <Alert type="error" showIcon title={wrong} />}
          <Button type="primary" block loading={busy} onClick={() => void make()}>
            {t("apiKeyMake")}
          </Button>
        </div>
      )}
    </Drawer>
  );
}
