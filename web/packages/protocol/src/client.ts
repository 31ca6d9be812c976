import type { Application, DemoPerson, Session } from "./application";
import { Problem } from "./problem";
import type { ImportAnswer } from "./work";
import type { RecordPage, StoredFile, StoredRecord, Values } from "./values";

export interface ListOptions {
  view?: string;
  where?: string;
  search?: string;
  sort?: string;
  fields?: string;
  limit?: number;
  after?: string;
  /** Rows that are passed over, after the cursor if there is one. */
  skip?: number;
  /** `true`: no further than the server counts at once. */
  count?: boolean | "whole";
  sum?: string;
}

export interface Asked {
  signal?: AbortSignal;
}

export interface MadeFile {
  content: Blob;
  name: string;
  rows: number;
}

const ROOT = "api/";

/** An address below the place where the page stands, with the parameters that are not blank. */
export function address(path: string, parameters: object = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== null && value !== "" && value !== false) query.set(name, String(value));
  const text = query.toString();
  return ROOT + path + (text === "" ? "" : `?${text}`);
}

/** Where somebody comes in; what is asked here waits for nobody. */
const DOOR = `${ROOT}session`;

/** A session that ended while somebody worked: whose it was, and what waits for them to sign in again. */
interface Ended {
  actor: number | undefined;
  back: Promise<boolean>;
  settle: (same: boolean) => void;
}

/** The one way from the page to the server. When the session ends, what was asked waits until the same person has signed
 * in again, and is then asked once more; it was not done. Somebody else does nothing in their name. */
export class Client {
  token = "";
  locale = "zh-CN";
  /** The session ended, or is somebody else's now. */
  onSignedOut: () => void = () => {};
  /** Who is signed in. */
  private actor: number | undefined;
  /** Who is believed to be signed in by a page that opened without a network. */
  private believed: number | undefined;
  private asking: Promise<void> | undefined;
  private ended: Ended | undefined;

  /** Go on as somebody whose session the server could not be asked for: it is, before the first request that needs its token. */
  believe(actor: number): void {
    this.actor = this.believed = actor;
  }

  /** The token of the session that is believed in, asked for once for all that wait for it. */
  private confirmed(): Promise<void> {
    this.asking ??= this.session()
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!(error instanceof Problem) || error.status !== 401) throw error;
      })
      .finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** The session is over. What is asked from now on waits. */
  private end(): void {
    this.token = "";
    this.believed = undefined;
    if (this.ended) return;
    let settle: Ended["settle"] = () => {};
    const back = new Promise<boolean>((resolve) => (settle = resolve));
    this.ended = { actor: this.actor, back, settle };
    this.onSignedOut();
  }

  /** Somebody signed in, or nobody is to: what waits goes on, or is refused. */
  private settled(actor: number | undefined): void {
    const ended = this.ended;
    this.actor = actor;
    this.ended = undefined;
    ended?.settle(actor !== undefined && actor === ended.actor);
  }

  /** Until who is signed in may ask. Raises the refusal when that is somebody else. */
  private async inside(method: string, asked: Asked): Promise<void> {
    if (method !== "GET" && this.token === "" && this.believed !== undefined) await this.confirmed();
    if (!this.ended) return;
    asked.signal?.throwIfAborted();
    const { back } = this.ended;
    const stopped = new Promise<never>((_, stop) => asked.signal?.addEventListener("abort", () => stop(new DOMException("", "AbortError")), { once: true }));
    if (!(await Promise.race([back, stopped]))) throw new Problem(401, "page.another-person", "");
  }

  private async send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}, asked: Asked = {}, again = false): Promise<Response> {
    const door = url.startsWith(DOOR);
    if (!door) await this.inside(method, asked);
    const { token } = this;
    const known = token !== "" || this.believed !== undefined;
    const all: Record<string, string> = { Accept: "application/json", "Accept-Language": this.locale, ...headers };
    if (method !== "GET" && token !== "") all["X-CSRF-Token"] = token;
    const form = body instanceof FormData;
    if (body !== undefined && !form) all["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: all,
        credentials: "same-origin",
        body: body === undefined ? undefined : form ? body : JSON.stringify(body),
        signal: asked.signal,
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Problem(0, "page.unreachable", "");
    }
    if (response.ok) return response;
    const problem = await Problem.from(response);
    const over = response.status === 401 && known;
    // Signed in anew in another tab: the secret is another one.
    const older = problem.code === "http.csrf" && known;
    if (over && (this.token === token || this.token === "")) this.end();
    if (older && this.token === token) [this.token, this.believed] = ["", this.actor];
    if (door || again || !(over || older)) throw problem;
    return this.send(method, url, body, headers, asked, true);
  }

  private async json<Answer>(method: string, url: string, body?: unknown, headers?: Record<string, string>, asked?: Asked): Promise<Answer> {
    const response = await this.send(method, url, body, headers, asked);
    try {
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Problem(0, error instanceof SyntaxError ? "page.unreadable" : "page.broken-off", "");
    }
  }

  /** `anyone`: the page becomes theirs, whoever it is. Else it goes on as the person it is known to be; the session of
   * somebody else, who signed in on this device meanwhile, is the end of theirs. */
  private async started(answer: Promise<Session>, anyone = false): Promise<Session> {
    const session = await answer;
    if (!anyone && this.actor !== undefined && this.actor !== session.actor.id) {
      this.end();
      return session;
    }
    this.believed = undefined;
    this.token = session.token;
    this.locale = session.locale;
    this.settled(session.actor.id);
    return session;
  }

  /** The session that the page goes on with. */
  session = () => this.started(this.json<Session>("GET", address("session")));
  /** Who is signed in now; the page becomes theirs. */
  look = () => this.started(this.json<Session>("GET", address("session")), true);
  signIn = (login: string, password?: string) => this.started(this.json<Session>("POST", address("session"), { login, password }), true);
  /** The session of who sets a second factor up another time, as long as they may. */
  putOffCode = () => this.started(this.json<Session>("POST", address("session/code"), { later: true }), true);
  showCode = (code: string, remember: boolean) => this.started(this.json<Session>("POST", address("session/code"), { code, remember }), true);
  setUpFactor = (password: string, code: string) => this.json<{ secret: string; picture: string }>("POST", address("session/factor"), { password, code });
  /** A letter with a link to whoever is called so, if anybody is. */
  askPasswordLink = (name: string) => this.json<undefined>("POST", address("session/letter"), { name });
  usePasswordLink = (token: string, password: string) => this.json<{ login: string }>("POST", address("session/password"), { token, new: password });
  speak = (locale: string) => this.started(this.json<Session>("PATCH", address("session"), { locale }));
  demoPeople = () => this.json<{ items: DemoPerson[] }>("GET", address("session/people"));
  application = () => this.json<Application>("GET", address("app"));

  /** Ends the session; the answer says where it ends at the service it was begun by, if anywhere. */
  async signOut(): Promise<string | undefined> {
    const answer = await this.json<{ go: string } | undefined>("DELETE", address("session"));
    this.leave();
    return answer?.go;
  }

  /** Nobody is signed in here any more, by their own wish. */
  leave(): void {
    this.token = "";
    this.believed = undefined;
    this.settled(undefined);
  }

  /** Where the browser goes to sign in by another service, and which place it comes back to. */
  signInAddress = (method: string, to: string) => address(`sign-in/${encodeURIComponent(method)}`, { to });

  list = (form: string, options: ListOptions = {}, asked?: Asked) =>
    this.json<RecordPage>("GET", address(`records/${form}`, options), undefined, undefined, asked);
  get = (form: string, id: number, fields?: string) => this.json<StoredRecord>("GET", address(`records/${form}/${id}`, { fields }));
  /** `key`: sent again with the same one, it still makes one record. */
  create = (form: string, values: Values, key?: string) => this.json<StoredRecord>("POST", address(`records/${form}`), values, key ? { "Idempotency-Key": key } : undefined);
  /** `key`: sent again with the same one, it is done once. */
  update = (form: string, id: number, version: number, values: Values, key?: string) =>
    this.json<StoredRecord>("PATCH", address(`records/${form}/${id}`), values, { "If-Match": `"${version}"`, ...(key ? { "Idempotency-Key": key } : {}) });
  remove = (form: string, id: number, version: number) =>
    this.json<void>("DELETE", address(`records/${form}/${id}`), undefined, { "If-Match": `"${version}"` });
  related = <Item>(form: string, id: number, what: "history" | "timeline", options: { limit?: number; after?: string } = {}) =>
    this.json<{ items: Item[]; next: string | null }>("GET", address(`records/${form}/${id}/${what}`, options));

  run = <Answer>(operation: string, parameters: object = {}, asked?: Asked) =>
    this.json<Answer>("POST", address(`operations/${operation}`), parameters, undefined, asked);

  /** This browser shows the notices of whoever is signed in, as long as their session lasts. */
  subscribe = (subscription: { endpoint: string; keys: Record<string, string>; server_key: string; former?: string; notices?: "all" | "chosen"; resumed?: boolean }) =>
    this.json<{ id: number }>("PUT", address("push/subscription"), subscription);

  upload(file: File): Promise<StoredFile> {
    const data = new FormData();
    data.append("file", file, file.name);
    return this.json<StoredFile>("POST", address("files"), data);
  }

  /** What is in a file, or how it begins: no more than `most` bytes. */
  async contents(file: Pick<StoredFile, "id" | "size">, most?: number, asked?: Asked): Promise<ArrayBuffer> {
    const begins: Record<string, string> = most !== undefined && file.size > most ? { Range: `bytes=0-${most - 1}` } : {};
    return (await this.send("GET", address(`files/${file.id}`, { download: true }), undefined, { Accept: "*/*", ...begins }, asked)).arrayBuffer();
  }

  load(form: string, file: File, options: { dry_run: boolean; mapping?: object; duplicates?: string; keys?: string[]; on_error?: string; fixes?: object; header_row?: number }): Promise<ImportAnswer> {
    const data = new FormData();
    data.append("file", file, file.name);
    data.append("dry_run", String(options.dry_run));
    if (options.mapping) data.append("mapping", JSON.stringify(options.mapping));
    if (options.duplicates) data.append("duplicates", options.duplicates);
    if (options.on_error) data.append("on_error", options.on_error);
    if (options.keys?.length) data.append("keys", options.keys.join(","));
    if (options.header_row) data.append("header_row", String(options.header_row));
    if (options.fixes) data.append("fixes", JSON.stringify(options.fixes));
    return this.json<ImportAnswer>("POST", address(`import/${form}`), data);
  }

  /** A file that the server makes while it is sent; `told` hears how much of it is there: a share, and of how many records. */
  async made(url: string, told: (share: number, rows: number) => void, asked?: Asked): Promise<MadeFile> {
    const response = await this.send("GET", url, undefined, { Accept: "*/*" }, asked);
    const size = Number(response.headers.get("Lowcode-Size")) || 1;
    const rows = Number(response.headers.get("Lowcode-Rows")) || 0;
    const reader = response.body!.getReader();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let got = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      got += value.length;
      told(Math.min(0.99, got / size), rows);
    }
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "");
    return { content: new Blob(pieces, { type: response.headers.get("Content-Type") ?? "" }), name: named ? decodeURIComponent(named[1]!) : "export", rows };
  }

  /** The words of a paper; a pdf is opened by its address instead. */
  paper = async (template: string, id: number, language: string) =>
    (await this.send("GET", address(`print/${template}/${id}`, { format: "html", language }), undefined, { Accept: "text/html" })).text();
}
