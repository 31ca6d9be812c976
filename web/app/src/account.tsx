import { brief, Portrait, useNarrow, useSpeech, useWish, WISHES, wishFor } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Alert, App, Button, Drawer, Input, Segmented } from "antd";
import { useState, type FormEvent } from "react";
import { Calendars } from "./calendars";
import { Devices } from "./devices";
import { Factor } from "./factor";
import { LANGUAGES } from "./languages";

interface AccountProps {
  speak: (locale: string) => void;
  signOut: () => void;
  close: () => void;
}

/** What is one's own: who one is, the language, the password, and the way out. */
export default function Account({ speak, signOut, close }: AccountProps) {
  const { session } = useRuntime();
  const { t, w, locale } = useSpeech();
  const narrow = useNarrow();
  const { actor } = session;
  const wish = useWish();
  const [changing, setChanging] = useState(false);
  return (
    <Drawer title={t("account")} open onClose={close} size={narrow ? "100%" : 420} destroyOnHidden>
      <div className="lc-account">
        <div className="lc-account-who">
          <Portrait name={actor.name} size={48} />
          <div>
            <strong>{actor.name}</strong>
            <div className="lc-quiet">{[actor.login, w(actor.title), actor.department?.label].filter(Boolean).join(" · ")}</div>
          </div>
        </div>
        <section aria-label={t("language")}>
          <h2 className="lc-section-title">{t("language")}</h2>
          <Segmented block value={locale} options={LANGUAGES.map((each) => ({ value: each.key, label: each.label }))} onChange={speak} />
        </section>
        <section aria-label={t("theme")}>
          <h2 className="lc-section-title">{t("theme")}</h2>
          <Segmented block value={wish} options={WISHES.map((each) => ({ value: each, label: t(`theme_${each}`) }))} onChange={wishFor} />
        </section>
        <section aria-label={t("changePassword")}>
          <h2 className="lc-section-title">{t("password")}</h2>
          {changing ? <PasswordForm signOut={signOut} cancel={() => setChanging(false)} /> : <Button block onClick={() => setChanging(true)}>{t("changePassword")}</Button>}
        </section>
        <section aria-label={t("factorTitle")}>
          <h2 className="lc-section-title">{t("factorTitle")}</h2>
          <Factor />
        </section>
        <Devices />
        <Calendars />
        <Button block onClick={signOut}>
          {session.demo ? t("switchPerson") : t("signOut")}
        </Button>
      </div>
    </Drawer>
  );
}

/** The old password and the new one twice; afterwards every session has ended, this one too. */
function PasswordForm({ signOut, cancel }: { signOut: () => void; cancel: () => void }) {
  const { client, session } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const change = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [old, fresh, again] = ["old", "new", "again"].map((name) => String(data.get(name)));
    if (fresh !== again) return setWrong(t("passwordsDiffer"));
    if (fresh === old) return setWrong(t("passwordSame"));
    setBusy(true);
    setWrong("");
    try {
      await client.run("identity.change_password", { old, new: fresh });
    } catch (error) {
      setBusy(false);
      const first = error instanceof Problem ? error.errors[0] : undefined;
      return setWrong(first?.pointer === "/old" ? t("oldPasswordWrong") : (first?.detail ?? brief(error, speech)));
    }
    client.token = "";
    signOut();
    void message.success(t("passwordChanged"), 6);
  };
  return (
    <form className="lc-door-form" onSubmit={(event) => void change(event)}>
      <input type="text" name="username" autoComplete="username" value={session.actor.login} readOnly hidden />
      <label>
        {t("oldPassword")}
        <Input.Password name="old" aria-label={t("oldPassword")} autoComplete="current-password" required autoFocus />
      </label>
      <label>
        {t("newPassword")}
        <Input.Password name="new" aria-label={t("newPassword")} autoComplete="new-password" required />
      </label>
      <label>
        {t("repeatPassword")}
        <Input.Password name="again" aria-label={t("repeatPassword")} autoComplete="new-password" required />
      </label>
      <p className="lc-quiet">{t("passwordHint")}</p>
      {wrong && <Alert type="error" showIcon title={wrong} />}
      <Button type="primary" htmlType="submit" loading={busy} block>
        {t("changePassword")}
      </Button>
      <Button type="text" block onClick={cancel}>
        {t("cancel")}
      </Button>
    </form>
  );
}
