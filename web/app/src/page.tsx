import { Boundary, Failure, go, learn, setZone, Speaking, still, themeOf, unsaved, useDark, useSpeech, Waiting, watchFocus } from "@lowcode/kit";
import { Client, hereabouts, Problem, type Application as App, type PendingSignIn, type Session, type SignInMethod } from "@lowcode/protocol";
import { applicationOf, forget, forgetLeft, forgetVisits, isCut, keptSession, loadEmitted, serveOffline, silence, goOn, useGoingOn, useWaiting, RuntimeContext, type FormRequest, type Runtime } from "@lowcode/runtime";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { App as Antd, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { Over } from "./again";
import { ChoosePassword, useWord } from "./password";
import { ahead, closeBy, FormDrawer } from "./places";
import { Shell } from "./shell";
import { SignIn } from "./sign_in";

const client = new Client();
const queries = new QueryClient({
  defaultOptions: {
    // Without a network a request fails at once and says so; waiting for the network would show a sketch for ever.
    queries: { networkMode: "always", staleTime: 10_000, refetchOnWindowFocus: true, retry: (count, error) => count < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500) },
  },
});

const REMEMBERED = "lowcode.locale";
/** Somebody signed out without a network: the server hears of it when there is one. */
const LEAVING = hereabouts("lowcode.leaving");
/** Somebody was signed in here last. */
const INSIDE = hereabouts("lowcode.inside");
/** The app, asked for together with the session by a page that most likely has one (decision 0124). */
let early: Promise<App> | undefined;

/** Tabs of one browser have one session: who signs in again in one of them goes on in all. */
const channel = new BroadcastChannel(hereabouts("lowcode.session"));

const spoken = (): string => localStorage.getItem(REMEMBERED) ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");

/** The whole page: signs in, loads the application, and hands over to the shell. */
export function Page() {
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [name, setName] = useState<unknown>(null);
  const [methods, setMethods] = useState<SignInMethod[]>([]);
  const [demo, setDemo] = useState(false);
  const [byLetter, setByLetter] = useState(false);
  const [word, leaveWord] = useWord();
  const [pending, setPending] = useState<PendingSignIn | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [lost, setLost] = useState(false);
  const [locale, setSpoken] = useState(spoken);
  const [learnt, setLearnt] = useState(false);
  /** Words first: a page without its words says nothing. */
  const setLocale = (next: string) => void learn(next).then(() => setSpoken(next), () => undefined);
  const dark = useDark();
  const looks = useMemo(() => themeOf(dark), [dark]);
  /** Who works in this page, also while their session is over. */
  const working = useRef<number | undefined>(undefined);
  const over = useRef(false);
  /** The session that the other tabs were told of. */
  const told = useRef("");
  const enter = (next: Session | null) => {
    if (!next) early = undefined;
    const before = working.current;
    working.current = next?.actor.id;
    if (next) {
      // Whichever way they came in: by the door, by another service, or because the page found them signed in.
      if (next.token !== "" && next.token !== told.current) channel.postMessage(next.actor.id);
      told.current = next.token;
      localStorage.setItem(INSIDE, "1");
      setLocale(next.locale);
      setDemo(next.demo === true);
      if (before !== undefined && before !== next.actor.id) {
        if (!over.current) window.dispatchEvent(new Event("lowcode:ended"));
        queries.clear();
      } else if (over.current) {
        window.dispatchEvent(new Event("lowcode:back"));
        void queries.invalidateQueries({ predicate: ({ queryKey, state }) => queryKey[0] !== "application" && state.fetchStatus === "idle" });
      }
      over.current = false;
      setLost(false);
    }
    setSession(next);
  };
  const look = () => {
    setFailure(null);
    client.locale = locale;
    client
      .look()
      .then(async (found) => {
        if (localStorage.getItem(LEAVING) === null) return enter(found);
        await client.signOut();
        localStorage.removeItem(LEAVING);
        look();
      })
      .catch(async (error: unknown) => {
        if (error instanceof Problem && error.status === 401) {
          localStorage.removeItem(LEAVING);
          setDemo(error.body["demo"] === true);
          setName(error.body["app"] ?? null);
          setByLetter(error.body["by_letter"] === true);
          setMethods((error.body["methods"] as SignInMethod[] | undefined) ?? []);
          setPending((error.body["pending"] as PendingSignIn | undefined) ?? null);
          localStorage.removeItem(INSIDE);
          return over.current ? setSession((before) => before ?? null) : enter(null);
        }
        const kept = isCut(error) ? await keptSession() : undefined;
        if (!kept) return over.current ? undefined : setFailure(error);
        client.believe(kept.actor.id);
        enter(kept);
      });
  };
  useEffect(watchFocus, []);
  useEffect(() => {
    learn(locale).then(() => setLearnt(true), setFailure);
    if (localStorage.getItem(INSIDE) !== null && localStorage.getItem(LEAVING) === null) {
      early = client.application();
      early.catch(() => undefined);
    }
    client.onSignedOut = () => {
      over.current = working.current !== undefined;
      window.dispatchEvent(new Event("lowcode:ended"));
      setLost(true);
      look();
    };
    look();
    channel.onmessage = ({ data }: MessageEvent<number>) => {
      if (working.current !== undefined && (over.current || data !== working.current)) look();
    };
    // A page that opened without a network does not know yet whether its session still holds.
    const again = () => client.token === "" && look();
    // Back from the service where the session ended: the page stands as it was left.
    const back = ({ persisted }: PageTransitionEvent) => persisted && working.current === undefined && look();
    window.addEventListener("online", again);
    window.addEventListener("pageshow", back);
    // A notice of this device was pressed.
    const pressed = ({ data }: MessageEvent<{ lowcode?: string; go?: string }>) => data?.lowcode === "go" && data.go && go(data.go);
    navigator.serviceWorker?.addEventListener("message", pressed);
    return () => {
      navigator.serviceWorker?.removeEventListener("message", pressed);
      window.removeEventListener("online", again);
      window.removeEventListener("pageshow", back);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    localStorage.setItem(REMEMBERED, locale);
    document.documentElement.lang = locale;
    client.locale = locale;
    dayjs.locale(locale.startsWith("zh") ? "zh-cn" : "en");
  }, [locale]);
  const speak = (next: string) => {
    setLocale(next);
    if (session) client.speak(next).then(enter, () => undefined).then(() => queries.invalidateQueries());
  };
  const signOut = async () => {
    const go = await client.signOut().catch((error: unknown) => {
      if (isCut(error)) localStorage.setItem(LEAVING, "1");
    });
    await forget();
    await silence();
    forgetVisits();
    client.leave();
    const left = working.current;
    working.current = undefined;
    // Forms go before the page does, or they would put down what they hold once more while it goes.
    flushSync(() => setSession(undefined));
    window.dispatchEvent(new Event("lowcode:ended"));
    if (left !== undefined) forgetLeft(left);
    if (go) return location.assign(go);
    queries.clear();
    location.hash = "";
    setSession(null);
    look();
  };
  const door = (who: Session["actor"] | undefined) => (
    <SignIn client={client} app={name} demo={demo} methods={methods} pending={pending} byLetter={byLetter} lost={lost} who={who} speak={speak} onSession={(next) => { setLost(false); enter(next); }} />
  );
  return (
    <ConfigProvider theme={looks} locale={locale.startsWith("zh") ? zhCN : enUS} button={{ autoInsertSpace: false }} wave={{ disabled: still() }}>
      <Antd>
        <Speaking locale={locale}>
          <QueryClientProvider client={queries}>
            <Boundary>
              {word !== null && learnt ? (
                <ChoosePassword key={word} client={client} word={word} speak={setLocale} done={() => (leaveWord(), look())} />
              ) : failure !== null ? (
                <Failure page error={failure} retry={look} />
              ) : session === undefined || !learnt ? (
                <Waiting />
              ) : session === null ? (
                door(undefined)
              ) : (
                <>
                  <Application key={session.actor.id} session={session} speak={speak} signOut={() => void signOut()} />
                  {lost && <Again>{door(session.actor)}</Again>}
                </>
              )}
            </Boundary>
          </QueryClientProvider>
        </Speaking>
      </Antd>
    </ConfigProvider>
  );
}

function Again({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  return <Over label={t("signedOut")}>{children}</Over>;
}

/** Who closes a form goes on where they were; when that is gone, with the page. */
function giveBack(from: Element | null): void {
  setTimeout(() => {
    if (document.querySelector("[role=dialog][aria-modal=true]")?.contains(document.activeElement)) return;
    const there = from instanceof HTMLElement && from.isConnected && from !== document.body ? from : document.getElementById("content");
    there?.focus({ preventScroll: true });
  });
}

function Application({ session, speak, signOut }: { session: Session; speak: (locale: string) => void; signOut: () => void }) {
  const found = useQuery({
    queryKey: ["application"],
    queryFn: async () => {
      const asked = early;
      early = undefined;
      const app = await applicationOf(client, session, asked);
      serveOffline(app);
      setZone(app.zone);
      const [emitted] = await Promise.all([loadEmitted(app.expressions), ahead(app)]);
      return { app, emitted };
    },
    // Another version is told of (`useRenewal`); what one may do is asked again by who comes back to the page. Neither
    // is put under what somebody is filling in.
    staleTime: 60_000,
    refetchOnWindowFocus: () => !unsaved(),
    refetchOnReconnect: () => !unsaved(),
  });
  useEffect(() => {
    if (session.token !== "") goOn(client, session.actor.id).catch((error: unknown) => console.warn("Notices of this device could not be looked after.", error));
  }, [session.token, session.actor.id]);
  const [forms, setForms] = useState<{ key: number; request: FormRequest; from: Element | null }[]>([]);
  const waits = useWaiting(session.actor.id).length;
  const { modal } = Antd.useApp();
  const { t } = useSpeech();
  const leave = () => {
    if (waits === 0) return signOut();
    modal.confirm({ title: t("unsentLeave", { count: waits }), content: t("unsentLeaveHint"), okText: t("unsentLeaveAnyway"), cancelText: t("cancel"), okButtonProps: { danger: true }, onOk: signOut });
  };
  const clock = useMemo(() => (session.moment ? new Date(session.moment.now).getTime() - Date.now() : 0), [session]);
  const runtime = useMemo<Runtime | null>(
    () =>
      found.data
        ? {
            client,
            session,
            app: found.data.app,
            emitted: found.data.emitted,
            now: () => new Date(Date.now() + clock),
            openForm: (request) => {
              const from = document.activeElement;
              setForms((open) => [...open, { key: Math.max(0, ...open.map((each) => each.key)) + 1, request, from }]);
            },
            renew: async () => {
              const { data, error } = await found.refetch();
              if (error) throw error;
              if (!data || data.app.digest === found.data!.app.digest) return false;
              await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "application" });
              return true;
            },
          }
        : null,
    [found.data, session, clock],
  );
  useEffect(() => {
    const closed = () => setForms([]);
    window.addEventListener("lowcode:place", closed);
    return () => window.removeEventListener("lowcode:place", closed);
  }, []);
  useGoingOn(runtime);
  useEffect(() => (runtime ? closeBy() : undefined), [runtime !== null]);
  // An app that is there goes on when asking for it anew fails: whatever is typed in open forms would go with it.
  if (found.error && !found.data) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!runtime) return <Waiting />;
  return (
    <RuntimeContext value={runtime}>
      <Shell speak={speak} signOut={leave} />
      {forms.map(({ key, request, from }) => (
        <FormDrawer key={key} request={request} close={() => { setForms((open) => open.filter((each) => each.key !== key)); giveBack(from); }} />
      ))}
    </RuntimeContext>
  );
}
