/** Keeps the page's own files on the device, so that it opens without a network. Answers of the server it leaves alone. */
interface Working {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void;
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
