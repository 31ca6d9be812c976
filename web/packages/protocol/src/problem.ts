import type { StoredRecord } from "./values";

/** What a program says of a value goes on in a sentence of another ("quantity: this is no number"), and begins small;
 * where it stands by itself it is a sentence. Names of fields and values are left as they are. */
export const sentence = (words: string): string => words.replace(/^[a-z]+(?=[\s,;:])/, (first) => first[0]!.toUpperCase() + first.slice(1));

export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
  values?: Record<string, unknown>;
}

/** A refusal of the server (RFC 9457), or its absence: status 0 means that it could not be reached, or that something else
 * answered for it. What stands before it (a proxy) refuses without words: `detail` is blank. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    readonly current: StoredRecord | null = null,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
    this.name = "Problem";
  }

  get conflict(): boolean {
    return this.status === 409 || this.status === 412;
  }

  /** The words that belong to the whole rather than to one field. */
  get general(): string {
    const whole = this.errors.filter((each) => each.pointer === "" || each.pointer === "/").map((each) => each.detail);
    return whole.length > 0 ? whole.join("\n") : this.detail;
  }

  static async from(response: Response): Promise<Problem> {
    let body: Record<string, unknown> = {};
    try {
      const read: unknown = await response.json();
      if (typeof read === "object" && read !== null) body = read as Record<string, unknown>;
    } catch {
      body = {};
    }
    const detail = body["detail"] ?? body["title"] ?? "";
    const errors = (body["errors"] as FieldProblem[] | undefined) ?? [];
    return new Problem(
      response.status,
      (body["code"] as string | undefined) ?? `http.${response.status}`,
      typeof detail === "string" ? sentence(detail) : JSON.stringify(detail),
      errors.map((each) => ({ ...each, detail: sentence(each.detail) })),
      (body["current"] as StoredRecord | undefined) ?? null,
      body,
    );
  }
}
