"""Messages that prove who sent them: signed ones come in, once; others do not, and what was caught is worth nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from lowcode.api.definition import AuthenticationDocument
from lowcode.api.signature import sign
from lowcode.kernel.diagnostics import Conflict
from tests.api.app import WEBSITE, Shop
from tests.api.receiver import Receiver, receiver
from tests.web.calls import Visitor

__all__ = ["receiver"]

pytestmark = pytest.mark.requirement("A6", "SA08")
KEY, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "former"
"""The secret as it is now, and as it was before it was changed."""
PAID = {**WEBSITE, "name": "paid", "authentication": {"signed": {"secret": {"secret": "PAY"}}}}
HOOK = {
    **WEBSITE, "name": "hook", "duplicates": "create",
    "authentication": {"signed": {"secret": {"secret": "HOOK"}, "by": "hmac_sha256", "header": "X-Hub-Signature-256"}},
}  # fmt: skip
SENT = json.dumps({"company": "Acme", "phone": "13800138000"}).encode()


@pytest.fixture
def shop(open_shop: Callable[..., Shop], database_url: str) -> Shop:
    return open_shop(PAID, HOOK, secrets={"PAY": f"{KEY} {OLD}", "HOOK": "hub"}, database=database_url)


def headers(shop: Shop, message: str = "m1", secret: str = KEY, body: bytes = SENT, **more: str) -> dict[str, str]:
    stamp = int(shop.clock.now().timestamp())
    found = {"webhook-id": message, "webhook-timestamp": str(stamp), "content-type": "application/json"}
    return {**found, "webhook-signature": sign(secret, message, stamp, body), **more}


def send(shop: Shop, given: dict[str, str], body: bytes = SENT, name: str = "paid") -> tuple[int, str]:
    answer = Visitor(shop).ask("POST", f"api/intake/{name}", content=body, headers=given)
    said = answer.json()
    return answer.status_code, said.get("code") or said["status"]


def leads(shop: Shop) -> int:
    return len(shop.ask("head", "records.list", type="lead")["items"])


def test_once(shop: Shop) -> None:
    """A message counts; sent again, by its sender or by whoever caught it, it is answered as before and does nothing.
    After five minutes it is none, whatever was signed."""
    caught = headers(shop)
    assert (201, "created") == send(shop, caught)
    assert (200, "created") == send(shop, caught)
    shop.clock.advance(timedelta(minutes=4))
    assert (200, "created") == send(shop, headers(shop))
    shop.clock.advance(timedelta(minutes=2))
    assert (401, "api.stale-message") == send(shop, caught)
    assert (200, "updated") == send(shop, headers(shop, "m2", OLD))
    assert 1 == leads(shop)


@pytest.mark.parametrize(
    ("changed", "body", "code"),
    [
        ({"webhook-id": "m9"}, SENT, "wrong-signature"),
        ({"webhook-timestamp": "1772413201"}, SENT, "wrong-signature"),
        ({"webhook-timestamp": "9" * 40}, SENT, "wrong-signature"),
        ({"webhook-timestamp": "-1"}, SENT, "wrong-signature"),
        ({"webhook-signature": "v1,x v2 "}, SENT, "wrong-signature"),
        ({}, SENT.replace(b"Acme", b"Evil"), "wrong-signature"),
        ({"webhook-signature": ""}, SENT, "not-signed"),
        ({"authorization": "Bearer lc_x"}, SENT.replace(b"A", b"B"), "bad-key"),
    ],
)
def test_what_is_not_signed_like_that(shop: Shop, changed: dict[str, str], body: bytes, code: str) -> None:
    """Another id, time or body, no signature, or a key instead of one: refused, and nothing is kept."""
    assert (401, f"api.{code}") == send(shop, {**headers(shop), **changed}, body)
    assert (0, []) == (leads(shop), shop.ask("root", "api.requests")["items"])


def test_a_message_that_was_refused_comes_again(shop: Shop) -> None:
    """Its sender tries again under the same id: it is looked at anew, as after the mapping was corrected."""
    wrong = b'{"company": 7}'
    for _ in range(2):
        assert (422, "api.payload") == send(shop, headers(shop, body=wrong), wrong)
    assert (201, "created") == send(shop, headers(shop))
    assert ["accepted", "refused", "refused"] == [each["state"] for each in shop.ask("root", "api.requests")["items"]]


def test_a_refused_message_whose_successor_was_taken(shop: Shop) -> None:
    """What was refused, sent again and taken is not taken once more by whoever replays the refused one."""
    wrong = b'{"company": 7}'
    assert (422, "api.payload") == send(shop, headers(shop, body=wrong), wrong)
    assert (201, "created") == send(shop, headers(shop))
    taken, refused = (each["id"] for each in shop.ask("root", "api.requests")["items"])
    with pytest.raises(Conflict, match=f"request {taken}"):
        shop.ask("root", "api.replay", id=refused)
    assert "updated" == shop.ask("root", "api.replay", id=taken)["outcome"]
    assert (1, [1, 0]) == (leads(shop), [each["replays"] for each in shop.ask("root", "api.requests")["items"]])


def test_a_message_that_was_taken_stays_so(open_shop: Callable[..., Shop]) -> None:
    """Also when its replay is refused: it would count anew when it is sent again."""
    shop = open_shop({**PAID, "duplicates": "refuse"}, secrets={"PAY": KEY})
    assert (201, "created") == send(shop, headers(shop))
    [row] = shop.ask("root", "api.requests")["items"]
    with pytest.raises(Conflict, match="this is here already"):
        shop.ask("root", "api.replay", id=row["id"])
    assert [row] == shop.ask("root", "api.requests")["items"]
    assert (200, "created") == send(shop, headers(shop))


def test_how_often(open_shop: Callable[..., Shop]) -> None:
    """From one address so many a minute as the intake says, and of wrong signatures no more than of wrong keys."""
    signed = {"secret": {"secret": "PAY"}}
    rare = {**PAID, "name": "rare", "authentication": {"signed": signed, "limit": 2}}
    shop = open_shop(rare, PAID, secrets={"PAY": KEY})
    assert [201, 200, 429] == [send(shop, headers(shop, f"m{each}"), name="rare")[0] for each in range(3)]
    shop.clock.advance(timedelta(minutes=1))
    assert (200, "updated") == send(shop, headers(shop, "m4"), name="rare")
    wrong = [send(shop, headers(shop, secret="guess")) for _ in range(61)]
    assert [(401, "api.wrong-signature")] * 60 + [(429, "api.too-many")] == wrong
    assert (200, "updated") == send(shop, headers(shop, "m5"))


@pytest.mark.parametrize("write", [
    lambda digest: "sha256=" + digest.hex(), lambda digest: digest.hex().upper(),
    lambda digest: base64.b64encode(digest).decode(),
])  # fmt: skip
def test_a_signature_over_the_body_alone(shop: Shop, write: Callable[[bytes], str]) -> None:
    """As many programs write it; the same bytes count once, whatever the form does with what it knows already."""
    made = write(hmac.new(b"hub", SENT, hashlib.sha256).digest())
    given = {"content-type": "application/json", "x-hub-signature-256": made}
    assert [(201, "created"), (200, "created")] == [send(shop, given, name="hook") for _ in range(2)]
    assert (401, "api.wrong-signature") == send(shop, given, SENT + b" ", "hook")
    assert 1 == leads(shop)


def test_it_is_described(shop: Shop) -> None:
    """In OpenAPI: no key, and the headers that carry the proof."""
    paths = shop.ask("root", "api.openapi")["paths"]
    found = {name: paths[f"/api/intake/{name}"]["post"] for name in ("paid", "hook")}
    assert all([] == each["security"] for each in found.values())
    assert [["webhook-id", "webhook-timestamp", "webhook-signature"], ["X-Hub-Signature-256"]] == [
        [each["name"] for each in one["parameters"]] for one in found.values()
    ]


def test_a_secret_that_is_not_set(open_shop: Callable[..., Shop], caplog: pytest.LogCaptureFixture) -> None:
    """The sender is asked to come back and learns no name; whoever runs this finds it in the log."""
    shop = open_shop(PAID)
    assert (503, "api.not-set-up") == send(shop, headers(shop))
    assert "LOWCODE_SECRET_PAY" in caplog.text


def test_what_we_send_we_take(open_shop: Callable[..., Shop], receiver: Receiver, shop: Shop) -> None:
    """A webhook of one app is an intake's message of another, byte for byte, and its replay as well."""
    told = {"name": "told", "type": "webhook", "url": {"secret": "URL"}, "secret": {"secret": "PAY"},
            "on": {"form": "lead", "event": "created"}, "body": {"company": "company"}}  # fmt: skip
    data = {"type": "object", "properties": {"data": {"type": "object", "properties": {"company": {"type": "string"}}}}}
    heard = {**PAID, "payload": data, "values": {"company": "payload.data.company"}, "duplicates": "create"}
    other = open_shop(heard, secrets={"PAY": KEY})
    sender = open_shop(told, secrets={"URL": receiver.url, "PAY": KEY}, allow_private=("127.0.0.0/8",))
    sender.ask("head", "records.create", type="lead", values={"company": "Acme"})
    sender.host.settle()
    [(_, given, body)] = receiver.got
    assert [(201, "created"), (200, "created")] == [send(other, given, body) for _ in range(2)]
    assert "Acme" == other.ask("head", "records.list", type="lead")["items"][0]["company"]


def test_the_document() -> None:
    """One way to prove it, and a header exactly where one is read."""
    for wrong in (
        {}, {"key": True, "signed": {"secret": {"secret": "A"}}},
        {"signed": {"secret": {"secret": "A"}, "header": "X"}},
        {"signed": {"secret": {"secret": "A"}, "by": "hmac_sha256"}},
        {"signed": {"secret": {"secret": "A"}}, "origins": ["https://a.example"]},
    ):  # fmt: skip
        with pytest.raises(ValueError):
            AuthenticationDocument.model_validate(wrong)
