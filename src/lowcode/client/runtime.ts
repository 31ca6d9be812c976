/** One thing that is wrong: `pointer` is its place in what was sent, `code` stays the same over languages. */
export interface Problem {
  pointer: string;
  code: string;
  detail: string;
}

/** The server refused a request (RFC 9457). With status 412 `body.current` is the record as it is now. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: { code?: string; detail?: string; title?: string; errors?: Problem[]; current?: unknown },
  ) {
    super((body.errors ?? []).map((each) => `${each.pointer || "/"}: ${each.detail} [${each.code}]`).join("; ") || `${status} ${body.detail ?? body.title ?? ""}`);
  }
  get problems(): Problem[] {
    return this.body.errors ?? [];
  }
}

export interface Page<R> {
  items: R[];
  next: string | null;
  count?: { value: number; capped: boolean };
  sums?: Record<string, string | null>;
}

/** What became of one item of `bulk`: created, updated or deleted; with `problems` nothing. */
export interface Done {
  done?: "created" | "updated" | "deleted";
  id?: number | null;
  version?: number | null;
  problems?: Problem[];
}

export interface Item<V> {
  do: "create" | "update" | "upsert" | "delete";
  id?: number;
  by?: string;
  version?: number;
  values?: V;
}

export interface Group {
  values: Record<string, unknown>;
  count: number;
  sum?: Record<string, string | null>;
  average?: Record<string, string | null>;
}

export interface Summed {
  sum?: string[];
  average?: string[];
  where?: string;
  search?: string;
}

export interface Asked {
  where?: string;
  filter?: object;
  search?: string;
  view?: string;
  sort?: string;
  fields?: string[];
  expand?: string[];
  limit?: number;
  after?: string;
  count?: boolean;
  sum?: string[];
}

/** The API of an app, as the person a key stands for. */
export class Client {
  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly language = "en",
  ) {}

  /** Ask an operation, such as `flows.start`. Throws Refused. */
  ask<T = unknown>(operation: string, parameters: object = {}): Promise<T> {
    return this.call<T>("POST", `operations/${encodeURIComponent(operation)}`, parameters);
  }

  /** Send a file; its `id` is what fields with files take. */
  async upload(name: string, content: Blob): Promise<{ id: number; name: string; size: number; type: string }> {
    const form = new FormData();
    form.set("file", content, name);
    return (await this.send("POST", "files", form)).json() as Promise<{ id: number; name: string; size: number; type: string }>;
  }
  /** The content of a file. */
  async download(file: number): Promise<Blob> {
    return (await this.send("GET", `files/${file}`)).blob();
  }
  /** A printed document. */
  async paper(template: string, record: number, format = "pdf", language?: string): Promise<Blob> {
    const query = new URLSearchParams({ format, ...(language === undefined ? {} : { language }) });
    return (await this.send("GET", `print/${encodeURIComponent(template)}/${record}?${query.toString()}`)).blob();
  }
  /** One request below `api/`. Throws Refused. */
  async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const written = body === undefined ? {} : { "Content-Type": "application/json" };
    const answer = await this.send(method, path, body === undefined ? null : JSON.stringify(body), { ...written, ...headers });
    const text = await answer.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
  /** What the server answers. What it asks to put off is sent again, where sent twice is done once. */
  private async send(method: string, path: string, body: BodyInit | null = null, headers: Record<string, string> = {}): Promise<Response> {
    const known = { Authorization: `Bearer ${this.key}`, Accept: "application/json", "Accept-Language": this.language };
    const once = method === "GET" || method === "DELETE" || "Idempotency-Key" in headers || "If-Match" in headers;
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(`${this.url.replace(/\/$/, "")}/api/${path}`, { method, body, headers: { ...known, ...headers } });
      if (answer.ok) return answer;
      const told = answer.headers.get("retry-after") ?? "";
      const seconds = /^\d+$/.test(told) ? Number(told) : 1; // a proxy may say a moment
      const again = answer.status === 429 || (once && PUT_OFF.includes(answer.status));
      if (again && attempt < ATTEMPTS && seconds <= LONGEST) {
        await new Promise((done) => setTimeout(done, 1000 * seconds));
        continue;
      }
      const text = await answer.text();
      let found: unknown;
      try {
        found = JSON.parse(text);
      } catch {
        found = undefined;
      }
      throw new Refused(answer.status, typeof found === "object" && found !== null ? found : { detail: text.slice(0, 500) });
    }
  }
}

/** So often a request is sent, and so many seconds at most are waited before it is sent again. */
const ATTEMPTS = 4;
const LONGEST = 60;
const PUT_OFF = [502, 503, 504];

/** The records of a form: decimals and days as text, links read as `{id, label}` and written as ids. */
export class Form<R, V> {
  private readonly path: string;
  constructor(
    private readonly client: Client,
    name: string,
  ) {
    this.path = `records/${encodeURIComponent(name)}`;
  }
  get(id: number): Promise<R> {
    return this.client.call("GET", `${this.path}/${id}`);
  }
  list(asked: Asked = {}): Promise<Page<R>> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(asked)) {
      if (value === undefined || value === false) continue;
      query.set(name, Array.isArray(value) ? value.join(",") : typeof value === "object" ? JSON.stringify(value) : String(value));
    }
    const text = query.toString();
    return this.client.call("GET", text ? `${this.path}?${text}` : this.path);
  }
  /** All of them, a page at a time. */
  async *each(asked: Asked = {}): AsyncGenerator<R> {
    let after = asked.after;
    for (;;) {
      const page: Page<R> = await this.list({ limit: 200, ...asked, ...(after === undefined ? {} : { after }) });
      yield* page.items;
      if (page.next === null) return;
      after = page.next;
    }
  }
  /** Make a record; the same `once` sent twice makes one. */
  create(values: V, once: string = crypto.randomUUID()): Promise<R> {
    return this.client.call("POST", this.path, values, { "Idempotency-Key": once });
  }
  /** Change a record; with `version` only if nobody else did since. */
  update(id: number, values: V, version?: number): Promise<R> {
    return this.client.call("PATCH", `${this.path}/${id}`, values, version === undefined ? {} : { "If-Match": `"${version}"` });
  }
  /** Change the record that has this value in a unique field, or make it. */
  upsert(by: string, value: string | number, values: V, once: string = crypto.randomUUID()): Promise<R> {
    return this.client.call("PUT", `${this.path}/by/${encodeURIComponent(by)}/${encodeURIComponent(value)}`, values, { "Idempotency-Key": once });
  }
  delete(id: number, version?: number): Promise<void> {
    return this.client.call("DELETE", `${this.path}/${id}`, undefined, version === undefined ? {} : { "If-Match": `"${version}"` });
  }
  /** Up to a thousand at once, each for itself, or all or none. Throws Refused when none was done. */
  async bulk(items: Item<V>[], together = false, once: string = crypto.randomUUID()): Promise<Done[]> {
    const sent = together ? { items, together } : { items };
    return (await this.client.call<{ items: Done[] }>("POST", `${this.path}/bulk`, sent, { "Idempotency-Key": once })).items;
  }
  /** How many there are by the values of some fields, the largest groups first. */
  async aggregate(group: string[] = [], { sum = [], average = [], where, search }: Summed = {}): Promise<Group[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ group: group.join(","), sum: sum.join(","), average: average.join(","), where, search })) if (value) query.set(name, value);
    const text = query.toString();
    return (await this.client.call<{ items: Group[] }>("GET", `${this.path}/aggregate${text ? `?${text}` : ""}`)).items;
  }
  /** What changed in a record, the newest first. */
  async history(id: number): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: { items: Record<string, unknown>[]; next: string | null } = await this.client.call("GET", `${this.path}/${id}/history${after ? `?after=${encodeURIComponent(after)}` : ""}`);
      found.push(...page.items);
      after = page.next;
    }
    return found;
  }
}
