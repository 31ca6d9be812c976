"""What one visitor sends many times at one moment is taken in once."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from lowcode.forms.public import labour
from tests.support.mail import MailServer
from tests.web.calls import Visitor
from tests.web.test_public import CONFIRM, FACE, Open, data, filled, shop_with

AT_ONCE = 6


def sent_at_once(visitor: Visitor, path: str, body: dict[str, Any]) -> list[Any]:
    """The answers to one request that is sent many times at one moment."""
    doors = [Visitor(visitor.shop) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda door: door.post(path, body), doors))


@pytest.mark.requirement("SF06", "F24")
def test_one_page_sent_many_times_at_one_moment(open_shop: Open, database_url: str) -> None:
    """A button pressed again and again on a slow line is one record, and each press is thanked."""
    visitor = Visitor(shop_with(open_shop, {**FACE, "limit": 100}, database_url))
    page = data(visitor.get("public/guest/join").text)
    visitor.shop.clock.advance(timedelta(seconds=3))
    work = labour.do(page["token"], page["labour"])
    body = {"values": {"name": "Ann"}, "consent": {"contact": True}, "token": page["token"], "labour": work}
    answers = sent_at_once(visitor, "public/guest/join", body)
    assert Counter(each.status_code for each in answers) == {200: AT_ONCE}
    assert len(visitor.shop.ask("head", "records.list", type="guest")["items"]) == 1


@pytest.mark.requirement("SF06", "F24")
def test_one_link_pressed_many_times_at_one_moment(open_shop: Open, mail_server: MailServer, database_url: str) -> None:
    """The button of the letter's page, pressed again and again, makes one record."""
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}", "PUBLIC_URL": "https://crm.example.com/"}
    visitor = Visitor(shop_with(open_shop, CONFIRM, database_url, secrets=secrets))
    assert filled(visitor, {"name": "Ann", "email": "ann@example.com"}).json() == {"status": "confirm"}
    visitor.shop.host.settle()
    found = re.search(r"https://crm\.example\.com/(confirm/\S+)", mail_server.wait(1)[0].text())
    assert found is not None
    answers = sent_at_once(visitor, found[1], {})
    assert Counter(each.status_code for each in answers) == {200: AT_ONCE}
    assert len(visitor.shop.ask("head", "records.list", type="guest")["items"]) == 1
