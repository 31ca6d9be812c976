"""What the designer of intakes and mailboxes asks: a schema of a sample, what comes of it, a mailbox that is tried."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from datetime import timedelta
from functools import reduce
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.api import samples
from lowcode.api.presets import PRESETS
from lowcode.api.tables import request
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.storage.tables import event
from tests.api.app import WEBSITE, Shop, share_shop
from tests.support.imap import FOLDER, PASSWORD, USER, Mailboxes, mailboxes

__all__ = ["mailboxes", "share_shop"]
SAMPLE = {"company": "Hai", "phone": "13800000138", "employees": 12, "budget": 2.5, "since": "2026-03-02", "grade": "A"}


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop]) -> Shop:
    found = share_shop(WEBSITE)
    found.ask("root", "records.create", type="lead", values={"company": "Known", "phone": "13800000777"})
    return found


def tried(shop: Shop, sample: dict[str, Any], **change: Any) -> Any:
    """What the intake would do with a sample."""
    return shop.ask("root", "api.try_intake", document={**WEBSITE, **change}, sample=sample)


@pytest.mark.requirement("SP01", "SA03", "SA04")
def test_a_sample_says_what_is_sent_and_which_field_is_meant(shop: Shop) -> None:
    """Types, formats, lists of objects; fields by name, by title, by type. The sample stays with the schema."""
    sample = {"firm": {"company": "Hai", "mobile": "138"}, "mail": "a@example.com", "since": "2026-03-02",
              "at": "2026-03-02T09:00:00Z", "items": [{"a": 1}, {"a": 2.5, "b": True}], "none": None}  # fmt: skip
    found = shop.ask("root", "api.read_sample", sample=sample, form="lead")
    parts = found["payload"]["properties"]
    assert {"type": "object", "properties": {"company": {"type": "string"}, "mobile": {"type": "string"}}} == parts[
        "firm"
    ]
    assert ["email", "date", "date-time"] == [parts[name]["format"] for name in ("mail", "since", "at")]
    entry = {"a": {"type": "number"}, "b": {"type": "boolean"}}
    assert {"type": "array", "items": {"type": "object", "properties": entry}} == parts["items"]
    assert {} == parts["none"] and [sample] == found["payload"]["examples"]
    expected = {"company": "payload.firm.company", "phone": "payload.firm.mobile", "email": "payload.mail",
                "since": "payload.since"}  # fmt: skip
    assert expected == found["values"]
    with pytest.raises(NotFound, match="lead"):
        shop.ask("root", "api.read_sample", sample=sample, form="leed")


OPEN: dict[str, Any] = {}
DEEP = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "array", "items": OPEN}}}}


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        ([1, 2], {"type": "integer"}),
        ([1, True], OPEN),
        ([1, None], OPEN),
        (["2026-03-02", "2026-03-03"], {"type": "string", "format": "date"}),
        (["2026-03-02", "soon"], {"type": "string"}),
        ([[], [1], [2.5]], {"type": "array", "items": {"type": "number"}}),
        ([{"a": {"b": 1}}, {"a": {"c": "x"}}], {"type": "object", "properties": {"a": {"type": "object", "properties":
            {"b": {"type": "integer"}, "c": {"type": "string"}}}}}),
        ([*[1] * samples.ENTRIES, "late"], {"type": "integer"}),
        ([[[[[[[[1]]]]]]]], reduce(lambda inner, _: {"type": "array", "items": inner}, range(6), OPEN)),
        ([{"a": [{"a": [{"a": [{"a": 1}]}]}]}], {"type": "object", "properties": {"a": {"type": "array", "items":
            {"type": "object", "properties": {"a": DEEP}}}}}),
    ],
)  # fmt: skip
def test_entries_of_a_list_are_told_together(values: list[Any], schema: dict[str, Any]) -> None:
    """What they have in common, and the parts of all; objects and lists alike are left open where they lie too deep,
    and the first entries speak for the rest."""
    assert {"type": "array", "items": schema} == samples.schema_of_sample({"list": values})["properties"]["list"]


def test_a_sample_of_any_size_is_read_once(shop: Shop) -> None:
    """Twice as many entries, each with keys of its own, are about twice as much to do; where there are more keys than
    a message has, the sample is refused."""

    def calls(count: int) -> int:
        profile = Profile()
        profile.runcall(samples.schema_of_sample, {"rows": [{f"a{at}": 1, f"b{at}": "x"} for at in range(count)]})
        return sum(each.callcount for each in profile.getstats())

    assert calls(200) < 2.5 * calls(100)
    with pytest.raises(Rejected, match=f"{samples.PROPERTIES + 1} properties"):
        shop.ask("root", "api.read_sample", sample={str(at): at for at in range(samples.PROPERTIES + 1)})


@pytest.mark.requirement("SP01", "SA02", "SA03", "SA04", "SA08", "SA16")
@pytest.mark.parametrize("name", PRESETS)
def test_what_one_begins_with_can_be_published(shop: Shop, name: str) -> None:
    """Each preset, with the form chosen and the fields that are suggested: nothing is wrong but what has to be filled
    in."""
    preset = next(each for each in shop.ask("root", "api.connection_palette")["presets"] if each["name"] == name)
    read = shop.ask("root", "api.read_sample", sample=preset["sample"] or {"company": "Hai"}, form="lead")
    document = {"name": "fresh", **preset["begin"], "form": "lead", "payload": read["payload"],
                "values": read["values"] or {"company": '"Page"'}}  # fmt: skip
    found = shop.ask("root", "api.check_connection", document=document)["findings"]
    assert [each["pointer"] for each in found] in ([], ["/authentication/signed/secret/secret"]), found
    assert {"zh-CN", "en"} == preset["title"].keys() == preset["help"].keys()


@pytest.mark.requirement("SP01", "SA03", "SA04")
def test_a_sample_is_tried_and_nothing_stays(shop: Shop) -> None:
    """Each field's value, what the form makes of it, whom it is known as; why it is refused, at its place. No record,
    no request, no event is left."""

    def counted() -> list[int]:
        with shop.host.database.reading() as unit:
            types = shop.host.types
            return [unit.fetch(sa.select(sa.func.count().label("n")).select_from(each))[0]["n"]
                    for each in (types["lead"].table, request, event)]  # fmt: skip

    before = counted()
    new = tried(shop, SAMPLE)
    assert ("created", None, []) == (new["outcome"], new["before"], new["problems"] + new["findings"])
    assert "Hai" == new["values"]["company"]["value"] == new["saved"]["company"]
    assert "website" == new["saved"]["source"]
    known = tried(shop, {**SAMPLE, "phone": "13800000777"})
    assert "updated" == known["outcome"] and "Known" != known["saved"]["company"] and known["before"]["label"] == "Hai"
    refused = tried(shop, {**SAMPLE, "phone": "13800000777"}, duplicates="refuse")
    assert ("refused", ["api.duplicate"]) == (refused["outcome"], [each["code"] for each in refused["problems"]])
    assert ["/company"] == [each["pointer"] for each in tried(shop, {"company": "x"})["problems"]]
    flagged = tried(shop, {**SAMPLE, "homepage": "x"}, authentication={"public": True, "honeypot": "homepage"})
    assert "flagged" == flagged["outcome"]
    half = tried(shop, SAMPLE, values={"company": "payload.company", "grade": "payload.grde"})
    assert ["/values/grade"] == [each["pointer"] for each in half["findings"]] and half["outcome"] is None
    assert {"company": {"value": "Hai"}} == half["values"]
    assert "created" == tried(shop, SAMPLE, enabled=False, name="fresh")["outcome"]
    assert before == counted()
    with pytest.raises(Forbidden):
        shop.ask("head", "api.try_intake", document=WEBSITE, sample=SAMPLE)


MAILBOX: dict[str, Any] = {
    "name": "office", "type": "mailbox", "user": USER, "password": {"secret": "OFFICE"}, "folder": FOLDER,
    "people": [{"form": "lead", "by": "email"}], "form": "lead", "values": {"company": "mail.subject"},
}  # fmt: skip


@pytest.mark.requirement("A15", "SP01")
def test_a_mailbox_is_tried_before_it_is_published(open_shop: Callable[..., Shop], mailboxes: Mailboxes) -> None:
    """By a server, a user and a password of its own name: the folder and how many letters are in it; why not, where it
    cannot be looked into. A secret that the server has not said is for it is not used. Then letters come by it."""
    mailboxes.put(b"From: a@x.example\nSubject: one\nMessage-ID: <1@x>\n\nhello")
    document = {**MAILBOX, "url": f"imap://{mailboxes.host}:{mailboxes.port}"}
    secrets = {"OFFICE": PASSWORD, "OTHER": "x"}
    shop = open_shop(document, secrets=secrets, bounds={"OTHER": "api/another"}, allow_private=True)
    shop.host.settle()

    def looked(**change: Any) -> Any:
        return shop.ask("root", "api.try_mailbox", document={**document, **change})

    assert {"done": True, "folder": FOLDER, "letters": 1, "error": None} == looked()
    assert "Nowhere" in looked(folder="Nowhere")["error"]
    assert "refused" in looked(user="nobody")["error"]
    assert "LOWCODE_BOUND_OTHER" in looked(password={"secret": "OTHER"})["error"]
    assert "no address" in looked(url=None, user=None, password=None, folder=None)["error"]
    assert "mail.example.com" in looked(name="fresh", url="imaps://mail.example.com")["error"]
    assert all(each["there"] for each in shop.ask("root", "api.connection_palette")["secrets"])
    faults: list[dict[str, Any]] = [
        {"url": "imaps://u:p@host"}, {"user": None}, {"url": {"secret": "OFFICE"}}, {"url": "imap://h:65536"},
        {"url": "imap://a..b"}, {"folder": "a\r\nX1 DELETE INBOX"}, {"user": "crm\nX"},
    ]  # fmt: skip
    for broken in faults:
        assert shop.ask("root", "api.check_connection", document={**document, **broken})["findings"], broken
        assert looked(**broken)["error"], broken
    shop.clock.advance(timedelta(minutes=3))
    shop.host.settle()
    [letter] = shop.ask("root", "api.letters")["items"]
    assert ("unknown", "one") == (letter["state"], letter["subject"])


CALL: dict[str, Any] = {
    "name": "find_lead", "type": "endpoint", "method": "POST", "path": "leads/{company}", "access": {"key": True},
    "query": {"type": "object", "properties": {"budget": {"type": "integer"}}, "additionalProperties": False},
    "payload": {"type": "object", "properties": {"phone": {"type": "string"}}, "required": ["phone"]},
    "steps": [{"create": {"form": "lead", "values": {"company": "path.company", "phone": "payload.phone"},
                          "as": "made"}}],
    "answer": {"status": 201, "body": {"company": "made.company", "twice": "query.budget * 2"}},
}  # fmt: skip


@pytest.mark.requirement("SP01", "SA09")
def test_an_endpoint_is_tried_and_nothing_stays(shop: Shop) -> None:
    """What a call would be answered, what would refuse it and with which status; what is wrong with the document."""

    def called(document: dict[str, Any] = CALL, **call: Any) -> Any:
        return shop.ask("root", "api.try_endpoint", document=document, **{"path": {"company": "Hai"}, **call})

    before = shop.ask("root", "records.list", type="lead")["items"]
    good = called(query={"budget": "21"}, payload={"phone": "13900000001"})
    assert (201, {"company": "Hai", "twice": 42}) == (good["status"], good["answer"]["body"])
    assert before == shop.ask("root", "records.list", type="lead")["items"]
    assert (422, ["/phone"]) == (called()["status"], [each["pointer"] for each in called()["problems"]])
    late = called(query={"budget": "x"}, payload={"phone": "1"})
    assert (422, ["/query/budget"]) == (late["status"], [each["pointer"] for each in late["problems"]])
    missing = {**CALL, "steps": [{"find": {"form": "lead", "where": "company = path.company", "as": "made"}}]}
    assert 404 == called(missing, payload={"phone": "1"})["status"]
    wrong = called({**CALL, "answer": {"body": "made.compny"}})
    assert ["/answer/body"] == [each["pointer"] for each in wrong["findings"]] and wrong["status"] is None
    [path] = called({**CALL, "path": "/leads/{company}"})["findings"]
    assert "/path" == path["pointer"] and "customers/{number}/receivables" in path["message"] + path["hint"]
    with pytest.raises(Forbidden):
        shop.ask("head", "api.try_endpoint", document=CALL)
