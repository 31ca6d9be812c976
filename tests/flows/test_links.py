"""Deciding from a letter: a link that works once, for a time, for one person, and only when a button is pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.diagnostics import Conflict, NotFound, Rejected
from lowcode.kernel.identity.tokens import digest
from lowcode.web import asgi_app
from tests.flows.app import Office, approval, document
from tests.support.apart import run_apart
from tests.support.mail import MailServer
from tests.support.rows import copies

ADDRESS = "https://crm.example.com/app"


@pytest.fixture
def office(mail_server: MailServer, database_url: str) -> Iterator[Office]:
    """Finance decides together, from a letter that is good for two days."""
    smtp = f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"
    flow = document(nodes=approval({"role": "finance"}, by_link={"days": 2}, opinion="required_to_reject", help="<b>?"))
    office = Office(flow, database=database_url, secrets={"SMTP_URL": smtp, "PUBLIC_URL": ADDRESS + "/"})
    for login in ("fang", "feng"):
        person = office.host.directory().by_login[login]
        with office.host.session() as app:
            app.ask(
                "identity.save_person", login=login, name=person.name, roles=["finance"], department="money",
                manager="boss", email=f"{login}@example.com", locale="zh-CN" if login == "feng" else "en",
            )  # fmt: skip
    office.host.forget_directory()
    yield office
    office.host.close()


def links(office: Office, server: MailServer) -> dict[str, str]:
    """The word of the link in each person's letter."""
    office.host.settle()
    found = {}
    for letter in server.wait(2):
        word = re.search(re.escape(ADDRESS) + r"/api/decide/(\S+)", letter.text())
        assert word is not None, letter.text()
        found[letter.recipients[0].partition("@")[0]] = word[1]
    return found


def visit(office: Office, method: str, word: str, language: str = "en", **data: str) -> httpx.Response:
    """A browser without a session at the address in the letter."""

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=asgi_app(office.host))
        async with httpx.AsyncClient(transport=transport, base_url="http://crm.test") as client:
            site = "none" if method == "GET" else "same-origin"
            headers = {"sec-fetch-site": site, "accept-language": language}
            return await client.request(method, f"/api/decide/{word}", data=data or None, headers=headers)

    return run_apart(once)


@pytest.mark.requirement("W33")
def test_people_decide_from_their_letters(office: Office, mail_server: MailServer) -> None:
    """Opening the page changes nothing, however often; the button decides as the person, and history says by what."""
    quote = office.submitted()
    words = links(office, mail_server)
    for _ in range(3):
        page = visit(office, "GET", words["feng"])
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert "Feng，您好" in page.text
        assert "Quote Q1" in page.text
        assert "&lt;b&gt;?" in page.text
        assert "<script" not in page.text
    assert office.waiting() == {"fang": 1, "feng": 1}
    done = visit(office, "POST", words["feng"], decision="approve", opinion="价格合适")
    assert (done.status_code, "已提交" in done.text) == (200, True)
    assert office.waiting() == {"fang": 1}
    assert visit(office, "POST", words["fang"], decision="approve").status_code == 200
    assert office.stage(quote) == "approved"
    asked = next(each for each in office.history(quote)[0]["steps"] if each["node"] == "ask")
    assert [(p["person"]["label"], p["decision"], p["opinion"]) for p in asked["people"]] == [
        ("Fang", "approve", None),
        ("Feng", "approve", "价格合适"),
    ]


@pytest.mark.requirement("W33")
def test_a_link_works_once_and_for_a_time(office: Office, mail_server: MailServer) -> None:
    """Used, expired, made up, or of a task that somebody else has now: refused, in the language of whom it was made
    for, and without a decision."""
    quote = office.submitted()
    words = links(office, mail_server)
    assert visit(office, "GET", "made-up").status_code == 404
    with pytest.raises(NotFound):
        office.host.ask(office.host.actor("li"), "flows.decide_by_link", link="made-up", decision="approve")
    visit(office, "POST", words["fang"], decision="approve")
    again = visit(office, "POST", words["fang"], decision="reject", opinion="no")
    assert (again.status_code, "has been used" in again.text) == (409, True)
    assert "has been used" in visit(office, "GET", words["fang"], language="zh-CN").text
    office.clock.advance(timedelta(days=2))
    for method in ("GET", "POST"):
        late = visit(office, method, words["feng"], decision="approve")
        assert (late.status_code, "该链接已过期" in late.text, 'lang="zh-CN"' in late.text) == (409, True, True)
    assert (office.stage(quote), office.waiting()) == ("approving", {"feng": 1})


def test_what_is_refused_leaves_the_link_as_it_was(office: Office, mail_server: MailServer) -> None:
    """A refusal without the opinion it needs, or another word than the step knows, does not use the link up."""
    quote = office.submitted()
    word = links(office, mail_server)["feng"]
    assert visit(office, "POST", word, decision="reject").status_code == 422
    assert visit(office, "POST", word, decision="anything").status_code == 422
    assert visit(office, "POST", word, decision="complete").status_code == 422
    assert visit(office, "POST", word, decision="reject", opinion="太贵").status_code == 200
    assert office.stage(quote) == "rejected"


@pytest.mark.requirement("W33")
def test_a_link_belongs_to_one_person(office: Office, mail_server: MailServer) -> None:
    """Handed on, the task is another's, and so is the next link; who has left the firm decides nothing."""
    office.submitted()
    words = links(office, mail_server)
    task = office.tasks("feng")[0]["id"]
    office.ask("feng", "flows.transfer", task=task, person=office.id("boss"))
    with pytest.raises(Conflict) as stale:
        office.ask("li", "flows.link", link=words["feng"])
    assert stale.value.problems[0].code == "flows.stale"
    with office.host.session() as app:
        app.ask("identity.save_person", login="fang", name="Fang", roles=["finance"], department="money", active=False)
    office.host.forget_directory()
    with pytest.raises(Rejected):
        office.ask("li", "flows.decide_by_link", link=words["fang"], decision="approve")


def test_links_are_made_only_where_a_step_permits_them(database_url: str) -> None:
    """Without `by_link` there is none; the database keeps no word that could be used."""
    office = Office(document(nodes=approval({"role": "finance"})), database=database_url)
    try:
        office.submitted()
        with office.host.session() as app, pytest.raises(Conflict) as refused:
            app.ask("flows.make_link", task=office.tasks("fang")[0]["id"])
        assert refused.value.problems[0].code == "flows.no-link-here"
    finally:
        office.host.close()


@pytest.mark.requirement("W33", "SP15")
def test_the_database_cannot_decide(office: Office, mail_server: MailServer) -> None:
    """What is stored of a link is a digest; while its letter waits, and when it was sent, no row holds its word."""
    office.submitted()
    seen = copies(office.host)
    words = links(office, mail_server)
    assert any("mail.send" in each for each in seen)
    assert [] == [word for copy in seen for word in words.values() if word in copy]
    with office.host.database.reading() as unit:
        kept: list[Any] = unit.fetch(sa.select(tables.link.c.digest))
    assert sorted(digest(word) for word in words.values()) == sorted(row["digest"] for row in kept)
