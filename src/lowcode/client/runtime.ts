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

  /** One request below `api/`. Throws Refused. */
  async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${this.url.replace(/\/$/, "")}/api/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        Accept: "application/json",
        "Accept-Language": this.language,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
      let found: unknown;
      try {
        found = JSON.parse(text);
      } catch {
        found = undefined;
      }
      throw new Refused(answer.status, typeof found === "object" && found !== null ? found : { detail: text.slice(0, 500) });
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

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
  upsert(by: string, value: string | number, values: V): Promise<R> {
    return this.client.call("PUT", `${this.path}/by/${encodeURIComponent(by)}/${encodeURIComponent(value)}`, values);
  }
  delete(id: number, version?: number): Promise<void> {
    return this.client.call("DELETE", `${this.path}/${id}`, undefined, version === undefined ? {} : { "If-Match": `"${version}"` });
  }
}
