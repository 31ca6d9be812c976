import { open, renew, show, type Noticing } from "./notices";

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

/** Keeps the page's own files on the device, so that it opens without a network, and shows notices while no page is open.
 * Answers of the server it leaves alone. */
interface Working extends Noticing {
  clients: Noticing["clients"] & { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "push", listener: (event: Lasting & { data: { json(): unknown } | null }) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Lasting & { notification: { data?: { go?: unknown }; close(): void } }) => void): void;
  addEventListener(type: "pushsubscriptionchange", listener: (event: Lasting & { oldSubscription?: PushSubscription | null; newSubscription?: PushSubscription | null }) => void): void;
  addEventListener(type: "fetch", listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
}

const worker = self as unknown as Working;
/** Written by the build: what the page consists of, and a name for just that. */
const FILES: string[] = JSON.parse("__FILES__") as string[];
const SHELL = "lowcode-shell-__BUILD__";
/** What of the app is for whoever is signed in; emptied when they sign out. */
const PRIVATE = "lowcode-private";
const scope = new URL(worker.registration.scope);

worker.addEventListener("install", (event) => {
  const keep = async () => {
    const shell = await caches.open(SHELL);
    await shell.addAll(["./", ...FILES].map((name) => new Request(new URL(name, scope), { cache: "reload" })));
  };
  event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
  const clear = async () => {
    for (const name of await caches.keys()) if (name.startsWith("lowcode-shell-") && name !== SHELL) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(clear());
});

/** The page itself: as the server has it, and as it was when the server cannot be reached. */
async function page(request: Request): Promise<Response> {
  const shell = await caches.open(SHELL);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await shell.put("./", fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await shell.match("./");
    if (kept) return kept;
    throw error;
  }
}

/** A file whose name changes with its content. */
async function lasting(request: Request, cache: string): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(cache)).put(request, fresh.clone());
  return fresh;
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const path = url.pathname.slice(scope.pathname.length);
  if (request.mode === "navigate" && (path === "" || path === "index.html")) event.respondWith(page(request));
  else if (path.startsWith("assets/")) event.respondWith(lasting(request, SHELL));
  else if (path === "icon.svg") event.respondWith(lasting(request, SHELL));
  else if (path === "api/app/expressions.js" && url.searchParams.has("v")) event.respondWith(lasting(request, PRIVATE));
});

worker.addEventListener("push", (event) => event.waitUntil(show(worker, event.data)));

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(worker, event.notification.data));
});

worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(worker, event.oldSubscription, event.newSubscription)));
