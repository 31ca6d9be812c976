// Runs cases of the corpus in JavaScript: reads {library, cases} from standard input, writes the results as JSON.
// A case is {source, fields, record, moment, kind}; the library is the built web/packages/expressions.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { library, cases } = JSON.parse(readFileSync(0, "utf8"));
const { default: f } = await import(pathToFileURL(library).href);

function typed(kinds, row) {
  const out = {};
  for (const [name, value] of Object.entries(row)) {
    out[name] = Array.isArray(value) && kinds[name] === "rows"
      ? value.map((one) => typed(kindsBelow(kinds, name), one))
      : value === null ? null : f.fromJson(value, kinds[name] ?? "record");
  }
  return out;
}

function kindsBelow(kinds, name) {
  return Object.fromEntries(Object.entries(kinds).filter(([key]) => key.startsWith(name + "."))
    .map(([key, kind]) => [key.slice(name.length + 1), kind]));
}

const results = cases.map((one) => {
  try {
    const record = typed(one.fields, one.record);
    const m = one.moment;
    const moment = {
      ...m,
      now: f.fromJson(m.now, "datetime"),
      today: f.fromJson(m.today, "date"),
      roles: new Set(m.roles), team: new Set(m.team), units: new Set(m.units),
      old: m.old === null ? null : typed(one.fields, m.old),
      changed: null, variables: {},
    };
    const made = (0, eval)(one.source);
    return { result: f.toJson(made(record, moment, f)) };
  } catch (error) {
    return { error: String(error.stack ?? error) };
  }
});
process.stdout.write(JSON.stringify(results));
