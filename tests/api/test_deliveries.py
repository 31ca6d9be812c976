"""What goes out: once per cause, signed, tried again until it is there, never to a private address unasked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lowcode.api.masking import masked
from lowcode.api.signature import verify
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from tests.api.app import SIGNED, Shop
from tests.api.receiver import Receiver, receiver

__all__ = ["receiver"]

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def shop_with(open_shop: Callable[..., Shop], receiver: Receiver, *api: Any, **more: Any) -> Shop:
    options = {"secrets": {"ERP_URL": f"{receiver.url}/hook?x=1", "ERP_KEY": KEY}, "allow_private": ("127.0.0.0/8",)}
    return open_shop(*(api or (SIGNED,)), **{**options, **more})


def contract(shop: Shop, **values: Any) -> int:
    lead = shop.ask("head", "records.create", type="lead", values={"company": "Acme"})["id"]
    sent = {"number": "C1", "lead": lead, "total": "12.50", **values}
    return int(shop.ask("head", "records.create", type="contract", values=sent)["id"])


def sign(shop: Shop, record: int) -> None:
    shop.ask("head", "records.update", type="contract", id=record, values={"stage": "signed"})


def sent(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.ask("root", "api.deliveries")["items"]
    return found


@pytest.mark.requirement("SA06", "SA07", "A5", "A6")
def test_a_signed_message_arrives(open_shop: Callable[..., Shop], receiver: Receiver, database_url: str) -> None:
    """When a record comes to meet the condition, its values go out once, with a signature the other side can check."""
    shop = shop_with(open_shop, receiver, database=database_url)
    record = contract(shop, signed_on="2026-03-02")
    shop.host.settle()
    assert [] == receiver.got
    sign(shop, record)
    shop.ask("head", "records.update", type="contract", id=record, values={"total": "13"})
    shop.host.settle()
    [(path, headers, body)] = receiver.got
    assert "/hook?x=1" == path
    data = {"number": "C1", "customer": "Acme", "total": "12.50", "signed_on": "2026-03-02"}
    assert {"type": "contract_signed", "timestamp": "2026-03-02T01:00:00.000Z", "data": data} == json.loads(body)
    stamp = int(headers["webhook-timestamp"])
    assert verify(KEY, headers["webhook-id"], stamp, body, headers["webhook-signature"], stamp + 10)
    [row] = sent(shop)
    assert ("delivered", 200, 1) == (row["state"], row["status"], row["attempts"])
    shown = {"number": "C…", "customer": "A…", "total": "1…", "signed_on": "2…"}
    assert {"type": "contract_signed", "timestamp": "2026-03-02T01:00:00.000Z", "data": shown} == json.loads(
        row["body"]
    )


ROWS = {
    "name": "lead_changed", "type": "webhook", "url": {"secret": "ERP_URL"}, "on": {"form": "lead", "event": "updated"},
    "body": {
        "company": "company", "note": "secret_note", "about": {"grade": "grade", "version": 2},
        "contracts": {
            "for_each": "contracts", "where": "total > 5", "body": {"number": "number", "total": "total"},
        },
    },
}  # fmt: skip


@pytest.mark.requirement("A5")
def test_a_message_has_parts_and_rows(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """Objects, constants, and a list with an entry for each row for which a condition holds; so when a rule sends it,
    too."""
    shop = shop_with(open_shop, receiver, ROWS)
    contract(shop)
    lead = shop.ask("head", "records.list", type="lead")["items"][0]["id"]
    for number, total in (("C2", "2"), ("C3", "8")):
        shop.ask("head", "records.create", type="contract", values={"number": number, "lead": lead, "total": total})
    shop.ask("head", "records.update", type="lead", id=lead, values={"grade": "A"})
    shop.host.ask(APP, "api.send", name="lead_changed", record={"form": "lead", "id": lead})
    shop.host.settle()
    listed = [{"number": "C1", "total": "12.50"}, {"number": "C3", "total": "8.00"}]
    told = {"company": "Acme", "note": None, "about": {"grade": "A", "version": 2}, "contracts": listed}
    assert [told, told] == [json.loads(body)["data"] for _, _, body in receiver.got]


def test_a_save_that_is_undone_sends_nothing(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """The message belongs to the transaction of its cause."""
    shop = shop_with(open_shop, receiver)
    record = contract(shop)
    with pytest.raises(RuntimeError), shop.host.session(shop.host.actor("head")) as context:
        context.ask("records.update", type="contract", id=record, values={"stage": "signed"})
        raise RuntimeError
    shop.host.settle()
    assert ([], []) == (receiver.got, sent(shop))


def test_it_is_tried_again_until_it_is_there(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """Failures are tried again at growing pauses and as late as the other side asks, under one id."""
    shop = shop_with(open_shop, receiver)
    receiver.answers = [(500, {}), (302, {"location": receiver.url}), (429, {"retry-after": "4000"}), (204, {})]
    sign(shop, contract(shop))
    shop.host.settle()
    waits = []
    for _ in range(3):
        [row] = sent(shop)
        assert "waiting" == row["state"]
        wait = (row["next_at"] - shop.clock.now()).total_seconds()
        waits.append(wait)
        shop.clock.advance(timedelta(seconds=wait - 1))
        shop.host.settle()
        assert row["attempts"] == sent(shop)[0]["attempts"]
        shop.clock.advance(timedelta(seconds=1))
        shop.host.settle()
    assert 5 <= waits[0] <= 6 and 300 <= waits[1] <= 330 and 4000 == waits[2]
    assert 1 == len({headers["webhook-id"] for _, headers, _ in receiver.got})
    assert 4 == len({headers["webhook-timestamp"] for _, headers, _ in receiver.got})
    assert ("delivered", 4) == (sent(shop)[0]["state"], sent(shop)[0]["attempts"])


@pytest.mark.requirement("X22", "A7")
def test_dead_letters_are_seen_and_sent_again(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """What never arrived stays in the list; an administrator sends it again under the same id."""
    shop = shop_with(open_shop, receiver)
    receiver.answers = [(500, {})] * 10
    sign(shop, contract(shop))
    for _ in range(10):
        shop.host.settle()
        shop.clock.advance(timedelta(days=2))
    [row] = sent(shop)
    assert ("dead", 10, "the other side answered 500") == (row["state"], row["attempts"], row["error"])
    assert ["对方返回状态 500"] == [each["error"] for each in shop.chinese("root", "api.deliveries")["items"]]
    assert "对方返回状态 500" == shop.chinese("root", "api.delivery", id=row["id"])["error"]
    with pytest.raises(Rejected):
        shop.ask("li", "api.redeliver", id=row["id"])
    shop.ask("root", "api.redeliver", id=row["id"])
    shop.host.settle()
    assert ["delivered"] == [each["state"] for each in sent(shop)]
    assert 1 == len({headers["webhook-id"] for _, headers, _ in receiver.got})


def test_gone_is_final(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """410 means: do not send this again."""
    shop = shop_with(open_shop, receiver)
    receiver.answers = [(410, {})]
    sign(shop, contract(shop))
    shop.host.settle()
    assert [("dead", 1)] == [(row["state"], row["attempts"]) for row in sent(shop)]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"secrets": {}}, "the secret 'ERP_URL' is not set; set LOWCODE_SECRET_ERP_URL"),
        ({"allow_private": False}, "is an address of a private network"),
        ({"allow_private": ("10.0.0.0/8",)}, "is an address of a private network"),
        ({"secrets": {"ERP_KEY": KEY, "ERP_URL": "file:///etc/passwd"}}, "takes the secret 'ERP_URL' for an address"),
        ({"secrets": {"ERP_KEY": KEY, "ERP_URL": "http://me:pw@erp.example"}}, "is not an address to send to"),
        ({"secrets": {"ERP_KEY": KEY, "ERP_URL": "http://127.0.0.1/hook hidden"}}, "that no request can carry"),
    ],
)
def test_what_cannot_be_sent_says_why(
    open_shop: Callable[..., Shop], receiver: Receiver, options: dict[str, Any], reason: str
) -> None:
    """A missing secret and a forbidden address are dead letters at once, with the cure in their words."""
    shop = shop_with(open_shop, receiver, **options)
    sign(shop, contract(shop))
    shop.host.settle()
    [row] = sent(shop)
    assert "dead" == row["state"]
    assert reason in row["error"]
    assert not any(part in row["error"] for part in ("passwd", "me:pw", "hidden")), "a secret is told"
    assert [] == receiver.got


@pytest.mark.parametrize(
    ("event", "expected"),
    [("created", ["C1"]), ("updated", ["C1"]), ("deleted", ["C1"])],
)
def test_events(open_shop: Callable[..., Shop], receiver: Receiver, event: str, expected: list[str]) -> None:
    """Each event is told once; `fields` narrows changes, `when` all of them."""
    on = {"form": "contract", "event": event, "when": "total > 1"}
    document = {**SIGNED, "on": on | ({"fields": ["stage"]} if event == "updated" else {})}
    shop = shop_with(open_shop, receiver, document)
    record = contract(shop)
    contract(shop, number="C2", total="1")
    shop.ask("head", "records.update", type="contract", id=record, values={"signed_on": "2026-03-03"})
    sign(shop, record)
    shop.ask("head", "records.delete", type="contract", id=record)
    shop.host.settle()
    assert expected == [json.loads(body)["data"]["number"] for _, _, body in receiver.got]


def test_rules_send_to_connectors(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """What a rule sends goes the same way, with headers whose values are secrets."""
    connector = {
        "name": "chat",
        "type": "connector",
        "url": receiver.url,
        "headers": {"Authorization": {"secret": "ERP_KEY"}},
    }
    shop = shop_with(open_shop, receiver, connector)
    with shop.host.session() as app:
        app.ask("api.send", name="chat", body={"text": "hello"}, record={"form": "contract", "id": 1})
    shop.host.settle()
    [(_, headers, body)] = receiver.got
    assert (KEY, {"text": "hello"}) == (headers["authorization"], json.loads(body)["data"])
    assert "webhook-signature" not in headers


@pytest.mark.requirement("A6")
@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"to":["13800000001"],"text":"Hi","n":[1,null,true,{"a":""}]}',
         '{"to":["1…"],"text":"H…","n":[1,null,true,{"a":""}]}'),
        ('["王伟"]', '["王…"]'), ("plain words", "…"), ("", ""), (None, None),
    ],
)  # fmt: skip
def test_the_log_hides_what_a_message_says(body: str | None, shown: str | None) -> None:
    """Words but for their first character, whatever the message looks like."""
    assert shown == masked(body)


def test_who_reads_a_message_whole_is_written_down(
    open_shop: Callable[..., Shop], receiver: Receiver, database_url: str
) -> None:
    """Each time, with who it was, when, and the key that was used; a list shows no more than what tells messages apart,
    and is noted of nobody. The entry is of the same transaction as the answer."""
    shop = shop_with(open_shop, receiver, database=database_url)
    sign(shop, contract(shop, signed_on="2026-03-02"))
    shop.host.settle()
    [row] = sent(shop)
    assert shop.ask("root", "api.delivery_reads") == {"items": [], "next": None}
    for refused in ("li", "head"):
        with pytest.raises(Forbidden):
            shop.ask(refused, "api.delivery", id=row["id"])
    with pytest.raises(NotFound):
        shop.ask("root", "api.delivery", id=row["id"] + 1)
    assert "Acme" in shop.ask("root", "api.delivery", id=row["id"])["body"]
    shop.clock.advance(timedelta(minutes=5))
    key = shop.key("root")
    shop.host.ask(shop.acting(key), "api.delivery", id=row["id"])
    root = shop.host.actor("root").id
    found = shop.ask("root", "api.delivery_reads", delivery=row["id"])["items"]
    assert [(each["delivery"], each["target"], each["by"]) for each in found] == [
        (row["id"], "contract_signed", root)
    ] * 2
    assert found[0]["at"] - found[1]["at"] == timedelta(minutes=5)
    assert (found[0]["key"] or "!") in key and found[1]["key"] is None
    page = shop.ask("root", "api.delivery_reads", limit=1)
    assert [page["items"], page["next"]] == [found[:1], found[0]["id"]]
    assert shop.ask("root", "api.delivery_reads", after=page["next"])["items"] == found[1:]
    assert shop.ask("root", "api.delivery_reads", delivery=row["id"] + 1)["items"] == []
    with pytest.raises(Forbidden):
        shop.ask("head", "api.delivery_reads")
