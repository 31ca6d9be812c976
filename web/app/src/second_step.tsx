import { brief, instant, useSpeech } from "@lowcode/kit";
import type { Client, PendingSignIn, Session } from "@lowcode/protocol";
import { Alert, Button, Checkbox, Input } from "antd";
import { useState, type FormEvent } from "react";
import { AuthenticatorPicture, RecoveryCodes } from "./authenticator";

interface SecondStepProps {
  client: Client;
  pending: PendingSignIn;
  onSession: (session: Session) => void;
  back: () => void;
}

/** The second step of signing in: a code, and first, where there is none yet, an authenticator. */
export function SecondStep({ client, pending, onSession, back }: SecondStepProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const [done, setDone] = useState<Session | null>(null);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setWrong("");
    try {
      const session = await client.showCode(String(data.get("code")), data.get("remember") === "on");
      if (session.place) location.hash = session.place;
      if (session.recovery) setDone(session);
      else onSession(session);
    } catch (error) {
      setWrong(brief(error, speech));
    }
    setBusy(false);
  };
  const later = async () => {
    setBusy(true);
    setWrong("");
    try {
      const session = await client.putOffCode();
      if (session.place) location.hash = session.place;
      onSession(session);
    } catch (error) {
      setWrong(brief(error, speech));
      setBusy(false);
    }
  };
  if (done?.recovery) return <RecoveryCodes codes={done.recovery} done={() => onSession(done)} />;
  const fresh = pending.step === "setup";
  return (
    <form className="lc-door-form" onSubmit={(event) => void send(event)}>
      <h2 className="lc-section-title">{t(fresh ? "factorSetUp" : "factorCode")}</h2>
      <p className="lc-quiet">{t(fresh ? "factorNeeded" : "factorCodeHint")}</p>
      {fresh && <AuthenticatorPicture picture={pending.picture ?? ""} secret={pending.secret ?? ""} />}
      <label>
        {t(fresh ? "factorFirstCode" : "factorCodeLabel")}
        <Input name="code" autoComplete="one-time-code" maxLength={60} required autoFocus size="large" />
      </label>
      {pending.remember_days > 0 && <Checkbox name="remember" value="on">{t("factorRemember", { days: pending.remember_days })}</Checkbox>}
      {wrong && <Alert type="error" showIcon title={wrong} />}
      <Button type="primary" htmlType="submit" size="large" block loading={busy}>
        {t("factorContinue")}
      </Button>
      {pending.until && (
        <Button block size="large" disabled={busy} onClick={() => void later()}>
          {t("factorLater", { until: instant(pending.until) })}
        </Button>
      )}
      <Button type="text" block onClick={back}>
        {t("factorBack")}
      </Button>
    </form>
  );
}
