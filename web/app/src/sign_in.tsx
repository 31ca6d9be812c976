import { brief, Portrait, unsaved, useSpeech, Waiting } from "@lowcode/kit";
import { Problem, type Client, type DemoPerson, type PendingSignIn, type Session, type SignInMethod, type Text } from "@lowcode/protocol";
import { Alert, Button, Collapse, Input } from "antd";
import { useEffect, useState, type FormEvent } from "react";
import { Languages } from "./languages";
import { AskLink } from "./password";
import { SecondStep } from "./second_step";
import { forgetRefusal, Methods, refusal } from "./methods";

interface SignInProps {
  client: Client;
  app: unknown;
  demo: boolean;
  methods: SignInMethod[];
  pending: PendingSignIn | null;
  /** Whether a letter brings a link to whoever forgot their password. */
  byLetter: boolean;
  lost: boolean;
  /** Whose work stands behind it. */
  who?: Session["actor"];
  speak: (locale: string) => void;
  onSession: (session: Session) => void;
}

/** The first page: in a demo one press on a person, else login and password. */
export function SignIn({ client, app, demo, methods, pending, byLetter, lost, who, speak, onSession }: SignInProps) {
  const speech = useSpeech();
  const { t, w, locale, among } = speech;
  const [people, setPeople] = useState<DemoPerson[] | null | undefined>(undefined);
  const [busy, setBusy] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  /** What was typed as a login by whoever forgot their password. */
  const [forgot, setForgot] = useState<string | null>(null);
  const [mistyped, setMistyped] = useState(false);
  const [refused, setRefused] = useState(refusal);
  const [step, setStep] = useState(pending);
  useEffect(() => setStep(pending), [pending]);
  useEffect(forgetRefusal, []);
  useEffect(() => {
    if (!demo) return setPeople(null);
    client.demoPeople().then(
      (answer) => setPeople(Array.isArray(answer) ? (answer as DemoPerson[]) : answer.items),
      () => setPeople(null),
    );
  }, [client, demo]);
  const welcome = async (session: Session) => onSession(session.locale === locale ? session : await client.speak(locale).catch(() => session));
  const enter = async (login: string, password?: string) => {
    setBusy(login);
    setWrong("");
    setMistyped(false);
    setRefused(null);
    try {
      const session = await client.signIn(login, password);
      await welcome(session);
    } catch (error) {
      if (error instanceof Problem && error.code === "identity.second-factor") {
        setStep(error.body["pending"] as PendingSignIn);
        return setBusy(null);
      }
      setWrong(brief(error, speech));
      setMistyped(error instanceof Problem && error.code === "identity.wrong-password");
      setBusy(null);
    }
  };
  const { title } = (app ?? {}) as { title?: Text };
  const ask = (login: string) => (setWrong(""), setForgot(login));
  const form = <PasswordForm busy={busy !== null} login={who?.login} enter={enter} forgot={byLetter ? ask : undefined} />;
  return (
    <main className="lc-door">
      <div className={people?.length ? "lc-door-card" : "lc-door-card lc-door-card-small"}>
        <header>
          <img src="./icon.svg" alt="" width={40} height={40} />
          <div>
            <h1>{w(title) || t("signIn")}</h1>
            <p className="lc-quiet">{t(people ? "demoHint" : "signInHint")}</p>
          </div>
          <Languages speak={speak} />
        </header>
        {lost && <Alert type="info" showIcon title={t("signedOut")} description={who && t(unsaved() ? "signedOutKept" : "signedOutWho", { name: who.name })} />}
        {refused && <Alert type="error" showIcon title={t(refused)} />}
        {wrong && <Alert type="error" showIcon title={wrong} description={mistyped && !byLetter && !demo ? t("passwordAsk") : undefined} />}
        {step !== null ? (
          <SecondStep client={client} pending={step} onSession={(session) => void welcome(session)} back={() => setStep(null)} />
        ) : forgot !== null ? (
          <AskLink client={client} login={forgot} back={() => setForgot(null)} />
        ) : people === undefined ? (
          <Waiting />
        ) : people === null || people.length === 0 ? (
          form
        ) : (
          <>
            <ul className="lc-people">
              {[...people].sort((one, other) => Number(other.login === who?.login) - Number(one.login === who?.login)).map((person) => (
                <li key={person.login}>
                  <button type="button" autoFocus={person.login === who?.login} disabled={busy !== null} aria-busy={busy === person.login} onClick={() => void enter(person.login)}>
                    <Portrait name={person.name} size={36} />
                    <span>
                      <strong>{person.name}</strong>
                      <span className="lc-quiet">{[w(person.title) || among(person.roles), w(person.department as Text)].filter(Boolean).join(" · ")}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            <Collapse ghost items={[{ key: "password", label: t("orPassword"), children: form }]} />
          </>
        )}
        {step === null && forgot === null && <Methods client={client} methods={methods} />}
      </div>
    </main>
  );
}

function PasswordForm({ busy, login, enter, forgot }: { busy: boolean; login?: string; enter: (login: string, password: string) => Promise<void>; forgot?: (login: string) => void }) {
  const { t } = useSpeech();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void enter(String(data.get("login")), String(data.get("password")));
  };
  return (
    <form className="lc-door-form" onSubmit={submit}>
      <label>
        {t("login")}
        <Input name="login" autoComplete="username" required size="large" defaultValue={login} />
      </label>
      <label>
        {t("password")}
        <Input.Password name="password" aria-label={t("password")} autoComplete="current-password" required size="large" autoFocus={login !== undefined} />
      </label>
      <Button type="primary" htmlType="submit" size="large" block loading={busy}>
        {t("signIn")}
      </Button>
      {forgot && (
        <Button type="link" block onClick={(event) => forgot(String(new FormData(event.currentTarget.closest("form")!).get("login")))}>
          {t("passwordForgot")}
        </Button>
      )}
    </form>
  );
}
