import { BulbOutlined, EditOutlined, GlobalOutlined, LogoutOutlined, PlusOutlined, QuestionCircleOutlined, SettingOutlined, ToolOutlined } from "@ant-design/icons";
import { go, Icon, learn, link, say, useSpeech, WISHES, wishFor, type TextKey } from "@lowcode/kit";
import { words, type OwnBoard, type Text } from "@lowcode/protocol";
import { useRuntime, type Command } from "@lowcode/runtime";
import { useEffect, useMemo, useState } from "react";
import { DESIGNERS } from "./designs";
import { LANGUAGES } from "./languages";
import { entriesOf } from "./menu";

interface Doing {
  speak: (locale: string) => void;
  signOut: () => void;
  account: () => void;
  keys: () => void;
}

const everyName = (title: Text): string[] => LANGUAGES.map(({ key }) => words(title, key)).filter(Boolean);
const ownNames = (key: TextKey, values: Record<string, string> = {}): string[] => LANGUAGES.map((each) => say(key, each.key, values)).filter(Boolean);

/** Everything that can be gone to or done from anywhere, by its name in either language. */
export function useCommands(boards: OwnBoard[], { speak, signOut, account, keys }: Doing): Command[] {
  const { app, session, openForm } = useRuntime();
  const { t, w, locale } = useSpeech();
  const [learnt, setLearnt] = useState(false);
  useEffect(() => {
    // The other language is only for finding by its words: it comes when the page has been idle for a moment.
    const timer = setTimeout(() => void Promise.all(LANGUAGES.map(({ key }) => learn(key))).then(() => setLearnt(true), () => undefined), 1500);
    return () => clearTimeout(timer);
  }, []);
  return useMemo(() => {
    const pages = entriesOf(app, boards).map(
      (entry): Command => ({ key: entry.key, kind: "page", title: w(entry.title) || (entry.own ? t(entry.own) : entry.key), names: [...everyName(entry.title), ...(entry.own ? ownNames(entry.own) : [])], icon: <Icon name={entry.icon} fallback={entry.fallback} />, href: entry.href }),
    );
    const creating = Object.values(app.forms)
      .filter((form) => form.permissions["create"])
      .map((form): Command => ({
        key: `create/${form.name}`, kind: "action", title: t("newRecord", { name: w(form.title) }), icon: <PlusOutlined />,
        names: LANGUAGES.flatMap(({ key }) => [say("newRecord", key, { name: words(form.title, key) }), words(form.title, key)]), run: () => openForm({ form: form.name }),
      }));
    const own = (key: TextKey, icon: Command["icon"], run: () => void, more: Partial<Command> = {}): Command => ({ key, kind: "action", title: t(key), names: ownNames(key), icon, run, ...more });
    /** A designer is called so: pages of what it makes have the same name. */
    const designing = (each: (typeof DESIGNERS)[number]): Command =>
      own(each.words, each.icon, () => go(link(each.place)), {
        key: `design/${each.key}`,
        ...(each.page ? {} : { title: `${t("design")} · ${t(each.words)}`, names: LANGUAGES.map(({ key }) => `${say("design", key)} ${say(each.words, key)}`) }),
      });
    return [
      ...pages,
      own("tasks", <Icon name="check" />, () => go(link(["tasks"])), { key: "to-do", title: t("openTasks"), names: [...ownNames("openTasks"), ...ownNames("tasks")], keys: "g t" }),
      ...creating,
      own("drafts", <EditOutlined />, () => go(link(["drafts"]))),
      ...LANGUAGES.filter(({ key }) => key !== locale).map(({ key, label }): Command => ({ key: `speak/${key}`, kind: "action", title: t("speak", { name: label }), names: ownNames("speak", { name: label }), icon: <GlobalOutlined />, run: () => speak(key) })),
      ...WISHES.map((wish): Command => own(`theme_${wish}`, <BulbOutlined />, () => wishFor(wish), { title: t("themeTo", { name: t(`theme_${wish}`) }), names: [...ownNames(`theme_${wish}`), ...ownNames("theme")] })),
      ...(session.actor.administrator ? [own("design", <ToolOutlined />, () => go(link(["design"])), { keys: "g d" }), ...DESIGNERS.map(designing)] : []),
      own("shortcuts", <QuestionCircleOutlined />, keys, { keys: "?" }),
      own("account", <SettingOutlined />, account),
      own(session.demo ? "switchPerson" : "signOut", <LogoutOutlined />, signOut),
    ];
  }, [app, boards, session, locale, learnt]);
}
