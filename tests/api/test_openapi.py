"""The description of the API is valid, and says to each person only what they may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from lowcode.api.openapi_clients import for_clients
from lowcode.api.openapi_fields import SAID
from tests.api.app import APPLICATION, CONTRACT, LEAD, NOBODY, PUBLIC, WEBSITE, Shop
from tests.web.calls import Visitor


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop(WEBSITE, PUBLIC)


def described(shop: Shop, actor: Any) -> dict[str, Any]:
    found = shop.host.ask(actor, "api.openapi", root="/crm")
    return dict(orjson.loads(orjson.dumps(found)))


@pytest.mark.requirement("SA17", "A1", "A2")
@pytest.mark.parametrize("login", ["root", "head", "li", None])
def test_it_is_valid(shop: Shop, login: str | None) -> None:
    """It fits the meta-schema of OpenAPI 3.1, and every reference leads somewhere."""
    document = described(shop, shop.host.actor(login) if login else NOBODY)
    OpenAPIV31SpecValidator(document).validate()
    identities = [
        call["operationId"]
        for path in document["paths"].values()
        for word, call in path.items()
        if word != "parameters"
    ]
    assert len(identities) == len(set(identities))


def test_everybody_sees_their_part(shop: Shop) -> None:
    """Forms, verbs, fields and operations are those of whoever asks."""
    sales, head = described(shop, shop.host.actor("li")), described(shop, shop.host.actor("head"))
    assert {"get", "patch", "parameters"} == set(sales["paths"]["/api/records/lead/{id}"])
    assert {"get", "patch", "delete", "parameters"} == set(head["paths"]["/api/records/lead/{id}"])
    assert "secret_note" not in sales["components"]["schemas"]["lead"]["properties"]
    assert "secret_note" in head["components"]["schemas"]["lead"]["properties"]
    assert "/api/operations/api.redeliver" not in head["paths"]
    assert "/api/operations/api.redeliver" in described(shop, shop.host.actor("root"))["paths"]
    assert "/api/operations/api.tried" not in described(shop, shop.host.actor("root"))["paths"]
    nobody = described(shop, NOBODY)["paths"]
    assert "/api/intake/landing_page" in nobody
    assert not [path for path in nobody if path.startswith("/api/records/")]


@pytest.mark.parametrize(
    ("title", "login", "expected"),
    [
        ({"en": "Small", "zh-CN": "小应用"}, "li", {"title": "Small"}),
        ({"en": "Small", "zh-CN": "小应用"}, "zhao", {"title": "Small", "summary": "小应用"}),
        ("小应用", "li", {"title": "small", "summary": "小应用"}),
        ({"zh-CN": "小应用", "en": "Klein & größer"}, "li", {"title": "small", "summary": "Klein & größer"}),
    ],
)
def test_tools_get_a_title_in_ascii(
    open_shop: Callable[..., Shop], title: Any, login: str, expected: dict[str, str]
) -> None:
    """From which they make names of packages; what people read is beside it."""
    made = open_shop(more={"app.json": {**APPLICATION, "title": title}})
    info = made.ask(login, "api.openapi")["info"]
    assert {**expected, "version": "1.0.0"} == info


def test_a_key_sees_its_scopes(shop: Shop) -> None:
    """What a key may not do is not offered to it."""
    document = described(shop, shop.acting(shop.key("root", "form:lead:read", "intake:website")))
    records = {path: set(calls) - {"parameters"} for path, calls in document["paths"].items() if "/records/" in path}
    read = ("", "/{id}", "/{id}/history", "/aggregate")
    assert {f"/api/records/lead{each}": {"get"} for each in read} == records
    assert "/api/intake/website" in document["paths"]
    assert "/api/operations/api.create_key" not in document["paths"]


def test_what_is_computed_is_not_written(shop: Shop) -> None:
    """Formulas are answered and not accepted."""
    schemas = described(shop, shop.host.actor("head"))["components"]["schemas"]
    assert "double" in schemas["lead"]["properties"]
    assert "double" not in schemas["lead.values"]["properties"]
    assert ["A", "B", "C"] == schemas["lead.values"]["properties"]["grade"]["anyOf"][0]["enum"]


def test_every_name_that_is_described_is_possible(shop: Shop) -> None:
    """What the description lists to sort, group, add up and expand by is taken, with commas or given several times."""
    visitor = Visitor(shop)
    visitor.headers["authorization"] = f"Bearer {shop.key('head')}"
    visitor.post("api/records/lead", {"company": "Acme"})
    document = visitor.get("api/openapi.json").json()
    parts = document["components"]
    asked = set()
    for path in ("/api/records/lead", "/api/records/contract", "/api/records/lead/aggregate"):
        for each in document["paths"][path]["get"]["parameters"]:
            if "style" not in each:
                continue
            schema = parts["schemas"][each["schema"]["items"]["$ref"].rpartition("/")[2]]
            names = schema.get("enum") or schema["anyOf"][0]["enum"]
            for name in names:
                assert 200 == visitor.get(f"{path[1:]}?{each['name']}={name}").status_code, (path, each["name"], name)
            asked.add(each["name"])
    assert {"sort", "fields", "sum", "average", "group", "expand"} == asked
    two = [visitor.get(f"api/records/lead?{each}").json() for each in ("fields=id,phone", "fields=id&fields=phone")]
    assert two[0] == two[1] and "phone" in two[0]["items"][0]
    made = visitor.post("api/records/lead", {"company": "Own", "earlier": 1.0})
    assert 1 == made.json()["earlier"]["id"]


def test_a_new_record_is_described_by_what_it_needs(shop: Shop) -> None:
    """What has to be there is neither null nor blank, and a state is one that is reached from the first."""
    schemas = shop.ask("head", "api.openapi")["components"]["schemas"]
    assert {"type": "string", "minLength": 1, "pattern": SAID, "maxLength": 500, "title": "company"} == {
        "title": "company", **schemas["lead.new"]["properties"]["company"]
    }  # fmt: skip
    assert [{"type": "string", "enum": ["draft", "signed"]}, {"type": "null"}] == (
        schemas["contract.new"]["properties"]["stage"]["anyOf"]
    )
    assert ["draft", "signed", "ended"] == schemas["contract.values"]["properties"]["stage"]["anyOf"][0]["enum"]


@pytest.mark.requirement("A2")
def test_what_is_refused_is_foretold(open_shop: Callable[..., Shop]) -> None:
    """A group by four fields, what is read-only, the number of a row of a new record: none of them fits. What has to be
    there only where a call creates is said in words."""
    fields: Any = CONTRACT["fields"]
    number, *others = fields
    rows = {"name": "rows", "type": "lines", "fields": [
        {"name": "what", "type": "text"}, {"name": "seen", "type": "integer", "read_only": True},
    ]}  # fmt: skip
    more: list[dict[str, Any]] = [
        {"name": "ended_at", "type": "datetime", "read_only": True},
        {"name": "buyer", "type": "text"},
        rows,
    ]
    more[1]["required"] = True
    shop = open_shop(more={"forms/contract.json": {**CONTRACT, "fields": [number, *others, *more]}})
    visitor = Visitor(shop)
    visitor.headers["authorization"] = f"Bearer {shop.key('head')}"
    document = visitor.get("api/openapi.json").json()
    schemas, paths = document["components"]["schemas"], document["paths"]
    whole = {"number": "C9", "buyer": "Ling"}
    for added, fits in (
        ({}, True), ({"rows": [{"what": "x"}]}, True), ({"ended_at": "2026-03-02T01:00:00Z"}, False),
        ({"rows": [{"what": "x", "id": 77}]}, False), ({"rows": [{"what": "x", "seen": 3}]}, False),
    ):  # fmt: skip
        schema = {**schemas["contract.new"], "components": document["components"]}
        sent = {**whole, "number": f"C{added}", **added}
        assert fits == jsonschema.Draft202012Validator(schema).is_valid(sent), added
        assert (201 if fits else 422) == visitor.post("api/records/contract", sent).status_code, added
    assert "id" in schemas["contract.values"]["properties"]["rows"]["items"]["properties"]
    [group] = [each for each in paths["/api/records/contract/aggregate"]["get"]["parameters"]
               if each.get("name") == "group"]  # fmt: skip
    most = group["schema"]["maxItems"]
    counted = [visitor.get(f"api/records/contract/aggregate?group={','.join(['stage'] * count)}").status_code
               for count in (most, most + 1)]  # fmt: skip
    assert (3, [200, 422]) == (most, counted)
    assert "buyer" in paths["/api/records/contract/by/{field}/{value}"]["put"]["description"]


ROWS: list[tuple[dict[str, Any], bool]] = [
    ({"rows": [{}]}, False),
    ({"rows": [{"what": None}]}, False),
    ({"rows": [{"what": "\x1f"}]}, False),
    ({"rows": [{"what": "x", "price": None}]}, False),
    ({"rows": [{"what": "x"}, {}]}, False),
    ({"rows": [{"what": "x", "count": None}]}, True),
    ({"rows": []}, True),
]
"""Rows that are sent, and whether they fit: of a new record, and where they come to one that is there."""


@pytest.mark.requirement("A2")
def test_rows_are_described_by_what_they_need(open_shop: Callable[..., Shop]) -> None:
    """What a new row has to have is said, also where the record is there already; a row that is there may be named by
    its number alone; a text of blanks is none, whichever characters they are."""
    rows = {"name": "rows", "type": "lines", "fields": [
        {"name": "what", "type": "text", "required": True}, {"name": "count", "type": "integer"},
        {"name": "price", "type": "money", "required": True, "default": 1},
    ]}  # fmt: skip
    shop = open_shop(more={"forms/contract.json": {**CONTRACT, "fields": [*CONTRACT["fields"], rows]}})
    visitor = Visitor(shop)
    visitor.headers["authorization"] = f"Bearer {shop.key('head')}"
    parts = visitor.get("api/openapi.json").json()["components"]
    first = visitor.post("api/records/contract", {"number": "first", "rows": [{"what": "x"}]}).json()
    own = {"rows": [{"id": first["rows"][0]["id"], "count": 2}]}
    for at, (sent, fits) in enumerate([(own, True), *ROWS]):
        for schema, done, method, address in (
            ("contract.new", 201, "POST", "contract"), ("contract.values", 200, "PATCH", "contract/1"),
        ):  # fmt: skip
            new = schema == "contract.new"
            fit = fits and not (new and sent is own)
            whole = {**parts["schemas"][schema], "components": parts}
            assert fit == jsonschema.Draft202012Validator(whole).is_valid(sent), (schema, sent)
            body = {**sent, "number": f"C{at}"} if new else sent
            assert (done if fit else 422) == visitor.ask(method, f"api/records/{address}", json=body).status_code, sent
    refused = visitor.patch("api/records/contract/1", {"rows": [{"what": "x", "price": "much"}]}).json()["errors"]
    assert [("/rows/0/price", "records.not-number")] == [(each["pointer"], each["code"]) for each in refused]


MANY: list[tuple[dict[str, Any], bool]] = [
    ({"items": [{"do": "create"}]}, True),
    ({"items": [{"do": "create"}], "together": False}, True),
    ({"items": [{"do": "create"}], "together": True}, False),
    ({"items": [{"do": "create", "values": {}}], "together": True}, False),
    ({"items": [{"do": "create", "values": {"number": "C4"}}], "together": True}, True),
    ({"items": [{"values": {"number": "C5"}}], "together": True}, True),
    ({"items": [{"do": "update", "values": {"number": "C6"}}], "together": True}, False),
    ({"items": [{"do": "delete"}], "together": True}, False),
    ({"items": [{"do": "upsert", "values": {"number": "C8"}}], "together": True}, False),
    ({"items": [{"do": "upsert", "by": "total", "values": {"total": "1"}}], "together": True}, False),
    ({"items": [{"do": "upsert", "by": "number", "values": {"total": "1"}}], "together": True}, False),
    ({"items": [{"do": "upsert", "by": "number", "values": {"number": "C11"}}], "together": True}, True),
    ({"items": [{"do": "close"}]}, False),
    ({"items": [{"do": "create", "value": {}}]}, False),
]
"""What is sent for many, and whether it fits."""


def _alternatives(schema: dict[str, Any]) -> list[Any]:
    """The alternatives of a schema of many, and of their items."""
    items: Any = schema.get("properties", {}).get("items", {}).get("items", {})
    return [*schema.get("anyOf", ()), *items.get("anyOf", ())]


@pytest.mark.requirement("A2")
def test_many_at_once_are_described_as_they_are_taken(open_shop: Callable[..., Shop]) -> None:
    """Together, each has to be what its deed needs; each for itself, what is refused is answered in its place."""
    fields: Any = CONTRACT["fields"]
    number, *others = fields
    form: dict[str, Any] = {**CONTRACT, "fields": [{**number, "required": True}, *others]}
    visitor = Visitor(open_shop(more={"forms/contract.json": form})).sign_in("head")
    document = visitor.get("api/openapi.json").json()
    assert b'"const":false' not in orjson.dumps(document), "openapi-python-client 0.29 writes no program of it"
    schema = {**document["components"]["schemas"]["contract.bulk"], "components": document["components"]}
    described = jsonschema.Draft202012Validator(schema)
    assert MANY == [(sent, described.is_valid(sent)) for sent, _ in MANY]
    parts = [each for name, each in document["components"]["schemas"].items() if name.startswith("contract.bulk")]
    unnamed = [one for each in parts for one in _alternatives(each) if {*one} != {"$ref"}]
    assert len(parts) == 7 and not unnamed, "programs that write clients make a class of each, by its name"
    answers = [(sent, visitor.post("api/records/contract/bulk", sent).status_code) for sent, _ in MANY]
    assert [(sent, 200 if fits else 422) for sent, fits in MANY] == answers


@pytest.mark.requirement("A2")
def test_what_stands_under_a_mask_is_described(open_shop: Callable[..., Shop]) -> None:
    """A record fits its schema, for whoever sees the values and whoever sees masks; a number may be typed in full
    width."""
    masks = {"phone": "phone", "email": "email", "source": "all"}
    fields: Any = LEAD["fields"]
    masked = [{**each, "mask": masks[each["name"]]} if each["name"] in masks else each for each in fields]
    lines: Any = LEAD["permissions"]
    sales, supervisor = lines
    reveals = {**supervisor, "can": [*supervisor["can"], "reveal"]}
    shop = open_shop(more={"forms/lead.json": {**LEAD, "fields": masked, "permissions": [sales, reveals]}})
    values = {"company": "A", "phone": "１３８００１３８０００", "email": "abc@d.cn",
              "owner": shop.host.actor("li").id}  # fmt: skip
    made = Visitor(shop).sign_in("head").post("api/records/lead", values).json()
    told = []
    for login in ("head", "li"):
        visitor = Visitor(shop).sign_in(login)
        record = visitor.get(f"api/records/lead/{made['id']}").json()
        document = visitor.get("api/openapi.json").json()
        parts = document["components"]
        for name, part in (("lead", record), ("lead.new", values)):
            schema = {**parts["schemas"][name], "components": parts}
            assert [] == [each.message for each in jsonschema.Draft202012Validator(schema).iter_errors(part)]
        told.append(record["phone"])
    assert ["13800138000", "138****8000"] == told


def test_programs_that_write_clients_understand_it(shop: Shop) -> None:
    """OpenAPI Generator names classes by titles of operations, types of choices by what stands beside them, puts
    patterns between quotes, and makes classes of branches: of none of it may it make what does not compile. What is
    taken and refused stays the same."""
    described = shop.ask("root", "api.openapi")
    assert '"List"' not in str(orjson.dumps(described["paths"])) and "title" not in _body(described, "records.list")
    quoted, untyped = [], []

    def walk(part: Any) -> None:
        for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            walk(each)
        if isinstance(part, dict) and isinstance(part.get("pattern"), str) and set("'\"") & set(part["pattern"]):
            quoted.append(part)
        if isinstance(part, dict) and isinstance(part.get("enum"), list) and "type" not in part:
            untyped.append(part)

    walk([described["paths"], described["components"]["schemas"]])
    assert ([], []) == (quoted, untyped)
    needs = {"type": "object", "properties": {"a": {"enum": ["x"]}, "b": {"pattern": "^[\"']$"}},
             "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}  # fmt: skip
    written = for_clients(needs)
    assert "anyOf" not in written
    for sent in ({}, {"a": "x"}, {"a": "y"}, {"b": "'"}, {"b": "q"}, {"b": '"', "a": "x"}):
        assert jsonschema.Draft202012Validator(needs).is_valid(sent) == (
            jsonschema.Draft202012Validator(written).is_valid(sent)
        ), sent


def _body(described: Any, operation: str) -> Any:
    call = described["paths"][f"/api/operations/{operation}"]["post"]
    return call["requestBody"]["content"]["application/json"]["schema"]
