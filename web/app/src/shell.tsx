import { ApiOutlined, AppstoreOutlined, FileTextOutlined, GlobalOutlined, KeyOutlined, LogoutOutlined, MenuFoldOutlined, MenuUnfoldOutlined, QuestionCircleOutlined, SafetyCertificateOutlined, SettingOutlined, SwapOutlined, TeamOutlined, ToolOutlined } from "@ant-design/icons";
import { Boundary, go, Icon, link, Portrait, useHeading, useNarrow, useOnline, usePlace, useSpeech } from "@lowcode/kit";
import { Bell, mayHandOver, placeOf, SearchBox, Unsent, useEvents, useFavourites, useOpenTasks, useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Dropdown, Menu } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useCommands } from "./commands";
import { useShortcuts } from "./keys";
import { LANGUAGES, Languages } from "./languages";
import type { OwnBoard } from "@lowcode/protocol";
import { activeKey, entriesOf, groupsOf, homeOf, type Entry } from "./menu";
import { Places } from "./places";
import { useRenewal } from "./renewal";

const Account = lazy(() => import("./account"));
const Shortcuts = lazy(() => import("./shortcuts").then((module) => ({ default: module.Shortcuts })));

interface ShellProps {
  speak: (locale: string) => void;
  signOut: () => void;
}

/** What stands around every page: the menu beside it, on a phone below it; bell, person, language. */
export function Shell({ speak, signOut }: ShellProps) {
  const narrow = useNarrow();
  const online = useOnline();
  const { t } = useSpeech();
  const place = usePlace();
  useRenewal(useEvents());
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [place.path.join("/")]);
  return (
    <div className={narrow ? "lc-shell lc-shell-narrow" : "lc-shell"}>
      <a className="lc-skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus({ preventScroll: true }); }}>
        {t("skip")}
      </a>
      {!narrow && <Side />}
      <div className="lc-body">
        {!online && (
          <div className="lc-offline" role="status">
            {t("offline")} <a href={link(["unsent"])}>{t("unsent")}</a>
          </div>
        )}
        <Top speak={speak} signOut={signOut} narrow={narrow} />
        <main id="content" className="lc-content" tabIndex={-1}>
          <Boundary at={place.path.join("/")}>
            <Places place={place} />
          </Boundary>
        </main>
        <Named />
      </div>
      {narrow && <TabBar />}
    </div>
  );
}

/** The window is called like the page in it, and who hears the page is told that it is another. */
function Named() {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const heading = useHeading();
  const whole = w(app.title);
  useEffect(() => {
    document.title = heading && heading !== whole ? `${heading} · ${whole}` : whole;
  }, [heading, whole]);
  return (
    <div className="lc-hidden" aria-live="polite">
      {heading}
    </div>
  );
}

function useEntryTitle(): (entry: Entry) => string {
  const { t, w } = useSpeech();
  return (entry) => w(entry.title) || (entry.own ? t(entry.own) : entry.key);
}

/** The boards somebody made: asked for apart, because what the app is, it is for everyone of the same roles. */
function useBoards(): OwnBoard[] {
  const { client } = useRuntime();
  return useQuery({ queryKey: ["boards"], queryFn: () => client.run<{ items: OwnBoard[] }>("reports.boards", {}), staleTime: 300_000 }).data?.items ?? [];
}

/** What somebody keeps at hand, above everything else. */
function useStarred() {
  const { app } = useRuntime();
  const speech = useSpeech();
  const { items } = useFavourites();
  return items.flatMap((each) => {
    const place = placeOf(app, each, speech);
    return place ? [{ key: `favourite${place.href}`, icon: <Icon name={place.icon} />, label: <a href={place.href} title={place.of}>{place.title}</a> }] : [];
  });
}

function useItems(collapsed = false) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const title = useEntryTitle();
  const open = useOpenTasks().count;
  const boards = useBoards();
  const starred = useStarred();
  const groups = groupsOf(app, boards).map((group, index) => ({
    type: "group" as const,
    key: `group${index}`,
    label: collapsed ? "" : group.own ? t(group.own) : w(group.title),
    children: group.entries.map((entry) => ({
      key: entry.key,
      icon: <Icon name={entry.icon} fallback={entry.fallback} />,
      label: (
        <a href={entry.href}>
          {title(entry)}
          {entry.key === "tasks" && open > 0 && <span className="lc-pill">{open}</span>}
        </a>
      ),
    })),
  }));
  return starred.length === 0 ? groups : [{ type: "group" as const, key: "favourites", label: collapsed ? "" : t("favourites"), children: starred }, ...groups];
}

function Side() {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const place = usePlace();
  const boards = useBoards();
  const [collapsed, setCollapsed] = useState(() => window.innerWidth < 1100);
  return (
    <nav className={collapsed ? "lc-side lc-side-small" : "lc-side"} aria-label={t("menu")}>
      <a className="lc-brand" href={homeOf(app)}>
        <img src="./icon.svg" alt="" width={28} height={28} />
        {!collapsed && <span>{w(app.title)}</span>}
      </a>
      <div className="lc-side-menu">
        <Menu mode="inline" inlineCollapsed={collapsed} selectedKeys={[activeKey(place, entriesOf(app, boards))]} items={useItems(collapsed)} />
      </div>
      <Button className="lc-side-fold" type="text" icon={collapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />} aria-label={t("menu")} aria-expanded={!collapsed} onClick={() => setCollapsed(!collapsed)} />
    </nav>
  );
}

function Top({ speak, signOut, narrow }: ShellProps & { narrow: boolean }) {
  const { session, app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const { actor } = session;
  const [account, setAccount] = useState(false);
  const [help, setHelp] = useState(false);
  const boards = useBoards();
  const commands = useCommands(boards, { speak, signOut, account: () => setAccount(true), keys: () => setHelp(true) });
  useShortcuts({ places: { h: () => go(homeOf(app)), t: () => go(link(["tasks"])), ...(actor.administrator ? { d: () => go(link(["design"])) } : {}) }, help: () => setHelp(true) });
  const search = <SearchBox commands={commands} />;
  const items = [
    { key: "who", type: "group" as const, label: [actor.name, w(actor.title), actor.department?.label].filter(Boolean).join(" · ") },
    ...(narrow ? LANGUAGES.filter((each) => each.key !== locale).map((each) => ({ ...each, icon: <GlobalOutlined />, onClick: () => speak(each.key) })) : []),
    { type: "divider" as const },
    { key: "drafts", icon: <FileTextOutlined />, label: t("drafts"), onClick: () => go(link(["drafts"])) },
    ...(mayHandOver(session) ? [{ key: "handover", icon: <SwapOutlined />, label: t("handOver"), onClick: () => go(link(["handover"])) }] : []),
    { key: "verify", icon: <SafetyCertificateOutlined />, label: t("verify"), onClick: () => go(link(["verify"])) },
    ...(actor.administrator
      ? [
          { type: "divider" as const },
          { key: "design", icon: <ToolOutlined />, label: t("design"), onClick: () => go(link(["design"])) },
          { key: "connections", icon: <ApiOutlined />, label: t("connections"), onClick: () => go(link(["connections"])) },
          { key: "people", icon: <TeamOutlined />, label: t("access"), onClick: () => go(link(["access", "people"])) },
        ]
      : [{ key: "access", icon: <KeyOutlined />, label: t("apiKeys"), onClick: () => go(link(["access", "keys"])) }]),
    { type: "divider" as const },
    ...(narrow ? [] : [{ key: "keys", icon: <QuestionCircleOutlined />, label: t("shortcuts"), onClick: () => setHelp(true) }]),
    { key: "account", icon: <SettingOutlined />, label: t("account"), onClick: () => setAccount(true) },
    { key: "out", icon: <LogoutOutlined />, label: session.demo ? t("switchPerson") : t("signOut"), onClick: signOut },
  ];
  return (
    <div className="lc-top" role="banner">
      {narrow && (
        <a className="lc-brand" href={homeOf(app)}>
          <img src="./icon.svg" alt="" width={26} height={26} />
          <span>{w(app.title)}</span>
        </a>
      )}
      {!narrow && search}
      <span className="lc-grow" />
      {narrow && search}
      {!narrow && <Languages speak={speak} />}
      <Unsent />
      <Bell />
      <Dropdown autoFocus menu={{ items }} trigger={["click"]} placement="bottomRight">
        <button type="button" className="lc-who" aria-label={narrow ? actor.name : undefined}>
          <Portrait name={actor.name} size={28} />
          {!narrow && (
            <span>
              {actor.name} <span className="lc-quiet">{w(actor.title)}</span>
            </span>
          )}
        </button>
      </Dropdown>
      {account && (
        <Suspense fallback={null}>
          <Account speak={speak} signOut={signOut} close={() => setAccount(false)} />
        </Suspense>
      )}
      {help && (
        <Suspense fallback={null}>
          <Shortcuts close={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** The bar at the foot of a phone: home, to-do, the first records, and everything else. */
function TabBar() {
  const { app } = useRuntime();
  const { t } = useSpeech();
  const title = useEntryTitle();
  const place = usePlace();
  const open = useOpenTasks().count;
  const [more, setMore] = useState(false);
  const items = useItems();
  const entries = entriesOf(app);
  const home = homeOf(app);
  const chosen = [entries.find((each) => each.href === home), entries.find((each) => each.key === "tasks"), ...entries.filter((each) => each.key.startsWith("records/"))]
    .filter((each, index, all): each is Entry => each !== undefined && all.indexOf(each) === index)
    .slice(0, 4);
  const active = activeKey(place, entries);
  useEffect(() => setMore(false), [place.path.join("/")]);
  return (
    <>
      <nav className="lc-tabs" aria-label={t("menu")}>
        {chosen.map((entry) => (
          <a key={entry.key} href={entry.href} className={entry.key === active ? "lc-tab lc-tab-now" : "lc-tab"} aria-current={entry.key === active ? "page" : undefined}>
            <span className="lc-tab-icon">
              <Icon name={entry.icon} fallback={entry.fallback} />
              {entry.key === "tasks" && open > 0 && <span className="lc-pill">{open}</span>}
            </span>
            <span className="lc-tab-name">{title(entry)}</span>
          </a>
        ))}
        <button type="button" className="lc-tab" aria-expanded={more} onClick={() => setMore(true)}>
          <span className="lc-tab-icon">
            <AppstoreOutlined />
          </span>
          <span className="lc-tab-name">{t("more")}</span>
        </button>
      </nav>
      <Drawer open={more} onClose={() => setMore(false)} placement="bottom" size="75%" title={t("menu")}>
        <Menu mode="inline" selectedKeys={[active]} items={items} onClick={() => setMore(false)} />
      </Drawer>
    </>
  );
}

