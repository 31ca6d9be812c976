"""A password chosen by the link of a letter: for whom it is, once, for a while; nobody learns who is there."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.identity.password_links import ASKED_FOR, INVITED
from lowcode.kernel.identity.throttle import FREE
from lowcode.kernel.storage import tables as t
from tests.api.app import Shop, open_shop
from tests.support.mail import MailServer
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]

LETTER, PASSWORD = "api/session/letter", "api/session/password"


@pytest.fixture
def shop(open_shop: Open, mail_server: MailServer, database_url: str) -> Shop:
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}", "PUBLIC_URL": "https://crm.example.com/"}
    return open_shop(database=database_url, secrets=secrets)


def asked(shop: Shop, name: str) -> None:
    """Somebody who is not signed in asks for a link."""
    assert 204 == Visitor(shop).post(LETTER, {"name": name}).status_code
    shop.host.settle()


def word(server: MailServer, count: int = 1) -> str:
    """The word of the link in the last of so many letters."""
    letter = server.wait(count)[count - 1]
    found = re.search(r"https://crm\.example\.com/#/password/(\S+)", letter.text())
    assert found is not None, letter.text()
    return found[1]


def chosen(shop: Shop, token: str, new: str = "another-password") -> Any:
    return Visitor(shop).post(PASSWORD, {"token": token, "new": new})


@pytest.mark.requirement("A11")
def test_who_forgot_their_password(shop: Shop, mail_server: MailServer) -> None:
    """By login or address; the link sets the password, once, and ends every session; the letter names whose it is."""
    inside = Visitor(shop).sign_in("li")
    assert Visitor(shop).get("api/session").json()["by_letter"] is True
    asked(shop, "LI@example.com")
    token = word(mail_server)
    [letter] = mail_server.wait(1)
    assert (("li@example.com",), True) == (letter.recipients, "li" in letter.text())
    assert ("identity.short-password", "/new") == (
        problem(short := chosen(shop, token, "x"))[1], short.json()["errors"][0]["pointer"]
    )  # fmt: skip
    assert {"login": "li"} == chosen(shop, token).json()
    assert 401 == inside.get("api/session").status_code
    assert 200 == Visitor(shop).post("api/session", {"login": "li", "password": "another-password"}).status_code
    assert (422, "identity.link-over") == problem(chosen(shop, token))[:2]
    with shop.host.database.reading() as unit:
        assert [] == unit.fetch(sa.select(t.password_link))


@pytest.mark.requirement("A11")
def test_nobody_learns_who_is_there(shop: Shop, mail_server: MailServer) -> None:
    """An unknown name, somebody who left and somebody whose password is kept elsewhere are answered as everybody is;
    no letter goes out. Whoever asks often waits."""
    shop.ask("root", "identity.save_person", login="zhao", active=False)
    elsewhere = sa.update(t.user).where(t.user.c.login == sa.literal("li")).values(password=None)
    shop.host.database.write(lambda unit: unit.run(elsewhere))
    for name in ("nobody", "zhao", "li", "nobody@example.com"):
        asked(shop, name)
    assert [] == mail_server.letters
    past = Visitor(shop).post("api/operations/identity.ask_password_link", {"name": "root", "address": "1.2.3.4"})
    assert (404, []) == (past.status_code, mail_server.letters)
    visitor = Visitor(shop)
    answers = [visitor.post(LETTER, {"name": "nobody else"}).status_code for _ in range(FREE["login"] + 2)]
    assert [*[204] * (FREE["login"] + 1), 429] == answers


@pytest.mark.requirement("A11")
def test_a_link_serves_once_and_for_a_while(shop: Shop, mail_server: MailServer) -> None:
    """The newest alone; of many at one moment one; not once it is too old, nor after another password."""
    asked(shop, "li")
    first = word(mail_server)
    asked(shop, "li")
    second = word(mail_server, 2)
    assert "identity.link-over" == problem(chosen(shop, first))[1]
    with ThreadPoolExecutor(4) as pool:
        found = [
            each.status_code for each in pool.map(lambda number: chosen(shop, second, f"password-{number}-"), range(4))
        ]
    assert 1 == found.count(200), found
    asked(shop, "li")
    third = word(mail_server, 3)
    shop.clock.advance(ASKED_FOR + timedelta(seconds=1))
    assert "identity.link-over" == problem(chosen(shop, third))[1]
    asked(shop, "li")
    shop.ask("root", "identity.save_person", login="li", password="given-by-root")
    assert "identity.link-over" == problem(chosen(shop, word(mail_server, 4)))[1]


def test_one_name_is_one_however_it_is_typed(shop: Shop) -> None:
    """Blanks around it and large letters make no other name of it: nobody fills the box of somebody else."""
    visitor = Visitor(shop)
    typed = [f"{' ' * number}{'LI' if number % 2 else 'li'}@example.com" for number in range(FREE["login"] + 2)]
    answers = [visitor.post(LETTER, {"name": each}).status_code for each in typed]
    assert [*[204] * (FREE["login"] + 1), 429] == answers


def test_who_asks_for_links_keeps_nobody_from_signing_in(shop: Shop) -> None:
    """An office goes out by one address: where many of it forgot their passwords, the others sign in as ever."""
    for number in range(FREE["address"] + 3):
        last = Visitor(shop).post(LETTER, {"name": f"somebody {number}"}).status_code
    assert 429 == last
    assert 200 == Visitor(shop).post("api/session", {"login": "li", "password": "li-password"}).status_code


def test_somebody_new_is_invited(shop: Shop, mail_server: MailServer, open_shop: Open) -> None:
    """By an administrator alone: without a password of their own they choose one, for a week. Without an address, or a
    mail server, that is said."""
    shop.ask("root", "identity.save_person", login="new", name="New", email="new@example.com")
    shop.ask("root", "identity.invite", login="new")
    shop.host.settle()
    token = word(mail_server)
    shop.clock.advance(INVITED - timedelta(minutes=1))
    assert {"login": "new"} == chosen(shop, token, "new-password").json()
    assert 200 == Visitor(shop).sign_in("new").get("api/session").status_code
    li = Visitor(shop).sign_in("li")
    assert 403 == li.post("api/operations/identity.invite", {"login": "new"}).status_code
    shop.ask("root", "identity.save_person", login="new", email=None)
    root = Visitor(shop).sign_in("root")
    assert "identity.invited-nowhere" == problem(root.post("api/operations/identity.invite", {"login": "new"}))[1]
    silent = open_shop()
    assert Visitor(silent).get("api/session").json()["by_letter"] is False
    assert "identity.no-letters" == problem(Visitor(silent).post(LETTER, {"name": "li"}))[1]
