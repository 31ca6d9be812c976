import { brief, useSpeech } from "@lowcode/kit";
import { Problem, type Client } from "@lowcode/protocol";
import { Alert, App, Button, Input } from "antd";
import { useEffect, useState, type FormEvent } from "react";
import { Languages } from "./languages";

const PLACE = "#/password/";

const wordOf = (): string | null => (location.hash.startsWith(PLACE) ? location.hash.slice(PLACE.length) : null);

/** The word of a link by which somebody chooses a password, where the page was opened by one; and how to leave it. */
export function useWord(): [string | null, () => void] {
  const [word, setWord] = useState(wordOf);
  useEffect(() => {
    const look = () => setWord(wordOf());
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  const leave = () => {
    history.replaceState(null, "", "#/");
    setWord(null);
  };
  return [word, leave];
}

/** Whoever forgot their password asks for a letter with a link. */
export function AskLink({ client, login, back }: { client: Client; login: string; back: () => void }) {
  const speech = useSpeech();
  const { t } = speech;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const [sent, setSent] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    setBusy(true);
    setWrong("");
    try {
      await client.askPasswordLink(name);
      setSent(true);
    } catch (error) {
      setWrong(brief(error, speech));
    }
    setBusy(false);
  };
  return (
    <form className="lc-door-form" onSubmit={(event) => void send(event)}>
      <h2 className="lc-section-title">{t("passwordForgot")}</h2>
      {sent ? (
        <Alert type="success" showIcon title={t("passwordSent")} description={t("passwordSentHint")} />
      ) : (
        <>
          <p className="lc-quiet">{t("passwordForgotHint")}</p>
          <label>
            {t("passwordName")}
            <Input name="name" autoComplete="username" maxLength={320} required autoFocus size="large" defaultValue={login} />
          </label>
          {wrong && <Alert type="error" showIcon title={wrong} />}
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {t("passwordSend")}
          </Button>
        </>
      )}
      <Button type="text" block onClick={back}>
        {t("factorBack")}
      </Button>
    </form>
  );
}

/** What a link of a letter opens: the password is chosen, twice; then somebody signs in with it. */
export function ChoosePassword({ client, word, speak, done }: { client: Client; word: string; speak: (locale: string) => void; done: (login?: string) => void }) {
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const [over, setOver] = useState(false);
  const choose = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    if (data.get("new") !== data.get("again")) return setWrong(t("passwordsDiffer"));
    setBusy(true);
    setWrong("");
    try {
      const { login } = await client.usePasswordLink(word, String(data.get("new")));
      void message.success(t("passwordChanged"), 6);
      return done(login);
    } catch (error) {
      setOver(error instanceof Problem && error.code === "identity.link-over");
      setWrong((error instanceof Problem && error.errors[0]?.detail) || brief(error, speech));
    }
    setBusy(false);
  };
  return (
    <main className="lc-door">
      <div className="lc-door-card lc-door-card-small">
        <header>
          <img src="./icon.svg" alt="" width={40} height={40} />
          <div>
            <h1>{t("passwordChoose")}</h1>
            <p className="lc-quiet">{t("passwordChooseHint")}</p>
          </div>
          <Languages speak={speak} />
        </header>
        <form className="lc-door-form" onSubmit={(event) => void choose(event)}>
          {!over && (
            <>
              <label>
                {t("newPassword")}
                <Input.Password name="new" aria-label={t("newPassword")} autoComplete="new-password" required autoFocus size="large" />
              </label>
              <label>
                {t("repeatPassword")}
                <Input.Password name="again" aria-label={t("repeatPassword")} autoComplete="new-password" required size="large" />
              </label>
            </>
          )}
          {wrong && <Alert type="error" showIcon title={wrong} />}
          {over ? (
            <Button type="primary" size="large" block onClick={() => done()}>
              {t("factorBack")}
            </Button>
          ) : (
            <Button type="primary" htmlType="submit" size="large" block loading={busy}>
              {t("passwordChoose")}
            </Button>
          )}
        </form>
      </div>
    </main>
  );
}
