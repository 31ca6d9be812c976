"""A form that everybody may fill in: the page, the guard, what is saved, letters, tickets; on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from lowcode.forms.public import labour
from lowcode.forms.public.definition import PublicDefinition
from lowcode.forms.public.opening import COUNT
from lowcode.forms.public.plan import KINDS
from lowcode.forms.tables import submission
from lowcode.kernel.diagnostics import Rejected, TooManyRequests
from lowcode.kernel.identity import APP, Actor
from tests.api.app import Shop
from tests.support.mail import MailServer
from tests.web.calls import Visitor, problem

OPTIONS = [
    {"name": "a", "title": {"en": "First", "zh-CN": "甲"}},
    {"name": "b", "title": {"en": "Second", "zh-CN": "乙"}},
]
MEETING: dict[str, Any] = {
    "name": "meeting",
    "label": "title",
    "fields": [{"name": "title", "type": "text"}, {"name": "open", "type": "boolean"}],
    "permissions": [{"role": "supervisor", "can": ["create", "read", "edit"]}, {"role": "sales", "can": ["read"]}],
}
GUEST: dict[str, Any] = {
    "name": "guest",
    "title": {"en": "Guest", "zh-CN": "来宾"},
    "label": "name",
    "fields": [
        {"name": "name", "type": "text", "required": True, "max_length": 40, "title": {"en": "Name", "zh-CN": "姓名"}},
        {"name": "phone", "type": "phone"},
        {"name": "email", "type": "email"},
        {"name": "meeting", "type": "link", "to": "meeting"},
        {"name": "grade", "type": "select", "options": OPTIONS},
        {"name": "why", "type": "text", "visible_when": 'grade = "a"', "required_when": 'grade = "a"'},
        {"name": "channel", "type": "text"},
        {"name": "note", "type": "text"},
        {"name": "came_at", "type": "datetime"},
        {"name": "earlier", "type": "link", "to": "guest"},
        {"name": "mark", "type": "integer", "min": 0, "max": 10},
    ],
    "duplicates": [{"fields": ["phone"], "match": "exact"}],
    "permissions": [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit"]}],
}
FACE: dict[str, Any] = {
    "name": "join",
    "title": {"en": "Join us", "zh-CN": "报名"},
    "thanks": {"en": "See you", "zh-CN": "到时见"},
    "fields": [
        "name", "phone", "email", "grade", "why", {"field": "meeting", "where": "open", "required": False},
    ],
    "values": {"channel": "COALESCE(source.utm_campaign, source.key)"},
    "consent": [{"purpose": "contact", "text": {"en": "You may call me", "zh-CN": "同意联系"}}],
    "labour": 6,
    "limit": 5,
}  # fmt: skip
Open = Callable[..., Shop]


def shop_with(open_shop: Open, face: Mapping[str, Any] = FACE, database: str = "sqlite://", **options: Any) -> Shop:
    """A shop with a public form, and two meetings of which one is open."""
    shop = open_shop(
        database=database,
        more={"forms/guest.json": {**GUEST, "public": [face]}, "forms/meeting.json": MEETING},
        **options,
    )
    for title, is_open in (("Spring", True), ("Board", False)):
        shop.ask("head", "records.create", type="meeting", values={"title": title, "open": is_open})
    return shop


def filled(visitor: Visitor, values: Mapping[str, Any], path: str = "public/guest/join", **more: Any) -> Any:
    """Open the page, wait as long as a person does, and send."""
    found = data(visitor.get(path).text)
    visitor.shop.clock.advance(timedelta(seconds=3))
    work = labour.do(found["token"], found["labour"])
    body = {"values": values, "consent": {"contact": True}, "token": found["token"], "labour": work, **more}
    return visitor.post(path, body)


def data(page: str) -> dict[str, Any]:
    """What the page tells its script."""
    found = re.search(r'id="page">(.*?)</script>', page)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


@pytest.mark.requirement("SF05", "SF06", "F24", "SA05")
def test_a_visitor_becomes_a_record(open_shop: Open, database_url: str) -> None:
    """The page asks for the listed fields only; what is sent passes the one save path, with where it came from."""
    visitor = Visitor(shop_with(open_shop, database=database_url))
    page = visitor.get("public/guest/join?lang=zh-CN")
    policy = page.headers["content-security-policy"]
    assert (200, True, True) == (page.status_code, "script-src 'self';" in policy, "frame-ancestors 'self'" in policy)
    assert ["name", "phone", "email", "grade", "why", "meeting"] == re.findall(r'data-field="(\w+)"', page.text)
    assert ("报名" in page.text, "Spring" in page.text, "Board" in page.text) == (True, True, False)
    source = {"utm_campaign": "spring", "key": "x", "other": "y"}
    sent = filled(visitor, {"name": "Ann", "phone": "13800138000", "grade": "b", "meeting": 1}, source=source)
    assert {"status": "received", "thanks": "See you"} == sent.json()
    (guest,) = visitor.shop.ask("head", "records.list", type="guest")["items"]
    assert ("Ann", "spring", 1, None) == tuple(guest[name] for name in ("name", "channel", "meeting", "owner"))


@pytest.mark.requirement("F24")
def test_nothing_but_the_listed_fields(open_shop: Open) -> None:
    """A field that is not asked for cannot be set, a record that is not offered not be chosen, a consent not skipped;
    the form's own conditions hold as well."""
    visitor = Visitor(shop_with(open_shop))
    wrong = {"name": "", "note": "x", "owner": 1, "meeting": 2, "grade": "a", "phone": "1"}
    answer = filled(visitor, wrong, consent={})
    assert {
        ("/note", "forms.no-such-field"), ("/owner", "forms.no-such-field"), ("/meeting", "forms.not-offered"),
        ("/consent/contact", "forms.not-agreed"), ("/name", "records.required"), ("/why", "records.required"),
    } <= set(problem(answer)[2])  # fmt: skip
    assert [] == visitor.shop.ask("head", "records.list", type="guest")["items"]
    assert "There is no such form" in visitor.get("public/guest/joim").text  # forms.no-public-form
    assert 404 == visitor.get("public/guest/other").status_code == visitor.get("public/lead/join").status_code
    for operation in ("forms.submit", "forms.receive", "forms.public_look", "forms.prepare_public"):
        assert 404 == visitor.post(f"api/operations/{operation}", {}).status_code


def test_few_numbers_are_pressed(open_shop: Open) -> None:
    """A whole number of few that are possible is chosen among them, as surveys ask; what comes is a number."""
    visitor = Visitor(shop_with(open_shop, {**FACE, "fields": ["name", "mark"]}))
    page = visitor.get("public/guest/join?mark=7").text
    assert [str(each) for each in range(11)] == re.findall(r'type="radio" name="r-mark" value="(\d+)"', page)
    assert '<fieldset class="field" data-field="mark" data-type="integer"' in page
    assert "received" == filled(visitor, {"name": "Ann", "mark": 9}).json()["status"]
    assert [9] == [each["mark"] for each in visitor.shop.ask("head", "records.list", type="guest")["items"]]


def test_a_field_shows_by_condition(open_shop: Open) -> None:
    """What shows and what must be filled in is the server's word, as the form stands."""
    visitor = Visitor(shop_with(open_shop))
    path = "public/guest/join/look"
    assert {"hidden": ["why"], "required": ["name"], "options": {}} == visitor.post(path, {"values": {}}).json()
    found = visitor.post(path, {"values": {"grade": "a", "note": "not asked"}}).json()
    assert {"hidden": [], "required": ["name", "why"], "options": {}} == found


@pytest.mark.requirement("F24")
def test_who_is_no_person(open_shop: Open) -> None:
    """Too fast, without the work, with a stale or made-up token: refused. Who fills in what nobody sees is thanked."""
    shop = shop_with(open_shop)
    visitor, values = Visitor(shop), {"name": "Bot"}
    page = data(visitor.get("public/guest/join").text)
    body = {"values": values, "consent": {"contact": True}, "token": page["token"]}
    assert "forms.too-fast" == problem(visitor.post("public/guest/join", body))[1]
    shop.clock.advance(timedelta(seconds=3))
    idle = next(word for word in "xyzabc" if not labour.done(page["token"], word, page["labour"]))
    assert "forms.no-labour" == problem(visitor.post("public/guest/join", {**body, "labour": idle}))[1]
    forged = page["token"][:-2] + ("AA" if page["token"][-2:] != "AA" else "BB")
    assert "forms.page-expired" == problem(visitor.post("public/guest/join", {**body, "token": forged}))[1]
    shop.clock.advance(timedelta(hours=13))
    assert "forms.page-expired" == problem(visitor.post("public/guest/join", body))[1]
    assert {"status": "received", "thanks": "See you"} == filled(visitor, values, trap="http://spam").json()
    assert [] == shop.ask("head", "records.list", type="guest")["items"]


def test_so_often_and_so_much(open_shop: Open) -> None:
    """An address sends so often a minute; one page serves once; what is sent is small."""
    shop = shop_with(open_shop)
    visitor = Visitor(shop)
    page = data(visitor.get("public/guest/join").text)
    shop.clock.advance(timedelta(seconds=3))
    work = labour.do(page["token"], page["labour"])
    body = {"values": {"name": "Ann"}, "consent": {"contact": True}, "token": page["token"], "labour": work}
    assert ["received", "received"] == [visitor.post("public/guest/join", body).json()["status"] for _ in range(2)]
    assert 1 == len(shop.ask("head", "records.list", type="guest")["items"])
    codes = [visitor.post("public/guest/join", body).status_code for _ in range(4)]
    assert [200, 200, 200, 429] == codes
    assert "forms.too-often" == problem(visitor.post("public/guest/join", body))[1]
    assert 413 == visitor.post("public/guest/join", {"values": {"name": "x" * 70_000}}).status_code


def test_so_often_from_many_addresses(open_shop: Open) -> None:
    """Many addresses together are stopped as one is, and each has the limit of its own."""
    shop = shop_with(open_shop, {**FACE, "limit_total": 3})
    codes = []
    for last in range(5):
        with pytest.raises((Rejected, TooManyRequests)) as refused:
            sent = {"form": "guest", "name": "join", "token": "x", "labour": "x", "values": {}}
            shop.host.ask(Actor(id=None), "forms.receive", **sent, address=f"198.51.{last}.7")
        codes += [each.code for each in refused.value.problems]
    assert ["forms.page-expired"] * 3 + ["forms.too-often"] * 2 == codes


@pytest.mark.parametrize(
    ("rule", "count", "names"), [("create", 2, {"Ann", "Bea"}), ("keep", 1, {"Ann"}), ("fill", 1, {"Ann"}),
                                 ("link", 2, {"Ann", "Bea"})],
)  # fmt: skip
def test_the_same_person_again(open_shop: Open, rule: str, count: int, names: set[str]) -> None:
    """What becomes of it is the author's choice, and the visitor is told the same."""
    link = {"link": "earlier"} if rule == "link" else {}
    visitor = Visitor(shop_with(open_shop, {**FACE, "duplicates": rule, **link}))
    first = filled(visitor, {"name": "Ann", "phone": "13800138000"}).json()
    assert first == filled(visitor, {"name": "Bea", "phone": "138 0013 8000", "email": "b@example.com"}).json()
    found = visitor.shop.ask("head", "records.list", type="guest", sort=("id",))["items"]
    assert (count, names) == (len(found), {each["name"] for each in found})
    assert ("b@example.com" if rule == "fill" else None) == found[0]["email"]
    assert (found[0]["id"] if rule == "link" else None) == found[-1]["earlier"]


CONFIRM = {**FACE, "confirm": {"email": "email", "subject": {"en": "Please confirm"}, "text": {"en": "Hello"}}}


@pytest.mark.requirement("SF05", "F24")
def test_the_address_is_confirmed_first(open_shop: Open, mail_server: MailServer, database_url: str) -> None:
    """Nothing is saved before the link in the letter was followed and the button pressed; twice is once."""
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}", "PUBLIC_URL": "https://crm.example.com/"}
    shop = shop_with(open_shop, CONFIRM, database_url, secrets=secrets)
    visitor = Visitor(shop)
    assert {"status": "confirm"} == filled(visitor, {"name": "Ann", "email": "ann@example.com"}).json()
    assert [] == shop.ask("head", "records.list", type="guest")["items"]
    shop.host.settle()
    (letter,) = mail_server.wait(1)
    assert (("ann@example.com",), "Please confirm") == (letter.recipients, letter.subject)
    found = re.search(r"https://crm\.example\.com/(confirm/\S+)", letter.text())
    assert found is not None
    path = found[1]
    assert (200, []) == (visitor.get(path).status_code, shop.ask("head", "records.list", type="guest")["items"])
    assert [{"status": "received", "thanks": "See you"}] * 2 == [visitor.post(path, {}).json() for _ in range(2)]
    assert ["Ann"] == [each["name"] for each in shop.ask("head", "records.list", type="guest")["items"]]
    assert "forms.no-submission" == problem(visitor.post(f"{path[:-8]}AAAAAAAA", {}))[1]


def test_what_is_not_confirmed_is_erased(open_shop: Open) -> None:
    """After the hours the link serves no more, and the timer erases what was sent."""
    shop = shop_with(open_shop, CONFIRM, secrets={"PUBLIC_URL": "https://crm.example.com"})
    visitor = Visitor(shop)
    filled(visitor, {"name": "Ann", "email": "ann@example.com"})
    shop.clock.advance(timedelta(hours=49))
    shop.host.tick()
    shop.clock.advance(timedelta(hours=2))
    shop.host.tick()
    with shop.host.database.reading() as unit:
        (row,) = unit.fetch(submission.select())
    assert ("expired", None) == (row["state"], row["sent"])


def test_a_letter_needs_an_address(open_shop: Open) -> None:
    """Links in letters are never made of what a request says of itself."""
    answer = filled(Visitor(shop_with(open_shop, CONFIRM)), {"name": "Ann", "email": "ann@example.com"})
    assert "forms.no-public-address" == problem(answer)[1]


TICKET = {**FACE, "ticket": {"set": {"came_at": "NOW()"}, "show": ["grade"], "text": {"en": "Show it"}}}


@pytest.mark.requirement("SF07", "F29")
def test_a_ticket_is_scanned(open_shop: Open) -> None:
    """A registration yields a code; a visitor sees the code, a colleague the person; a scan notes when they came. Who
    scans without being signed in is told to, who may not see the person that they may not."""
    shop = shop_with(open_shop, TICKET)
    visitor = Visitor(shop)
    path = filled(visitor, {"name": "Ann", "grade": "b"}).json()["ticket"].removeprefix("http://crm.test/")
    page = visitor.get(path).text
    assert ("<svg" in page, "Ann" in page, 'href="/">For staff: sign in' in page) == (True, False, True)
    new = {"login": "new", "name": "New", "roles": [], "password": "new-password"}
    shop.host.ask(shop.host.app_actor, "identity.save_person", **new)
    other = Visitor(shop).sign_in("new").get(path).text
    assert ("Ann" in other, "You may not check" in other, "For staff" in other) == (False, True, False)
    assert 401 == visitor.post(path, {}).status_code
    colleague = Visitor(shop).sign_in("li")
    page = colleague.get(path).text
    assert ("Ann" in page, 'id="send"' in page) == (True, True)
    assert [False, True] == [colleague.post(path, {}).json()["again"] for _ in range(2)]
    (guest,) = shop.ask("head", "records.list", type="guest")["items"]
    assert (shop.clock.now(), shop.host.actor("li").id) == (guest["came_at"], guest["updated_by"])
    page = colleague.get(path).text
    came = shop.clock.now().astimezone(shop.host.app.zone)
    assert (f"<dd>{came:%Y-%m-%d %H:%M}</dd>" in page, "<dd>b</dd>" in page) == (True, False)
    assert "forms.no-ticket" == problem(colleague.post("ticket/made.up", {}))[1]


@pytest.mark.requirement("SF07", "F24")
def test_the_same_page_again_keeps_its_ticket(open_shop: Open) -> None:
    """Whose answer was lost on the way sends again: nothing is saved twice, and the ticket is theirs."""
    shop = shop_with(open_shop, {**TICKET, "seconds": 0, "labour": 0})
    visitor = Visitor(shop)
    page = data(visitor.get("public/guest/join").text)
    body = {"values": {"name": "Ann"}, "consent": {"contact": True}, "token": page["token"]}
    first, again = (visitor.post("public/guest/join", body).json() for _ in range(2))
    assert ("ticket" in first, first) == (True, again)
    assert 1 == len(shop.ask("head", "records.list", type="guest")["items"])


@pytest.mark.requirement("SF07", "SP19")
def test_copies_of_a_ticket_at_two_doors(open_shop: Open, database_url: str) -> None:
    """Of those who show the same code at one moment, one is told to be the first."""
    shop = shop_with(open_shop, TICKET, database_url)
    path = filled(Visitor(shop), {"name": "Ann"}).json()["ticket"].removeprefix("http://crm.test/")
    doors = [Visitor(shop).sign_in("li") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda door: door.post(path, {}).json()["again"], doors))
    assert sorted(answers) == [False, True, True, True]


@pytest.mark.requirement("SF05")
def test_the_code_for_another_page(open_shop: Open) -> None:
    """Whoever may read the form gets the snippet; only the named sites may show the frame."""
    face = {**FACE, "origins": ["https://www.example.com"], "run_as": "li"}
    shop = shop_with(open_shop, face)
    found = shop.ask("li", "forms.snippet", form="guest", name="join", base="https://crm.example.com/app")
    assert (
        '<script src="https://crm.example.com/app/embed.js" data-form="guest/join" async></script>' == found["script"]
    )
    named = '<iframe src="https://crm.example.com/app/public/guest/join?frame" title="Join us"'
    assert found["frame"].startswith(named)
    visitor = Visitor(shop)
    policy = visitor.get("public/guest/join?frame").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.example.com")
    filled(visitor, {"name": "Ann"})
    (guest,) = shop.ask("li", "records.list", type="guest")["items"]
    assert shop.host.actor("li").id == guest["created_by"]
    shop.host.ask(shop.host.app_actor, "identity.save_person", login="li", name="Li", roles=["sales"], active=False)
    answer = visitor.get("public/guest/join")
    assert (422, True) == (answer.status_code, "The public form acts as" in answer.text)  # forms.public-no-person


def test_every_kind_is_drawn(open_shop: Open) -> None:
    """Each type of field that a public form may have has a control with a label or a legend; what helps, and what is
    wrong, is read aloud with it."""
    more: dict[str, Any] = {
        "select": {"options": OPTIONS}, "multi_select": {"options": OPTIONS}, "tags": {"options": OPTIONS},
        "link": {"to": "meeting"},
    }  # fmt: skip
    form = {
        "name": "all",
        "label": "text",
        "fields": [{"name": kind, "type": kind, "title": f"The {kind}", **more.get(kind, {})} for kind in KINDS],
        "permissions": [{"role": "supervisor", "can": ["read"]}],
        "public": [
            {
                "name": "all",
                "fields": [
                    {"field": kind, "help": "Aid", **({"where": "open"} if kind == "link" else {})} for kind in KINDS
                ],
            }
        ],
    }
    shop = open_shop(more={"forms/all.json": form, "forms/meeting.json": MEETING})
    page = Visitor(shop).get("public/all/all").text
    for kind in KINDS:
        (drawn,) = re.findall(rf'<(?:div|fieldset) class="field" data-field="{kind}".*?id="e-{kind}"', page)
        assert f"The {kind}" in drawn
        assert re.search(r"<(input|select|textarea)", drawn), kind
        assert f'aria-describedby="h-{kind} e-{kind}"' in drawn


@pytest.mark.requirement("SF05", "SF07", "F24")
def test_it_is_open_for_so_long_and_so_many(open_shop: Open, database_url: str) -> None:
    """Before it opens, after it closed and when it has as many as it takes, the page says so instead of asking, and
    nothing is taken in, not even from a page that was loaded before."""
    face = {**FACE, "opens": "2026-03-02T10:00", "closes": "2026-03-03", "most": 2, "closed": ""}
    shop = shop_with(open_shop, face, database_url)
    visitor = Visitor(shop)

    def until(day: int, hour: int) -> None:
        zone = shop.host.app.zone
        now = shop.clock.now()
        shop.clock.advance(datetime(2026, 3, day, hour, tzinfo=zone) - now)

    def said(words: str) -> bool:
        page = visitor.get("public/guest/join?lang=en").text
        frame_is_told_its_height = data(page) == {"kind": "said"} and "public.js" in page and "noscript" not in page
        return words in page and 'id="form"' not in page and frame_is_told_its_height

    until(2, 9)
    assert said("This form opens on 2026-03-02 10:00")
    assert visitor.get("public/guest/join?token").status_code == 422
    until(2, 10)
    early = data(visitor.get("public/guest/join").text)
    for name, phone in (("Ann", "13800138000"), ("Ben", "13800138001")):
        assert filled(visitor, {"name": name, "phone": phone, "grade": "b"}).json()["status"] == "received"
    assert said("This form has all the answers it takes")
    body = {"values": {"name": "Cy", "phone": "13800138002", "grade": "b"}, "consent": {"contact": True}}
    late = visitor.post(
        "public/guest/join", {**body, "token": early["token"], "labour": labour.do(early["token"], early["labour"])}
    )
    assert (late.status_code, late.json()["code"]) == (422, "forms.public-full")
    assert len(shop.ask("head", "records.list", type="guest")["items"]) == 2
    until(4, 0)
    assert said("This form is closed")
    over = {**FACE, "closes": "2026-03-01T08:00", "closed": {"en": "Come next year"}}
    assert "Come next year" in Visitor(shop_with(open_shop, over)).get("public/guest/join").text


@pytest.mark.requirement("SF05")
def test_it_is_full_anew_each_time_it_opens(open_shop: Open, database_url: str) -> None:
    """What was sent before it opened this time does not count; nor is more looked at than fills it."""
    shop = shop_with(open_shop, {**FACE, "opens": "2026-03-02T09:00", "most": 2}, database_url)
    visitor = Visitor(shop)
    for name, phone in (("Ann", "13800138000"), ("Ben", "13800138001")):
        assert filled(visitor, {"name": name, "phone": phone, "grade": "b"}).json()["status"] == "received"
    assert 'id="form"' not in visitor.get("public/guest/join").text
    opened = shop.clock.now().replace(hour=1, minute=0, second=0)
    with shop.host.session(APP) as context:
        taken = {"of_form": "guest", "of_public": "join", "since": opened}
        counted = [context.unit.one(COUNT, **taken, most=most) for most in (1, 2, 3)]
        assert [row and row["count"] for row in counted] == [1, 2, 2]
        context.unit.run(sa.update(submission).values(at=opened - timedelta(seconds=1)))
    assert filled(visitor, {"name": "Cy", "phone": "13800138002", "grade": "b"}).json()["status"] == "received"
    early = {**FACE, "opens": "0001-01-01", "most": 1}  # no zone has a moment before the first
    assert 'id="form"' in Visitor(shop_with(open_shop, early)).get("public/guest/join").text


@pytest.mark.parametrize(
    ("given", "words"),
    [({"opens": "2026-12-02", "closes": "2026-12-01T08:00"}, "comes before"), ({"opens": "2026-02-30"}, "no such day")],
)
def test_it_opens_before_it_closes(given: dict[str, str], words: str) -> None:
    """On a day there is."""
    with pytest.raises(ValidationError, match=words):
        PublicDefinition.model_validate({"name": "join", "fields": ["name"], **given})
    for day in ("2026-12-01", "9999-12-31"):  # a day counts whole, and after the last there is no other
        opened = {"opens": day, "closes": day}
        assert PublicDefinition.model_validate({"name": "join", "fields": ["name"], **opened}).closes == day


def test_what_closes_on_the_last_day_is_open(open_shop: Open) -> None:
    """Who writes the end of all days means that it never closes; a year that is none is refused at its place."""
    visitor = Visitor(shop_with(open_shop, {**FACE, "closes": "9999-12-31"}))
    assert 'id="form"' in visitor.get("public/guest/join").text
    with pytest.raises(ValidationError, match="no such day"):
        PublicDefinition.model_validate({"name": "join", "fields": ["name"], "closes": "0000-01-01"})
