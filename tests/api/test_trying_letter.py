"""A letter tried in a mailbox as it would be: what would be read, where it would be filed and what would be made; no
trace of it stays."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.storage.files import keep
from tests.api.app import Shop
from tests.api.test_mailboxes import INBOX, LETTER, letter, notes, shop_of


def tried(shop: Shop, content: bytes, **more: Any) -> dict[str, Any]:
    """What is said of a letter."""
    found: dict[str, Any] = shop.ask(
        "root", "api.try_letter", document={**INBOX, **more}, letter=base64.b64encode(content).decode()
    )
    return found


@pytest.mark.requirement("SA15", "A15", "SF23")
def test_what_would_become_of_a_letter(open_shop: Callable[..., Shop], database_url: str, tmp_path: Any) -> None:
    """It is read whole, filed at whom it is from, and the record is shown as it would be saved; other mappings show at
    once. A stranger's is filed nowhere, a machine's is left, an answer goes where its letter went, and what the record
    refuses is said. No record, no event and no letter stay."""
    shop = shop_of(open_shop, database=database_url, files=str(tmp_path))
    lead = shop.ask("li", "records.create", type="lead", values={"company": "Acme", "email": "li.na@acme.example"})
    found = tried(shop, LETTER)
    assert (found["state"], found["by"], found["known"], found["findings"]) == ("filed", "address", False, [])
    assert found["about"] == {"form": "lead", "record": lead["id"], "label": "Acme"}
    assert (found["read"]["subject"], found["read"]["files"]) == ("请报价", ["need.txt"])
    assert (found["saved"]["subject"], found["saved"]["text"]) == ("请报价", "Please quote\nten & two")
    other = tried(shop, LETTER, values={"subject": 'mail.sender & "!"'}, name="fresh")
    assert other["saved"]["subject"] == "li.na@acme.example!"
    assert tried(shop, letter("two@x", "stranger@x.example"))["state"] == "unknown"
    assert tried(shop, letter("three@x", Auto_Submitted="auto-replied"))["state"] == "automatic"
    wrong = tried(shop, LETTER, values={"nothing": "mail.subject"})
    assert wrong["findings"] and wrong["state"] is None and wrong["read"]["subject"] == "请报价"
    shop.host.settle()
    assert notes(shop) == [] and shop.ask("root", "api.letters")["items"] == []
    assert shop.ask("li", "records.get", type="lead", id=lead["id"])["source"] != "wrote"
    shop.ask("root", "api.take_mail", mailbox="inbox", content=LETTER)
    answer = tried(shop, letter("re@y.example", "boss@y.example", In_Reply_To="<one@acme.example>"))
    assert (answer["by"], answer["about"]["record"]) == ("answer", lead["id"])
    assert tried(shop, LETTER)["known"]
    for wrong_letter in ({"letter": "no base64!"}, {}, {"letter": "eA==", "file": 1}):
        with pytest.raises(Rejected):
            shop.ask("root", "api.try_letter", document=INBOX, **wrong_letter)
    kept = shop.host.write(
        lambda unit: keep(shop.host.context(unit, shop.host.actor("root")), "a.eml", "message/rfc822", LETTER)
    )
    assert shop.ask("root", "api.try_letter", document=INBOX, file=kept["id"]) == tried(shop, LETTER)
    with pytest.raises(NotFound):
        shop.ask("root", "api.try_letter", document=INBOX, file=kept["id"] + 1)
    with pytest.raises(Forbidden):
        shop.ask("head", "api.try_letter", document=INBOX, letter="eA==")
