import { hereabouts, type Client } from "@lowcode/protocol";

/** Who is told in this browser: they pressed the button and did not sign out since. Beside it stands what the browser
 * subscribed with then and which notices it shows, as the server forgets both with the session. */
const MARK = hereabouts("lowcode.push");

interface Mark {
  actor: number;
  endpoint: string;
  notices?: Device["notices"];
}

function marked(): Mark | null {
  try {
    const found = JSON.parse(localStorage.getItem(MARK) ?? "null") as Partial<Mark> | null;
    return typeof found?.actor === "number" && typeof found.endpoint === "string" ? (found as Mark) : null;
  } catch {
    return null;
  }
}

/** Keep which notices this browser shows, for when it goes on after a new sign-in. */
export function keepChoice(notices: Device["notices"]): void {
  const mark = marked();
  if (mark && mark.notices !== notices) localStorage.setItem(MARK, JSON.stringify({ ...mark, notices }));
}

export interface Device {
  id: number;
  device: string;
  notices: "all" | "chosen";
  created_at: string;
  reached_at: string | null;
  this: boolean;
  key: string;
}

export interface Devices {
  /** What a browser subscribes with; null with a `reason`. */
  key: string | null;
  reason: string | null;
  items: Device[];
  most: number;
  /** The person removed this browser, here or elsewhere: only a press adds it again. */
  let_go: boolean;
}

/** Why this browser shows no notices, if that is so. */
export type Hindrance = "pushInsecure" | "pushHome" | "pushUnsupported" | "pushDenied";

export function hindrance(): Hindrance | undefined {
  if (!window.isSecureContext) return "pushInsecure";
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return Notification.permission === "denied" ? "pushDenied" : undefined;
  const touched = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  return touched && !window.matchMedia("(display-mode: standalone)").matches ? "pushHome" : "pushUnsupported";
}

const encoded = (buffer: ArrayBuffer | null | undefined): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** What the browser subscribed with here, without asking anybody. */
async function subscribed(): Promise<PushSubscription | null> {
  if (hindrance() === "pushUnsupported" || !("serviceWorker" in navigator)) return null;
  const registration = await navigator.serviceWorker.getRegistration("./");
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

export const endpointHere = async (): Promise<string> => (await subscribed().catch(() => null))?.endpoint ?? "";

/** Subscribe with the key of the app, anew where it is another one, and tell the server. */
async function tell(client: Client, actor: number, key: string, before?: Mark): Promise<void> {
  await navigator.serviceWorker.register("./service.js", { scope: "./" });
  const { pushManager } = await navigator.serviceWorker.ready;
  let found = await pushManager.getSubscription();
  if (found && encoded(found.options.applicationServerKey) !== key) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = found.toJSON();
  const notices = before?.notices;
  const resumed = before && { resumed: true, notices, former: before.endpoint };
  await client.subscribe({ endpoint: endpoint!, keys: keys!, server_key: key, ...resumed });
  localStorage.setItem(MARK, JSON.stringify({ actor, endpoint, notices } satisfies Partial<Mark>));
}

/** The person pressed the button: the browser asks them, and what comes of it is said. */
export async function receive(client: Client, actor: number, key: string): Promise<"on" | "denied" | "dismissed"> {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return permission === "denied" ? "denied" : "dismissed";
  await tell(client, actor, key);
  return "on";
}

/** Nothing is shown in this browser any more. */
export async function silence(): Promise<void> {
  localStorage.removeItem(MARK);
  await subscribed()
    .then((found) => found?.unsubscribe())
    .catch(() => undefined);
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration("./").catch(() => undefined);
  for (const each of (await registration?.getNotifications?.().catch(() => [])) ?? []) each.close();
}

/** When somebody begins to work here: they are told again where their last session only ran out, and nobody else is. */
export async function goOn(client: Client, actor: number): Promise<void> {
  const found = await subscribed();
  const mark = marked();
  const theirs = mark?.actor === actor ? mark : null;
  if (!found) return theirs && Notification.permission === "granted" ? resume(client, theirs, theirs.endpoint, true) : undefined;
  if (theirs) return resume(client, theirs, found.endpoint, false);
  const { mine } = await client.run<{ mine: boolean }>("push.release", { endpoint: found.endpoint });
  if (!mine) await silence();
}

async function resume(client: Client, mark: Mark, endpoint: string, lost: boolean): Promise<void> {
  const known = await client.run<Devices>("push.devices", { endpoint });
  if (known.let_go) return silence();
  const here = known.items.find((each) => each.this);
  if (here) keepChoice(here.notices);
  if (known.key === null || (here && !lost && here.key === known.key)) return;
  await tell(client, mark.actor, known.key, { ...mark, endpoint, notices: here?.notices ?? mark.notices });
}
