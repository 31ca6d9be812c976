/** The seed of an app as records in memory. */
const DAY = 86400000;

export class Store {
  constructor(documents, application) {
    this.application = application;
    this.departments = documents.seed.people.departments.map((each, index) => ({ id: index + 1, name: each.name, label: each.title["zh-CN"] ?? each.title }));
    this.people = documents.seed.people.users.map((each, index) => ({ id: index + 1, ...each, department: this.departments.find((one) => one.name === each.department) }));
    this.records = {};
    this.keys = {};
    for (const name of Object.keys(application.forms)) this.records[name] = [];
    for (const [file, rows] of Object.entries(documents.seed)) {
      const name = file.replace(/^\d+_/, "");
      if (!this.records[name]) continue;
      rows.forEach((row) => this.add(name, row));
    }
    for (const [name, records] of Object.entries(this.records)) for (const record of records) this.settle(application.forms[name], record);
    for (const [name, records] of Object.entries(this.records)) for (const record of records) this.link(application.forms[name].fields, record);
  }

  add(name, row) {
    const id = this.records[name].length + 1;
    const at = new Date(Date.now() - (id % 90) * DAY - id * 60000).toISOString();
    const record = { id, version: 1, created_at: at, updated_at: at, created_by: "li.na", owner: null, ...row };
    if (row["@key"]) this.keys[row["@key"]] = { form: name, record };
    delete record["@key"];
    this.records[name].push(record);
    return record;
  }

  settle(form, record) {
    for (const field of form.fields) {
      const value = record[field.name];
      if (value && typeof value === "object" && ("days" in value || "hours" in value)) {
        const at = new Date(Date.now() + (value.days ?? 0) * DAY + (value.hours ?? 0) * 3600000).toISOString();
        record[field.name] = field.type === "date" ? at.slice(0, 10) : at;
      } else if (value === undefined) record[field.name] = this.filler(field, record, form);
      if (field.type === "lines")
        record[field.name] = (value ?? []).map((row, index) => ({ id: index + 1, position: index, ...row, amount: row.quantity ? (row.quantity * row.price * (1 - (row.discount ?? 0))).toFixed(2) : undefined }));
    }
    record._label = String(record[form.label] ?? record.name ?? record.number ?? record.subject ?? record.title ?? `#${record.id}`);
  }

  filler(field, record, form) {
    if (field.type === "serial") return `${form.name[0].toUpperCase()}202611-${String(record.id).padStart(4, "0")}`;
    if (field.type === "state") return field.initial;
    if (field.type !== "formula" && field.type !== "rollup") return null;
    const { kind, format, scale } = field.result;
    const some = (record.id * 7919 + field.name.length * 104729) % 1000;
    if (kind === "datetime") return new Date(Date.now() - (some % 40) * DAY).toISOString();
    if (kind !== "number") return null;
    return format === "percent" ? (some / 1000).toFixed(4) : format === "money" ? (some * 1234.5).toFixed(2) : (some % 30).toFixed(scale ?? 0);
  }

  link(fields, record) {
    for (const field of fields) {
      const value = record[field.name];
      if (value == null) continue;
      if (field.type === "lines") value.forEach((row) => this.link(field.fields, row));
      else if (field.type === "member") record[field.name] = this.person(value);
      else if (field.type === "link" && typeof value === "string") {
        const found = this.keys[value.slice(1)];
        record[field.name] = found ? { id: found.record.id, label: found.record._label } : null;
      } else if (field.type === "links" && Array.isArray(value)) record[field.name] = value.map((each) => this.keys[each.slice(1)]).filter(Boolean).map((each) => ({ id: each.record.id, label: each.record._label }));
    }
  }

  person(login) {
    const found = this.people.find((each) => each.login === login || each.id === login || each.id === login?.id);
    return found ? { id: found.id, label: found.name } : null;
  }

  get(form, id) {
    return this.records[form]?.find((each) => each.id === Number(id));
  }

  /** Understands `a = "x"`, `a.id = 7`, `a in (…)`, CONTAINS and blank tests; the rest holds. */
  holds(record, where) {
    for (const part of where.split(/ and /)) {
      let found;
      if ((found = /^\(?(\w+) = "([^"]*)"\)?$/.exec(part)) && String(record[found[1]]) !== found[2]) return false;
      if ((found = /^\(?(\w+)\.id = (\d+)\)?$/.exec(part)) && record[found[1]]?.id !== Number(found[2])) return false;
      if ((found = /^\(?(\w+) in \((.*?)\)\)?$/.exec(part)) && !found[2].includes(`"${record[found[1]]}"`)) return false;
      if ((found = /^CONTAINS\(LOWER\((\w+)\), "([^"]*)"\)$/.exec(part)) && !String(record[found[1]] ?? "").toLowerCase().includes(found[2])) return false;
      if ((found = /^(\w+) is (not )?blank$/.exec(part)) && (record[found[1]] == null) !== !found[2]) return false;
    }
    return true;
  }

  list(form, query) {
    let items = this.records[form] ?? [];
    const where = query.get("where");
    const search = query.get("search")?.toLowerCase();
    if (where) items = items.filter((each) => this.holds(each, where));
    if (search) items = items.filter((each) => JSON.stringify([each._label, each.name, each.phone, each.company]).toLowerCase().includes(search));
    const sort = query.get("sort");
    if (sort) {
      const name = sort.replace("-", "");
      const plain = (value) => (value?.label ?? value ?? "");
      items = [...items].sort((a, b) => (Number.isNaN(Number(plain(a[name]))) ? String(plain(a[name])).localeCompare(String(plain(b[name])), "zh") : Number(plain(a[name])) - Number(plain(b[name]))) * (sort.startsWith("-") ? -1 : 1));
    }
    const start = Number(query.get("after") ?? 0);
    const limit = Number(query.get("limit") ?? 50);
    const sum = query.get("sum");
    return {
      items: items.slice(start, start + limit),
      next: start + limit < items.length ? String(start + limit) : null,
      count: query.get("count") ? { value: items.length, capped: false } : undefined,
      sums: sum ? { [sum]: items.reduce((all, each) => all + Number(each[sum] ?? 0), 0).toFixed(2) } : undefined,
    };
  }
}
