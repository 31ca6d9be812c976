import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client } from "../src";

interface Sent {
  method: string;
  path: string;
  token: string | undefined;
}

let sent: Sent[];
let online: boolean;
/** Whom the server knows by the cookie. */
let inside: number | null;
let asked: Array<() => void>;
let held: boolean;
/** What a session that was begun anew has another of. */
let generation: string;

/** As the server does: who writes within a session shows its token. */
async function server(path: string, { method, headers }: { method: string; headers: Record<string, string> }): Promise<Response> {
  if (!online) throw new TypeError("Failed to fetch");
  sent.push({ method, path, token: headers["X-CSRF-Token"] });
  if (held && path === "api/session" && method === "GET") await new Promise<void>((go) => asked.push(go));
  if (path === "api/session" && method === "POST") inside = 7;
  else if (inside === null) return Response.json({ detail: "nobody" }, { status: 401 });
  else if (method !== "GET" && headers["X-CSRF-Token"] !== `token-${inside}${generation}`) return Response.json({ code: "http.csrf" }, { status: 403 });
  return Response.json(path === "api/session" ? { token: `token-${inside}${generation}`, locale: "en", actor: { id: inside } } : {});
}

beforeEach(() => {
  sent = [];
  asked = [];
  [online, inside, held, generation] = [true, 7, false, ""];
  vi.stubGlobal("fetch", vi.fn(server));
});
afterEach(() => vi.unstubAllGlobals());

/** A page that opened without a network, as person 7. */
function away(): { client: Client; lost: () => number } {
  const client = new Client();
  let count = 0;
  client.onSignedOut = () => void (count += 1);
  client.believe(7);
  return { client, lost: () => count };
}

test("what is asked when the network comes back waits for the session, which is asked for once", async () => {
  const { client } = away();
  held = true;
  const answers = Promise.all([client.run("tasks.count"), client.create("lead", {}), client.list("lead")]);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]!();
  await answers;
  expect(sent.map(({ method, path }) => [method, path])).toEqual([
    ["GET", "api/session"],
    ["GET", "api/records/lead"],
    ["POST", "api/operations/tasks.count"],
    ["POST", "api/records/lead"],
  ]);
  expect(sent.filter((each) => each.method === "POST").map((each) => each.token)).toEqual(["token-7", "token-7"]);
  sent = [];
  await client.run("tasks.count");
  expect(sent.map((each) => each.method)).toEqual(["POST"]);
});

test("without a network it is asked for again the next time", async () => {
  const { client, lost } = away();
  online = false;
  await expect(client.run("tasks.count")).rejects.toMatchObject({ status: 0, code: "page.unreachable" });
  online = true;
  await client.run("tasks.count");
  expect(sent.map((each) => each.method)).toEqual(["GET", "POST"]);
  expect(lost()).toBe(0);
});

/** A page whose person has a session. */
async function here(): Promise<{ client: Client; lost: () => number }> {
  const { client, lost } = away();
  await client.signIn("li.na");
  sent = [];
  return { client, lost };
}

const words = (): string[] => sent.map(({ method, path, token }) => [method, path, token].filter(Boolean).join(" "));

test("what is asked when the session has ended waits for the same person, and is asked once more", async () => {
  const { client, lost } = await here();
  inside = null;
  const answers = Promise.all([client.create("lead", {}), client.list("lead")]);
  await vi.waitFor(() => expect(lost()).toBe(1));
  const later = client.run("tasks.count");
  await client.signIn("li.na");
  await Promise.all([answers, later]);
  expect(lost()).toBe(1);
  expect(words().slice(2)).toEqual(["POST api/session", "POST api/records/lead token-7", "GET api/records/lead", "POST api/operations/tasks.count token-7"]);
});

test("nothing is asked in the name of whoever signs in instead", async () => {
  const { client, lost } = await here();
  inside = null;
  const answer = expect(client.create("lead", {})).rejects.toMatchObject({ status: 401 });
  await vi.waitFor(() => expect(lost()).toBe(1));
  inside = 8;
  await client.look();
  await answer;
  expect(words()).toEqual(["POST api/records/lead token-7", "GET api/session"]);
  await client.create("lead", {});
  expect(words().at(-1)).toBe("POST api/records/lead token-8");
});

test.each([
  ["a session that held", false],
  ["a session that had ended", true],
])("who signs in instead after %s is not taken for the person of the page until the page is theirs", async (_, over) => {
  const { client, lost } = await here();
  if (over) {
    inside = null;
    await client.session().catch(() => undefined);
  }
  inside = 8;
  await client.session();
  const answer = expect(client.create("lead", {})).rejects.toMatchObject({ status: 401, code: "page.another-person" });
  expect([client.token, lost()]).toEqual(["", 1]);
  await client.look();
  await answer;
  expect(words().filter((each) => each.startsWith("POST"))).toEqual([]);
  await client.create("lead", {});
  expect([words().at(-1), lost()]).toEqual(["POST api/records/lead token-8", 1]);
});

test("a file is looked at by the same way: it waits for the same person, and only its beginning is asked for", async () => {
  const { client, lost } = await here();
  inside = null;
  const contents = client.contents({ id: "4", size: 900 }, 200);
  await vi.waitFor(() => expect(lost()).toBe(1));
  await client.signIn("li.na");
  expect((await contents).byteLength).toBe(2);
  await client.contents({ id: "4", size: 200 }, 200);
  const asks = vi.mocked(fetch).mock.calls.filter(([path]) => path === "api/files/4?download=true");
  expect(asks.map(([, init]) => (init?.headers as Record<string, string>)["Range"])).toEqual(["bytes=0-199", "bytes=0-199", undefined]);
});

test("what nobody waits for any more is not asked", async () => {
  const { client, lost } = await here();
  inside = null;
  const stop = new AbortController();
  const answer = expect(client.list("lead", {}, { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(lost()).toBe(1));
  stop.abort();
  await answer;
});

test("who signed in anew in another tab goes on with the secret of that session", async () => {
  const { client, lost } = await here();
  generation = "b";
  await client.create("lead", {});
  expect(words()).toEqual(["POST api/records/lead token-7", "GET api/session", "POST api/records/lead token-7b"]);
  expect(lost()).toBe(0);
});

test.each([
  ["a session that ended", null],
  ["somebody else's", 8],
])("%s is not gone on with, and what was asked waits", async (_, found) => {
  const { client, lost } = away();
  inside = found;
  const answers = Promise.all([client.run("tasks.count"), client.run("tasks.count")]);
  await vi.waitFor(() => expect(lost()).toBe(1));
  expect([words(), client.token]).toEqual([["GET api/session"], ""]);
  inside = 7;
  await client.session();
  await answers;
  expect(words().slice(2)).toEqual(Array(2).fill("POST api/operations/tasks.count token-7"));
});

test("signing in shows no token, before a session and after one that ended", async () => {
  const client = new Client();
  inside = null;
  await client.signIn("li.na");
  expect(sent).toEqual([{ method: "POST", path: "api/session", token: undefined }]);
  const { client: back, lost } = away();
  inside = null;
  const answer = back.run("tasks.count");
  await vi.waitFor(() => expect(lost()).toBe(1));
  await back.signIn("li.na");
  expect(sent.findLast((each) => each.path === "api/session")).toEqual({ method: "POST", path: "api/session", token: undefined });
  await answer;
});
