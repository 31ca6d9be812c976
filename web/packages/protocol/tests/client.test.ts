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

/** As the server does: who writes within a session shows its token. */
async function server(path: string, { method, headers }: { method: string; headers: Record<string, string> }): Promise<Response> {
  if (!online) throw new TypeError("Failed to fetch");
  sent.push({ method, path, token: headers["X-CSRF-Token"] });
  if (held && path === "api/session" && method === "GET") await new Promise<void>((go) => asked.push(go));
  if (path === "api/session" && method === "POST") inside = 7;
  else if (inside === null) return Response.json({ detail: "nobody" }, { status: 401 });
  else if (method !== "GET" && headers["X-CSRF-Token"] !== `token-${inside}`) return Response.json({ code: "http.csrf" }, { status: 403 });
  return Response.json(path === "api/session" ? { token: `token-${inside}`, locale: "en", actor: { id: inside } } : {});
}

beforeEach(() => {
  sent = [];
  asked = [];
  [online, inside, held] = [true, 7, false];
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

test.each([
  ["a session that ended", null],
  ["somebody else's", 8],
])("%s is not gone on with", async (_, found) => {
  const { client, lost } = away();
  inside = found;
  await expect(Promise.all([client.run("tasks.count"), client.run("tasks.count")])).rejects.toMatchObject({ status: 401 });
  expect(sent.map((each) => each.method)).toEqual(["GET"]);
  expect([lost(), client.token]).toEqual([1, ""]);
});

test("signing in shows no token, before a session and after one that ended", async () => {
  const client = new Client();
  inside = null;
  await client.signIn("li.na");
  expect(sent).toEqual([{ method: "POST", path: "api/session", token: undefined }]);
  const { client: back } = away();
  inside = null;
  await expect(back.run("tasks.count")).rejects.toMatchObject({ status: 401 });
  await back.signIn("li.na");
  expect(sent.at(-1)).toEqual({ method: "POST", path: "api/session", token: undefined });
});
