"""Letters to people, through a real SMTP server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.api.app import Shop
from tests.support.mail import MailServer


@pytest.fixture
def shop(open_shop: Callable[..., Shop], mail_server: MailServer) -> Shop:
    return open_shop(secrets={"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"})


def notify(shop: Shop, *logins: str, **more: Any) -> None:
    to = [shop.host.actor(login).id for login in logins]
    with shop.host.session() as app:
        app.ask("notifications.send", to=to, channels=["app", "mail"], **more)


@pytest.mark.requirement("SA13")
def test_notices_arrive_as_letters(shop: Shop, mail_server: MailServer) -> None:
    """Each person gets one letter, in their language, when the transaction is through."""
    title = {"en": "Call Acme\nBcc: all@example.com", "zh-CN": "请联系 Acme"}
    notify(shop, "li", "zhao", "li", title=title, text={"en": "Today", "zh-CN": "今天"})
    assert [] == mail_server.letters
    shop.host.settle()
    letters = sorted(mail_server.wait(2), key=lambda each: each.recipients)
    assert [("li@example.com",), ("zhao@example.com",)] == [each.recipients for each in letters]
    assert ["Call Acme Bcc: all@example.com", "请联系 Acme"] == [each.subject for each in letters]
    assert ["Today", "今天"] == [each.text().strip() for each in letters]
    assert all("crm@example.com" == each.sender for each in letters)


def test_a_letter_is_tried_again(shop: Shop, mail_server: MailServer) -> None:
    """What the server cannot take now comes later; what it refuses for good is a dead letter."""
    mail_server.refuse.append("451 try later")
    notify(shop, "li", title="One")
    shop.host.settle()
    assert [] == mail_server.letters
    shop.clock.advance(timedelta(minutes=1))
    shop.host.settle()
    [letter] = mail_server.wait(1)
    assert letter.message["message-id"].endswith("@example.com>")
    mail_server.refuse.append("550 no such mailbox")
    notify(shop, "li", title="Two")
    shop.host.settle()
    shop.clock.advance(timedelta(days=1))
    shop.host.settle()
    assert 1 == len(mail_server.letters)


def test_without_a_server(open_shop: Callable[..., Shop]) -> None:
    """Notices stay in the app; a letter somebody asks for says which secret is missing."""
    shop = open_shop()
    notify(shop, "li", title="One")
    shop.host.settle()
    assert 1 == shop.ask("li", "notifications.list")["unread"]
    with pytest.raises(Rejected, match="LOWCODE_SECRET_SMTP_URL"):
        shop.host.ask(shop.host.app_actor, "mail.send", to="a@example.com", subject="x")


def test_what_is_no_address(shop: Shop) -> None:
    """A broken address is refused before anything is sent."""
    with pytest.raises(Rejected, match="not an address"):
        shop.host.ask(shop.host.app_actor, "mail.send", to="a b@example.com\nBcc: x@y.z", subject="x")
