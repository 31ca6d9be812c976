import { brief, useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useEffect, useState } from "react";
import { Came, type Meant, type Said } from "./came";
import { Section } from "./mapping";

interface Tried {
  person: Said | null;
  meant: Meant;
}

const CHANNEL = "lowcode:sign-in-tried";

/** A real sign-in in a window of its own, by the way as it is published; nobody is signed in by it. */
export function TrySignIn({ name, drafted }: { name: string; drafted: boolean }) {
  const { t } = useSpeech();
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => typeof data === "string" && setToken(data);
    return () => channel.close();
  }, []);
  const open = () => {
    setToken(null);
    window.open(`./api/sign-in/${encodeURIComponent(name)}?trial=1`, "lowcode-sign-in-trial", "width=560,height=720");
  };
  return (
    <Section title={t("signInTry")} hint={t("signInTryHint")}>
      <Button disabled={drafted} title={drafted ? t("connectionTryFirst") : undefined} onClick={open}>{t("signInTryOpen")}</Button>
      {token !== null && <TriedSignIn token={token} />}
    </Section>
  );
}

/** What came back. */
export function TriedSignIn({ token }: { token: string }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const found = useQuery({ queryKey: ["sign-in-tried", token], queryFn: () => client.run<Tried>("api.tried_sign_in", { token }), gcTime: 0, staleTime: Infinity, retry: false });
  if (found.error) return <Alert type="error" showIcon title={brief(found.error, speech)} />;
  if (!found.data) return null;
  const { person, meant } = found.data;
  return person ? <Came person={person} meant={meant} /> : <Alert type="error" showIcon title={t(`cameRefused_${meant.refused ?? "setup"}` as TextKey)} description={meant.detail} />;
}

/** The window of a trial when it has come back: what came is told to the designer, and shown here as well. */
export default function TriedPage({ token }: { token: string }) {
  const { t } = useSpeech();
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(token);
    return () => channel.close();
  }, [token]);
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title"><h1>{t("signInTry")}</h1></div>
        <p className="lc-quiet">{t("signInTriedClose")}</p>
      </header>
      <section className="lc-panel lc-access"><TriedSignIn token={token} /></section>
    </div>
  );
}
