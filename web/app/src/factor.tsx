import { brief, instant, useSpeech } from "@lowcode/kit";
import type { FactorState } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Input } from "antd";
import { useState, type FormEvent } from "react";
import { AuthenticatorPicture, RecoveryCodes } from "./authenticator";

type Doing = "set_up" | "confirm" | "renew" | "remove" | null;

/** One's own second factor: whether there is one, and everything that is done with it. */
export function Factor() {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t } = speech;
  const state = useQuery({ queryKey: ["factor"], queryFn: () => client.run<FactorState>("identity.factor") });
  const [doing, setDoing] = useState<Doing>(null);
  const [offered, setOffered] = useState<{ secret: string; picture: string } | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const mine = state.data;
  if (!mine) return null;
  const begin = (next: Doing) => {
    setWrong("");
    setDoing(next);
  };
  const ended = () => {
    begin(null);
    setOffered(null);
    setCodes(null);
    void state.refetch();
  };
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const code = String(data.get("code") ?? "");
    setBusy(true);
    setWrong("");
    try {
      if (doing === "set_up") {
        setOffered(await client.setUpFactor(String(data.get("password") ?? ""), code));
        setDoing("confirm");
      } else if (doing === "remove") {
        await client.run("identity.remove_factor", { code });
        void message.success(t("factorRemoved"));
        ended();
      } else {
        const operation = doing === "renew" ? "identity.renew_recovery" : "identity.confirm_factor";
        setCodes((await client.run<{ recovery: string[] }>(operation, { code })).recovery);
      }
    } catch (error) {
      setWrong(brief(error, speech));
    }
    setBusy(false);
  };
  if (codes) return <RecoveryCodes codes={codes} done={ended} />;
  if (doing !== null) {
    const code = doing !== "set_up" || mine.set_up;
    return (
      <form key={doing} className="lc-door-form" onSubmit={(event) => void send(event)}>
        {doing === "confirm" && offered && <AuthenticatorPicture {...offered} />}
        {doing === "set_up" && mine.password && (
          <label>
            {t("password")}
            <Input.Password name="password" aria-label={t("password")} autoComplete="current-password" required autoFocus />
          </label>
        )}
        {code && (
          <label>
            {t(doing === "set_up" ? "factorOldCode" : doing === "confirm" ? "factorFirstCode" : "factorCodeLabel")}
            <Input name="code" autoComplete="one-time-code" maxLength={60} required autoFocus={!(doing === "set_up" && mine.password)} />
          </label>
        )}
        {wrong && <Alert type="error" showIcon title={wrong} />}
        <Button type="primary" danger={doing === "remove"} htmlType="submit" loading={busy} block>
          {t(doing === "remove" ? "factorRemove" : "factorContinue")}
        </Button>
        <Button type="text" block onClick={ended}>
          {t("cancel")}
        </Button>
      </form>
    );
  }
  if (!mine.set_up)
    return (
      <>
        <p className="lc-quiet">{t("factorOff")}</p>
        <Button block onClick={() => begin("set_up")}>
          {t("factorSetUp")}
        </Button>
      </>
    );
  return (
    <>
      <p className="lc-quiet">{t("factorOn", { since: mine.since ? instant(mine.since) : "", count: mine.recovery, devices: mine.devices })}</p>
      <div className="lc-factor-buttons">
        <Button onClick={() => begin("renew")}>{t("recoveryRenew")}</Button>
        <Button onClick={() => begin("set_up")}>{t("factorOther")}</Button>
        {mine.devices > 0 && <Button onClick={() => void client.run("identity.forget_devices").then(ended)}>{t("factorForget")}</Button>}
        {!mine.required && (
          <Button danger onClick={() => begin("remove")}>
            {t("factorRemove")}
          </Button>
        )}
      </div>
    </>
  );
}
