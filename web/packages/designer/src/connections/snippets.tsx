import { useCopy, useSpeech, type TextKey } from "@lowcode/kit";
import { Button, Tabs } from "antd";
import { isNode, type Json, type Node } from "../tree";
import { Section } from "./mapping";
import { objectOf } from "./sample";

interface Props {
  document: Node;
  sample: Node;
}

type Kind = "curl" | "html" | "script" | "python" | "visits";

interface CalledProps {
  method: string;
  /** What stands behind `api/endpoints/`. */
  address: string;
  query: Record<string, string>;
  body: string;
  open: boolean;
}

/** The address of an endpoint, and how a program calls it. */
export function Called({ method, address, query, body, open }: CalledProps) {
  const asked = new URLSearchParams(query).toString();
  const url = `${location.origin}${location.pathname}api/endpoints/${address}${asked && `?${asked}`}`;
  const sent = ["POST", "PUT", "PATCH"].includes(method) ? JSON.stringify(objectOf(body) ?? {}) : null;
  const proof = open ? [] : ["Authorization: Bearer $KEY"];
  const words = [`curl -X ${method}`, ...[...(sent === null ? [] : ["Content-Type: application/json"]), ...proof].map((each) => `-H ${each.includes("$") ? `"${each}"` : shell(each)}`), ...(sent === null ? [] : [`-d ${shell(sent)}`]), shell(url)];
  return <Codes title={`${method} ${url}`} url={url} codes={[["curl", words.join(" \\\n  ")]]} />;
}

/** The address of an intake, and how a program or a page calls it with the sample. */
export function Snippets({ document, sample }: Props) {
  const root = `${location.origin}${location.pathname}`;
  const url = `${root}api/intake/${String(document["name"])}`;
  return <Codes title={`POST ${url}`} url={url} codes={snippets(document, sample, url, root)} />;
}

/** An address and what calls it, to copy. */
function Codes({ title, url, codes }: { title: string; url: string; codes: [Kind, string][] }) {
  const { t } = useSpeech();
  const copy = useCopy();
  return (
    <Section title={t("intakeAddress")} hint={t("intakeAddressHint")}>
      <div className="lc-intake-code">
        <code>{title}</code>
        <Button size="small" onClick={() => copy(url)}>{t("copy")}</Button>
      </div>
      <Tabs
        key={codes.map(([kind]) => kind).join()}
        size="small"
        items={codes.map(([kind, code]) => ({
          key: kind,
          label: t(`intakeCode_${kind}` as TextKey),
          children: (
            <div className="lc-intake-code">
              <pre tabIndex={0}>{code}</pre>
              <Button size="small" onClick={() => copy(code)} aria-label={`${t("copy")}: ${t(`intakeCode_${kind}` as TextKey)}`}>{t("copy")}</Button>
            </div>
          ),
        }))}
      />
    </Section>
  );
}

/** How an intake is called, by whoever may. */
export function snippets(document: Node, sample: Node, url: string, root: string): [Kind, string][] {
  const proof = isNode(document["authentication"]) ? document["authentication"] : {};
  const body = JSON.stringify(sample);
  if (isNode(proof["signed"])) return [["python", signedBy(proof["signed"], url, body)]];
  if (proof["public"] !== true) return [["curl", curl(url, body, ["Authorization: Bearer $KEY"])]];
  const trap = typeof proof["honeypot"] === "string" ? proof["honeypot"] : null;
  const visits: [Kind, string][] = "visitor" in sample && "event" in sample ? [["visits", `<script src="${root}api/visits.js" data-intake="${String(document["name"])}" defer></script>`]] : [];
  return [...visits, ["html", page(url, sample, trap)], ["script", script(url, sample)], ["curl", curl(url, body, [])]];
}

const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function curl(url: string, body: string, headers: string[]): string {
  return ["curl -X POST", ...["Content-Type: application/json", ...headers].map((each) => `-H ${each.includes("$") ? `"${each}"` : shell(each)}`), `-d ${shell(body)}`, url].join(" \\\n  ");
}

const KINDS: Record<string, string> = { email: "email", mail: "email", phone: "tel", mobile: "tel", url: "url" };

/** A form whose fields are the plain parts of the sample. */
function page(url: string, sample: Node, trap: string | null): string {
  const plain = Object.entries(sample).filter(([, each]) => !isNode(each) && !Array.isArray(each));
  const typed = (name: string, value: Json) => KINDS[name] ?? (typeof value === "number" ? "number" : "text");
  const fields = plain.map(([name, value]) => `  <label>${escaped(name)} <input type="${typed(name, value)}" name="${escaped(name)}"></label>`);
  const hidden = trap === null ? [] : [`  <input name="${escaped(trap)}" style="position:absolute;left:-9999px" tabindex="-1" autocomplete="off" aria-hidden="true">`];
  return [`<form method="post" action="${url}">`, ...fields, ...hidden, "  <button>Send</button>", "</form>"].join("\n");
}

function script(url: string, sample: Node): string {
  return [`const answer = await fetch(${JSON.stringify(url)}, {`, `  method: "POST",`, `  headers: {"Content-Type": "application/json"},`, `  body: JSON.stringify(${JSON.stringify(sample, null, 2).replaceAll("\n", "\n  ")}),`, "});", "if (!answer.ok) console.error(await answer.json());"].join("\n");
}

/** A program that signs, with nothing but what comes with Python. */
function signedBy(signed: Node, url: string, body: string): string {
  const text = JSON.stringify(body);
  const head = ["import base64, hashlib, hmac, os, time, urllib.request, uuid", "", `body = ${text}.encode()`, `secret = os.environ["${isNode(signed["secret"]) ? String(signed["secret"]["secret"]) || "SECRET" : "SECRET"}"]`];
  const sign =
    signed["by"] === "hmac_sha256"
      ? [`signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()`, `headers = {"${String(signed["header"] ?? "X-Signature")}": signature}`]
      : [
          `key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()`,
          `message, stamp = str(uuid.uuid4()), str(int(time.time()))`,
          `signed = f"{message}.{stamp}.".encode() + body`,
          `signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()`,
          `headers = {"webhook-id": message, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}`,
        ];
  return [...head, ...sign, `headers["Content-Type"] = "application/json"`, `request = urllib.request.Request("${url}", body, headers)`, "print(urllib.request.urlopen(request).read().decode())"].join("\n");
}
