// Each verb of a written client once; what came of it is said as one line of JSON.
declare const process: { argv: string[] };

import { Small, Refused } from "./made.js";

const [url, key] = process.argv.slice(2) as [string, string];
const api = new Small(url, key);
const said: unknown[] = [];
const lead = await api.lead.create({ company: "Acme", grade: "A", budget: "10.50", since: "2026-03-02" });
said.push([lead.company, lead.grade, lead.budget, lead.since]);
const changed = await api.lead.update(lead.id, { grade: "B" }, lead.version);
try {
  await api.lead.update(lead.id, { grade: "C" }, lead.version);
} catch (error) {
  said.push(error instanceof Refused ? [error.status, (error.body.current as { version: number }).version - changed.version] : String(error));
}
try {
  await api.lead.create({ company: "A", grade: "Z" as "A", budget: "many" });
} catch (error) {
  said.push(error instanceof Refused ? [error.status, error.problems.map((each) => each.pointer).sort()] : String(error));
}
const done = await api.lead.bulk(Array.from({ length: 250 }, (_, n) => ({ do: "create" as const, values: { company: `Firm ${n}`, budget: n } })));
said.push(done.filter((each) => each.done === "created").length);
const all = new Set<number>();
for await (const each of api.lead.each({ sort: "company", fields: ["company"] })) all.add(each.id);
said.push(all.size);
const page = await api.lead.list({ where: 'grade = "B"', count: true, sum: ["budget"] });
said.push([page.items.length, page.count?.value, page.sums?.["budget"]]);
said.push((await api.lead.aggregate(["grade"], { sum: ["budget"] })).map((each) => [each.values["grade"], each.count]));
const first = await api.contract.upsert("number", "C/1 ü", { lead: lead.id });
said.push((await api.contract.upsert("number", "C/1 ü", { total: "5" })).id === first.id);
said.push((await api.contract.history(first.id)).map((each) => each["event"]));
const file = await api.upload("名片.txt", new Blob(["你好"], { type: "text/plain" }));
said.push([file.name, await (await api.download(file.id)).text()]);
said.push((await api.ask<{ items: { form: string }[] }>("api.forms")).items.map((each) => each.form).sort());
await api.lead.delete(lead.id);
said.push(await api.lead.get(lead.id).then(() => "there", (error: Refused) => error.status));
const real = globalThis.fetch;
let asked = 0;
const proxy = { status: 503, headers: { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" } };
globalThis.fetch = async (...sent) => (asked++ === 0 ? new Response("", proxy) : real(...sent));
said.push([(await api.lead.list({ limit: 1 })).items.length, asked]);
console.log(JSON.stringify(said));
