import { hereabouts, type Client } from "@lowcode/protocol";

/** Who is told in this browser: they pressed the button and did not sign out since. */
const MARK = hereabouts("lowcode.push");

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
async function tell(client: Client, actor: number, key: string): Promise<void> {
  await navigator.serviceWorker.register("./service.js", { scope: "./" });
  const { pushManager } = await navigator.serviceWorker.ready;
  let found = await pushManager.getSubscription();
  if (found && encoded(found.options.applicationServerKey) !== key) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = found.toJSON();
  await client.subscribe({ endpoint: endpoint!, keys: keys!, server_key: key });
  localStorage.setItem(MARK, String(actor));
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
  const marked = localStorage.getItem(MARK) === String(actor);
  if (!found) return marked && Notification.permission === "granted" ? resume(client, actor, "") : undefined;
  if (marked) return resume(client, actor, found.endpoint);
  const { mine } = await client.run<{ mine: boolean }>("push.release", { endpoint: found.endpoint });
  if (!mine) await silence();
}

async function resume(client: Client, actor: number, endpoint: string): Promise<void> {
  const known = await client.run<Devices>("push.devices", { endpoint });
  if (known.key === null || known.items.some((each) => each.this && each.key === known.key)) return;
  await tell(client, actor, known.key);
}
