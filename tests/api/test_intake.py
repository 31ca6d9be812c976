"""What comes in becomes records, once, and nothing of it is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema.exceptions import ValidationError
from referencing.exceptions import Unresolvable

from lowcode.api.misfits import misfits, problems_of
from lowcode.kernel.diagnostics import Rejected
from tests.api.app import NOBODY, PUBLIC, WEBSITE, Shop
from tests.web.calls import Visitor

PERSON = {"company": "Acme", "phone": "13800138000", "email": "ada@acme.example"}


def body(**values: Any) -> bytes:
    return json.dumps({**PERSON, **values}).encode()


def codes(answer: dict[str, Any]) -> dict[str, str]:
    """The problems of a refused request: code by place."""
    return {each.pointer: each.code for each in answer["refused"].problems}


PAPERS = {
    "name": "papers",
    "type": "intake",
    "form": "paper",
    "payload": {"type": "object", "properties": {"contract": {"type": "string"}, "title": {"type": "string"}}},
    "values": {"contract": "payload.contract", "title": "payload.title"},
    "find": {"contract": "number"},
    "duplicates": "create",
    "authentication": {"key": True},
}
PAPER = {
    "name": "paper",
    "fields": [{"name": "title", "type": "text"}, {"name": "contract", "type": "link", "to": "contract"}],
    "permissions": [{"role": "supervisor", "can": ["create", "read"]}],
}
STRICT = {**WEBSITE, "name": "strict", "duplicates": "refuse"}
LINKED = {**WEBSITE, "name": "linked", "duplicates": "link", "link": "earlier"}


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop(WEBSITE, PUBLIC, STRICT, LINKED)


@pytest.fixture
def each_shop(open_shop: Callable[..., Shop], database_url: str) -> Shop:
    return open_shop(WEBSITE, PUBLIC, STRICT, LINKED, database=database_url)


@pytest.mark.requirement("SA02", "SA03", "SA04")
def test_a_request_becomes_a_record(each_shop: Shop) -> None:
    """Values are mapped by expressions, with their types; what is blank is left to the form's defaults."""
    shop = each_shop
    answer = shop.send(
        shop.key("root", "intake:website"), "website", body(budget=12.5, since="2026-01-31", employees=7)
    )
    assert (answer["status"], answer["body"]["status"]) == (201, "created")
    lead = shop.ask("root", "records.get", type="lead", id=answer["body"]["id"])
    shown = {name: lead[name] for name in ("company", "budget", "source", "grade", "double")}
    expected = {
        "company": "Acme",
        "budget": Decimal("12.50"),
        "source": "website",
        "grade": None,
        "double": Decimal(25),
    }
    assert expected == shown
    assert "2026-01-31" == lead["since"].isoformat()


def test_the_same_person_again_changes_the_record(each_shop: Shop) -> None:
    """The first exact rule that fits decides; fields that are not sent keep their value."""
    shop, key = each_shop, each_shop.key("root", "intake")
    first = shop.send(key, "website", body(budget=10))
    again = shop.send(key, "website", json.dumps({"company": "Acme Ltd", "email": "ADA@acme.example"}).encode())
    assert (200, "updated", first["body"]["id"]) == (again["status"], again["body"]["status"], again["body"]["id"])
    lead = shop.ask("root", "records.get", type="lead", id=first["body"]["id"])
    assert ("Acme Ltd", Decimal(10)) == (lead["company"], lead["budget"])


def test_refuse_and_link(each_shop: Shop) -> None:
    """`refuse` says which record it is; `link` makes a new one that names the earlier."""
    shop, key = each_shop, each_shop.key("root", "intake")
    first = shop.send(key, "strict", body())["body"]["id"]
    refused = shop.send(key, "strict", body())
    assert (409, {"": "api.duplicate"}) == (refused["status"], codes(refused))
    linked = shop.send(key, "linked", body())
    assert "linked" == linked["body"]["status"]
    assert first == shop.ask("root", "records.get", type="lead", id=linked["body"]["id"])["earlier"]


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"compny": "x", "company": "Acme"}, {"/compny": "api.unknown-key"}),
        ({}, {"/company": "api.missing"}),
        ({"company": 7}, {"/company": "api.payload"}),
        ({"company": "A", "budget": -1}, {"/company": "api.payload", "/budget": "api.payload"}),
        ({"company": "Acme", "grade": "Z"}, {"/grade": "api.payload"}),
        ({"company": "Acme", "since": "2026-02-30"}, {"/since": "api.payload"}),
        ({"company": "Acme", "contact": {"mobile": 1}}, {"/contact/mobile": "api.payload"}),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(shop: Shop, sent: dict[str, Any], wrong: dict[str, str]) -> None:
    """Every fault at once, each with a pointer; nothing is saved."""
    answer = shop.send(shop.key("root", "intake"), "website", json.dumps(sent).encode())
    assert (422, wrong) == (answer["status"], codes(answer))
    assert [] == shop.ask("root", "records.list", type="lead")["items"]


def test_an_unknown_key_is_answered_with_the_nearest(shop: Shop) -> None:
    """A misspelt name is answered with the one that was meant."""
    answer = shop.send(shop.key("root", "intake"), "website", body(emial="x"))
    assert "there is no 'emial' here. Did you mean 'email'?" == answer["refused"].problems[0].words("en")


def test_forms_send_text(shop: Shop) -> None:
    """A body of a web form is read by the types of the schema."""
    sent = urlencode({"company": "Acme", "budget": "12.30", "employees": "7", "phone": ""}).encode()
    answer = shop.send(shop.key("root", "intake"), "website", sent, content_type="application/x-www-form-urlencoded")
    lead = shop.ask("root", "records.get", type="lead", id=answer["body"]["id"])
    assert (Decimal("12.30"), 7, None) == (lead["budget"], lead["employees"], lead["phone"])


@pytest.mark.parametrize(
    ("sent", "media_type", "code"),
    [
        (b"{", "application/json", "api.bad-body"),
        (b'{"company": NaN}', "application/json", "api.bad-body"),
        (b"[]", "application/json", "api.bad-body"),
        (b"<xml/>", "text/xml", "api.media-type"),
        (b'{"company": "' + b"x" * 2**20 + b'"}', "application/json", "api.too-large"),
    ],
)
def test_bodies_that_cannot_be_read(shop: Shop, sent: bytes, media_type: str, code: str) -> None:
    """A body that is none is a refusal, never a fault."""
    answer = shop.send(shop.key("root", "intake"), "website", sent, content_type=media_type)
    assert (422, {"": code}) == (answer["status"], codes(answer))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b'{"company": "Acme", "employees": 1' + b"0" * 300 + b"}", "64 bits"),
        (b'{"company": "a\\u0000b"}', "null character"),
        (b'{"company": "\\ud800ab"}', "half of a character"),
        (b'{"company": "Acme", "contact": ' + b'{"a":' * 80 + b"1" + b"}" * 81, "levels deep"),
        (b'{"company": "Acme", "budget": NaN}', "NaN"),
        (b'{"company": "Acme", "employees": 1.5}', "1.5 is not of type 'integer'"),
        (b"company=a%00b", "null character"),
        (b"&".join(b"a%d=1" % each for each in range(2000)), "fields"),
    ],
)
def test_what_no_part_can_hold(each_shop: Shop, sent: bytes, said: str) -> None:
    """It is refused in words, kept as it came, and can be answered over HTTP, on every database."""
    kind = "application/x-www-form-urlencoded" if sent[:1] != b"{" else "application/json"
    answer = Visitor(each_shop).ask("POST", "api/intake/website", content=sent, headers={
        "content-type": kind, "authorization": f"Bearer {each_shop.key('li', 'intake')}",
    })  # fmt: skip
    assert 422 == answer.status_code, answer.text
    assert said in answer.json()["detail"] and "Decimal(" not in answer.text
    assert [] == each_shop.ask("head", "records.list", type="lead")["items"]


def test_a_whole_number_may_be_written_with_a_point(shop: Shop) -> None:
    """1.0 is an integer, as JSON Schema has it."""
    answer = shop.send(shop.key("li"), "website", b'{"company": "Acme", "employees": 3.0, "budget": 1e2}')
    assert "created" == answer["body"]["status"]
    [made] = shop.ask("head", "records.list", type="lead")["items"]
    assert (3, Decimal("100.00")) == (made["employees"], made["budget"])


def test_who_may_send(shop: Shop) -> None:
    """Without a key, or with one for something else, nothing comes in; being signed in is no key."""
    assert 401 == shop.send(None, "website", body())["status"]
    assert 403 == shop.send(shop.key("root", "form:lead"), "website", body())["status"]
    assert 403 == shop.send(shop.key("root", "intake:strict"), "website", body())["status"]
    signed_in = shop.host.ask(shop.host.actor("root"), "api.intake", name="website", body=body())
    assert 401 == signed_in["status"]
    assert 0 == len(shop.ask("root", "api.requests")["items"])


def test_a_public_intake(shop: Shop) -> None:
    """Pages of named origins may send; people are thanked without being told ids; too many are asked to wait."""
    origin = {"origin": "https://www.example.com"}
    answer = shop.send(None, "landing_page", body(), **origin)
    assert (200, {"status": "received"}) == (answer["status"], answer["body"])
    assert ("Access-Control-Allow-Origin", "https://www.example.com") in answer["headers"]
    elsewhere = shop.send(None, "landing_page", body(), origin="https://evil.example")
    assert (403, []) == (elsewhere["status"], elsewhere["headers"])
    for _ in range(2):
        shop.send(None, "landing_page", body(), **origin)
    limited = shop.send(None, "landing_page", body(), **origin)
    assert (429, 20) == (limited["status"], limited["refused"].details["retry_after"])


def test_a_flood_from_everywhere(open_shop: Callable[..., Shop]) -> None:
    """A public intake takes so much a minute from all addresses together, and the rest is neither kept nor saved."""
    anybody: Any = PUBLIC["authentication"]
    shop = open_shop({**PUBLIC, "authentication": {**anybody, "limit_total": 5}})
    sent = [
        shop.host.ask(NOBODY, "api.intake", name="landing_page", body=body(), address=f"203.0.113.{each}",
                      headers={"content-type": "application/json", "origin": "https://www.example.com"})["status"]
        for each in range(8)
    ]  # fmt: skip
    assert [200] * 5 + [429] * 3 == sent
    assert 5 == len(shop.ask("root", "api.requests")["items"])


@pytest.mark.parametrize(
    ("addresses", "limits", "answered"),
    [
        ([""] * 5, (4, 4), "yyyyn"),  # a host that is told no addresses counts each request once
        (["a"] * 9 + ["b", "b", "c", "d"], (20, 10), "yyyyyyyyn" + "ynyn"),  # the last two are for who is new
        ([f"2001:db8:1:{each}::1" for each in range(12)] + ["2001:db8:2::1"], (1, 100), "y" * 10 + "nny"),
    ],
)  # fmt: skip
def test_a_few_shut_nobody_out(
    open_shop: Callable[..., Shop], addresses: list[str], limits: tuple[int, int], answered: str
) -> None:
    """Who sends all they may, from some addresses or from a site of many networks, leaves room for others."""
    anybody: Any = {**PUBLIC["authentication"], "limit": limits[0], "limit_total": limits[1]}  # type: ignore[dict-item]
    shop = open_shop({**PUBLIC, "authentication": anybody})
    sent = [
        shop.host.ask(NOBODY, "api.intake", name="landing_page", body=body(), address=each,
                      headers={"content-type": "application/json", "origin": "https://www.example.com"})["status"]
        for each in addresses
    ]  # fmt: skip
    assert answered == "".join("y" if each == 200 else "n" for each in sent)


def test_what_no_person_fills_in(shop: Shop) -> None:
    """The trap field marks a robot: it is answered like anybody and saved nowhere."""
    answer = shop.send(None, "landing_page", body(homepage="http://spam.example"))
    assert (200, {"status": "received"}) == (answer["status"], answer["body"])
    assert ["flagged"] == [each["state"] for each in shop.ask("root", "api.requests")["items"]]
    assert [] == shop.ask("root", "records.list", type="lead")["items"]


def test_a_refused_request_is_kept_and_can_be_replayed(open_shop: Callable[..., Shop], database_url: str) -> None:
    """After the definition was corrected the same request comes in again."""
    strict = {**WEBSITE, "payload": {**WEBSITE["payload"], "required": ["email"]}}  # type: ignore[dict-item]
    shop = open_shop(strict, database=database_url)
    answer = shop.send(shop.key("root", "intake"), "website", b'{"company": "Acme"}')
    assert 422 == answer["status"]
    [kept] = shop.ask("root", "api.requests", state="refused")["items"]
    assert ["/email"] == [each["pointer"] for each in kept["problems"]]
    [chinese] = shop.chinese("root", "api.requests", state="refused")["items"]
    assert ["'email' is missing", "缺少“email”"] == [each["problems"][0]["detail"] for each in (kept, chinese)]
    mended = open_shop(WEBSITE, database=database_url)
    again = mended.ask("root", "api.replay", id=kept["id"])
    assert ("accepted", "created") == (again["state"], again["outcome"])
    assert "Acme" == mended.ask("root", "records.get", type="lead", id=again["record"])["company"]
    with pytest.raises(Rejected):
        mended.ask("li", "api.replay", id=kept["id"])


@pytest.mark.requirement("SA06", "SA08")
def test_a_link_is_named_as_the_other_program_knows_it(open_shop: Callable[..., Shop]) -> None:
    """A number finds the record; a number nobody has is refused at its field, and nothing is kept."""
    shop = open_shop(PAPERS, more={"forms/paper.json": PAPER})
    contract = shop.ask("head", "records.create", type="contract", values={"number": 'C"1'})["id"]
    key = shop.key("root", "intake:papers")
    answer = shop.send(key, "papers", json.dumps({"contract": 'C"1', "title": "x"}).encode())
    assert contract == shop.ask("head", "records.get", type="paper", id=answer["body"]["id"])["contract"]
    refused = shop.send(key, "papers", json.dumps({"contract": "C2", "title": "y"}).encode())
    assert {"/contract": "api.not-found-by"} == codes(refused)
    assert "没有number为“C2”的合同" == refused["refused"].problems[0].words("zh-CN")
    assert 1 == len(shop.ask("head", "records.list", type="paper")["items"])


def test_a_schema_fetches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent is checked by the schema at hand: a reference out of it, which no published app has, is not
    followed."""
    opened: list[object] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda *given, **_: opened.append(given))
    with pytest.raises(Unresolvable):
        misfits({"properties": {"a": {"$ref": "http://127.0.0.1:9/schema.json"}}}, {"a": 1})
    assert opened == []


@pytest.mark.parametrize(
    ("schema", "sent", "english", "chinese"),
    [
        ({"enum": [None, True, 1]}, 2, "2 is not possible here: null, true, 1", "“2”：可用：null、true、1"),
        ({"enum": ["A", "B"]}, "C", '"C" is not possible here: "A", "B"', "“C”：可用：A、B"),
        ({"const": {"x": 1}}, 2, '2 is not possible here: {"x": 1}', '“2”：应为 {"x": 1}'),
        ({"type": ["string", "null"]}, True, "true is not of type 'string', 'null'", "“true”：应为文本 或 null"),
        (False, 1, "nothing is allowed here", "此处不允许填写任何内容"),
        ({"prefixItems": [True], "items": False}, [1, 2], "Expected at most 1 item but found 1 extra: 2", "有多余的项"),
        (
            {"contains": {"const": 1}, "minContains": 2}, [1],
            "Too few items match the given schema (expected at least 2 but only 1 matched)", "符合要求的项太少",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_both_languages(schema: Any, sent: Any, english: str, chinese: str) -> None:
    """In the words of JSON and of people, not of Python or of another language."""
    [found] = misfits({"properties": {"a": schema}}, {"a": sent})
    assert (english, f"内容不符合要求：{chinese}") == (found.words("en"), found.words("zh-CN"))


def test_a_rule_without_words_of_its_own_is_named() -> None:
    """What is said in Chinese is Chinese, whatever the rule."""
    error = ValidationError("'x' is wrong", validator="contentSchema", validator_value={}, instance="x", schema={})
    [found] = list(problems_of(error, ""))
    assert "内容不符合要求：“x”：不符合 contentSchema 的要求" == found.words("zh-CN")
