/** Notices that the server sends to this device: shown, pressed, and kept coming when the browser subscribes anew. */
export interface Notice {
  title: string;
  text: string;
  /** The place in the page that it leads to. */
  go: string;
  /** What it takes the place of. */
  tag: string;
}

interface Window {
  url: string;
  visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

export interface Noticing {
  registration: {
    scope: string;
    showNotification(title: string, options: object): Promise<void>;
    pushManager: { subscribe(options: object): Promise<PushSubscription> };
  };
  clients: { matchAll(options: object): Promise<Window[]>; openWindow(url: string): Promise<unknown> };
}

const UNREADABLE: Notice = { title: "新通知 · New notice", text: "", go: "", tag: "lowcode" };

/** What a message holds; one that cannot be read is shown all the same: a browser takes the right away from who shows none. */
function read(data: { json(): unknown } | null): Notice {
  try {
    const found = (data?.json() ?? {}) as Partial<Notice>;
    return typeof found.title === "string" && found.title !== "" ? { ...UNREADABLE, ...found } : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

export function show(worker: Noticing, data: { json(): unknown } | null): Promise<void> {
  const { title, text, go, tag } = read(data);
  const icon = new URL("icon-192.png", worker.registration.scope).href;
  return worker.registration.showNotification(title, { body: text, tag, renotify: true, icon, badge: icon, data: { go } });
}

/** To what a notice is about: in a window of the page that is there, which asks before it leaves what is being filled in; else in a new one. */
export async function open(worker: Noticing, data: { go?: unknown } | undefined): Promise<void> {
  const { scope } = worker.registration;
  const go = typeof data?.go === "string" && data.go.startsWith("#/") ? data.go : "";
  const windows = (await worker.clients.matchAll({ type: "window", includeUncontrolled: true })).filter((each) => each.url.split("#")[0]!.replace(/index\.html$/, "") === scope);
  const there = windows.find((each) => each.visibilityState === "visible") ?? windows[0];
  if (!there) return void (await worker.clients.openWindow(scope + go));
  await there.focus().catch(() => undefined);
  if (go) there.postMessage({ lowcode: "go", go });
}

interface Known {
  key: string | null;
  items: { this: boolean; key: string }[];
}

/** The browser changed what it subscribed with: the server is told, if whoever is signed in had subscribed. */
export async function renew(worker: Noticing, before: PushSubscription | null | undefined, after: PushSubscription | null | undefined): Promise<void> {
  if (!before) return;
  const at = (path: string) => new URL(path, worker.registration.scope);
  const session = await fetch(at("api/session"), { credentials: "same-origin" });
  if (!session.ok) return;
  const { token } = (await session.json()) as { token: string };
  const send = (method: string, path: string, body: object) =>
    fetch(at(path), { method, credentials: "same-origin", headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, body: JSON.stringify(body) });
  const asked = await send("POST", "api/operations/push.devices", { endpoint: before.endpoint });
  if (!asked.ok) return;
  const known = (await asked.json()) as Known;
  const mine = known.items.find((each) => each.this);
  if (!mine || known.key === null) return;
  const fresh = after ?? (await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: known.key }));
  const { endpoint, keys } = fresh.toJSON();
  await send("PUT", "api/push/subscription", { endpoint, keys, server_key: after ? mine.key : known.key, former: before.endpoint, resumed: true });
}
