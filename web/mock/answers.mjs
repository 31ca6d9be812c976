/** What each call gives. Sessions are one global person: this is for one developer at one screen. */
let person = null;
let locale = "zh-CN";

const problem = (status, code, detail, errors = []) => ({ status, body: { type: "about:blank", title: code, status, code, detail, errors } });
const word = (text) => (typeof text === "object" && text ? (text[locale] ?? text.en) : text);

export function answer(world, method, path, query, body, headers) {
  const { store, application } = world;
  const parts = path.split("/").map(decodeURIComponent);
  if (parts[0] === "session") return session(world, method, parts, body);
  if (!person) return { ...problem(401, "web.signed-out", "Sign in."), body: { app: { name: application.name, title: application.title, languages: application.languages }, demo: true, status: 401, detail: "Sign in." } };
  if (path === "app") return { body: application };
  if (parts[0] === "records") return records(store, application, method, parts, query, body, headers);
  if (parts[0] === "operations") return operation(world, parts[1], body);
  if (parts[0] === "print") return { text: "<!doctype html><meta charset=utf-8><style>body{font:14px sans-serif;margin:40px}</style><h1>报价单</h1><p>示例</p>" };
  if (parts[0] === "files" && method === "POST") return { status: 201, body: { id: `f${Date.now()}`, name: "file.pdf", size: 1234, type: "application/pdf" } };
  return problem(404, "web.not-found", "Not found.");
}

function session({ store, application }, method, parts, body) {
  const { people } = store;
  if (parts[1] === "people") return { body: { items: people.map(({ login, name, title, roles, department }) => ({ login, name, title, roles, department: department?.label })) } };
  if (method === "DELETE") person = null;
  if (method === "DELETE") return { status: 204 };
  if (method === "PATCH") locale = body.locale;
  if (method === "POST") person = people.find((each) => each.login === body.login) ?? null;
  if (!person) return method === "POST" ? problem(401, "identity.wrong", word({ "zh-CN": "账号或密码不正确。", en: "Login or password is wrong." })) : { status: 401, body: { status: 401, detail: "Sign in.", app: { name: application.name, title: application.title }, demo: true } };
  const { id, login, name, title, roles, department } = person;
  return { body: { actor: { id, login, name, title, roles, department }, token: "mock", locale, demo: true, moment: { now: new Date().toISOString(), zone: application.zone, me: id, roles, team: [id], units: [] } } };
}

function records(store, application, method, [, name, id, what], query, body, headers) {
  const form = application.forms[name];
  if (!form) return problem(404, "forms.unknown", "Unknown form.");
  if (!id && method === "GET") return { body: store.list(name, query) };
  if (!id) {
    const made = store.add(name, body);
    write(store, form, made, body);
    store.settle(form, made);
    return { status: 201, body: made };
  }
  const record = store.get(name, id);
  if (!record) return problem(404, "records.not-found", "Not found.");
  if (what) return { body: { items: timeline(store, form, record), next: null } };
  if (method === "DELETE") {
    store.records[name] = store.records[name].filter((each) => each !== record);
    return { status: 204 };
  }
  if (method === "PATCH") {
    if (headers["if-match"] !== `"${record.version}"`) return { ...problem(412, "records.conflict", "Changed by someone else."), body: { status: 412, code: "records.conflict", detail: "conflict", current: record } };
    if (body.stage === "won" && name === "opportunity") return problem(422, "records.refused", "refused", [{ pointer: "/stage", code: "stage", detail: word({ "zh-CN": "请先创建合同，再标记为成交。", en: "Make a contract first." }) }]);
    write(store, form, record, body);
    record.version += 1;
    record.updated_at = new Date().toISOString();
  }
  return { body: record };
}

function write(store, form, record, body) {
  for (const [name, value] of Object.entries(body)) {
    const field = form.fields.find((each) => each.name === name);
    if (field?.type === "link" && value != null) record[name] = { id: value, label: store.get(field.to, value)?._label };
    else if (field?.type === "member" && value != null) record[name] = store.person(value);
    else record[name] = value;
  }
}

function timeline(store, form, record) {
  const by = (index) => ({ id: store.people[index].id, label: store.people[index].name });
  const state = form.fields.find((each) => each.type === "state");
  const at = (days) => new Date(Date.now() - days * 86400000).toISOString();
  return [
    { id: 1, at: at(0.02), by: by(3), kind: "comment", text: "客户希望下周二前收到方案，价格还有 5% 的空间。" },
    ...(state ? [{ id: 2, at: at(0.9), by: by(4), kind: "changed", changes: [{ field: state.name, from: state.states[0].name, to: record[state.name] }] }] : []),
    { id: 3, at: at(2), by: null, kind: "changed", changes: [{ field: "owner", from: null, to: record.owner }], cause: "规则：线索分配" },
    { id: 4, at: at(3), by: by(0), kind: "flow", flow: { name: "quote_approval", title: { "zh-CN": "报价审批", en: "Quote approval" } }, event: "decided", node: "主管审批", decision: "approve", opinion: "同意，注意账期。" },
    { id: 5, at: record.created_at, by: by(3), kind: "created" },
  ];
}

const tasks = (store) =>
  (store.records.quote ?? []).filter((each) => each.stage === "approving").slice(0, 8).concat((store.records.quote ?? []).slice(0, 3)).map((each, index) => ({
    id: index + 1, kind: index === 3 ? "task" : "approve", title: "报价审批", subject: `报价 ${each.number} ${each.account?.label ?? ""}`, flow: { name: "quote_approval", title: { "zh-CN": "报价审批", en: "Quote approval" } },
    node: { "zh-CN": "主管审批", en: "Supervisor" }, record: { form: "quote", id: each.id, label: each._label }, starter: each.owner, created_at: new Date(Date.now() - index * 9000000).toISOString(),
    due_at: new Date(Date.now() + (index - 1) * 86400000).toISOString(), state: "open", opinion_rule: "optional", editable: [], mine: true,
  }));

const instance = (store) => ({
  id: 1, flow: { name: "quote_approval", title: { "zh-CN": "报价审批", en: "Quote approval" } }, state: "running", starter: { id: 4, label: store.people[3].name }, started_at: new Date(Date.now() - 5e7).toISOString(),
  steps: [
    { node: "start", kind: "start", title: { "zh-CN": "提交", en: "Submit" }, state: "done", at: new Date(Date.now() - 5e7).toISOString(), people: [] },
    { node: "supervisor", kind: "approve", title: { "zh-CN": "主管审批", en: "Supervisor" }, mode: "any", state: "approved", at: new Date(Date.now() - 4e7).toISOString(), people: [{ person: { id: 3, label: store.people[2].name }, state: "done", decision: "approve", opinion: "价格合理，同意。", at: new Date(Date.now() - 4e7).toISOString() }] },
    { node: "sign", kind: "approve", title: { "zh-CN": "财务与总经理会签", en: "Finance and director" }, mode: "all", state: "active", people: [{ person: { id: 1, label: store.people[0].name }, state: "open" }, { person: { id: 2, label: store.people[1].name }, state: "done", decision: "approve", at: new Date(Date.now() - 3e7).toISOString() }] },
    { node: "end", kind: "end", title: { "zh-CN": "结束", en: "End" }, state: "waiting", people: [] },
  ],
});

function operation(world, name, body) {
  const { store, documents } = world;
  switch (name) {
    case "flows.list_tasks": {
      const items = body.state === "open" ? tasks(store) : [];
      return { body: { items: items.slice(0, body.limit ?? 50), next: null, counts: { open: tasks(store).length } } };
    }
    case "flows.task":
      return { body: { ...tasks(store)[body.id - 1], instance: instance(store) } };
    case "flows.history":
      return { body: { items: body.form === "quote" ? [instance(store)] : [] } };
    case "flows.decide":
      return body.opinion ? { body: {} } : problem(422, "flows.opinion", "refused", [{ pointer: "/opinion", code: "x", detail: word({ "zh-CN": "请填写处理意见。", en: "Please say why." }) }]);
    case "notifications.list":
      return { body: { items: [1, 2, 3].map((id) => ({ id, at: new Date(Date.now() - id * 4e6).toISOString(), title: `线索超时提醒 ${id}`, text: "客户 上海启明自动化 已 2 天未跟进，请尽快联系。", read: id > 2, record: { form: "lead", id, label: "x" } })), next: null, unread: 2 } };
    case "notifications.read":
      return { body: { unread: 0 } };
    case "identity.people":
      return { body: { items: store.people.filter((each) => each.name.includes(body.search ?? "")).map(({ id, name: label, title, department }) => ({ id, label, title: word(title), department: department?.label })) } };
    case "identity.departments":
      return { body: { items: store.departments } };
    case "forms.duplicates":
      return { body: { items: [] } };
    case "forms.comment":
    case "rules.press":
    case "flows.start":
      return { body: {} };
    case "reports.run":
      return { body: body.drill ? drill(documents, body) : result(world, documents.reports[body.report]) };
    case "reports.dashboard": {
      const board = documents.reports[body.dashboard];
      return { body: { dashboard: board.name, title: board.title, filters: board.filters?.map((each) => ({ ...each, value: each.default })) ?? [], tiles: board.tiles.map((tile) => ({ ...tile, result: result(world, documents.reports[tile.report]) })) } };
    }
    default:
      return problem(404, "operations.unknown", `Unknown operation ${name}.`);
  }
}

const drill = (documents, body) => {
  const report = documents.reports[body.report];
  const parts = Object.entries(body.drill).map(([name, value]) => `${name} = "${value}"`);
  return { form: report.form, where: parts.join(" and ") || "true", columns: report.drill?.columns };
};

function result({ store, application }, report) {
  const form = application.forms[report.form];
  const dimensions = report.dimensions ?? [];
  const columns = [
    ...dimensions.map((each) => {
      const field = form?.fields.find((one) => one.name === each.expression);
      return { name: each.name, title: each.title ?? field?.title ?? each.name, role: "dimension", kind: each.grain ? "date" : field?.states || field?.options ? "choice" : "text", options: field?.states ?? field?.options, grain: each.grain };
    }),
    ...(report.measures ?? []).map((each) => ({ name: each.name, title: each.title ?? each.name, role: "measure", kind: "number", format: each.format, scale: each.format === "money" ? 2 : undefined })),
  ];
  const first = columns[0];
  const values = dimensions.length === 0 ? [null] : first.grain ? [5, 4, 3, 2, 1, 0].map((back) => new Date(Date.now() - back * 30 * 86400000).toISOString().slice(0, 8) + "01") : (first.options?.map((each) => each.name) ?? store.people.slice(0, 6).map((each) => each.name)).slice(0, 8);
  const number = (row, column) => {
    const base = 1 + ((row * 37 + column.name.length * 13 + report.name.length * 7) % 9);
    return column.format === "money" ? (base * 123456.78).toFixed(2) : column.format === "percent" ? (base / 12).toFixed(4) : String(base * 3);
  };
  const rows = values.map((value, row) => columns.map((column, index) => (index === 0 && dimensions.length > 0 ? value : column.role === "dimension" ? (column.options?.[row % column.options.length]?.name ?? `组 ${row}`) : number(row, column))));
  return { report: report.name, title: report.title, columns, rows: values.length ? rows : [], totals: null, chart: report.chart, drill: Boolean(report.drill) };
}
