/** A stand-in for the server while the page is being worked on: an app folder and its seed, in memory. Never shipped. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { applicationOf, readApp } from "./mock/app.mjs";
import { Store } from "./mock/data.mjs";
import { answer } from "./mock/answers.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2] ?? here("../examples/crm_app");
const port = Number(process.env.PORT ?? 8787);
const STATIC = here("../src/lowcode/web/static");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const CSP = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'";

const documents = readApp(folder);
const application = applicationOf(documents);
const store = new Store(documents, application);

const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString("utf8");
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return {};
  }
};

async function statics(path, response) {
  const file = normalize(join(STATIC, path === "/" ? "index.html" : path));
  if (!file.startsWith(STATIC)) return response.writeHead(403).end();
  try {
    const body = await readFile(file);
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": CSP }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/api/")) return statics(decodeURIComponent(url.pathname), response);
  const path = url.pathname.slice(5);
  const { status = 200, body, headers = {}, text } = answer({ store, application, documents }, request.method, path, url.searchParams, await bodyOf(request), request.headers);
  response.writeHead(status, { "Content-Type": text !== undefined ? "text/html; charset=utf-8" : status >= 400 ? "application/problem+json" : "application/json", ...headers });
  response.end(text ?? (body === undefined ? "" : JSON.stringify(body)));
}).listen(port, () => console.log(`http://127.0.0.1:${port}/`));
