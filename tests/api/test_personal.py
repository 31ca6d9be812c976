"""Calendars that people subscribe to, and cards: as much as the person may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from lowcode.api import personal_files
from lowcode.kernel.diagnostics import Forbidden, NotFound, TooManyRequests
from lowcode.kernel.identity import APP
from tests.api.app import MONDAY, Shop

MEETING = {
    "name": "meeting",
    "title": "Meeting",
    "fields": [
        {"name": "subject", "type": "text"},
        {"name": "lead", "type": "link", "to": "lead"},
        {"name": "begins", "type": "datetime"},
        {"name": "ends", "type": "datetime"},
        {"name": "day", "type": "date"},
        {"name": "last_day", "type": "date"},
        {"name": "room", "type": "text"},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit", "delete"], "where": "owner = ME()", "hide": ["room"]},
        {"role": "supervisor", "can": ["create", "read", "edit", "delete"]},
    ],
}
MEETINGS = {
    "type": "calendar", "name": "meetings", "title": {"en": "Meetings", "zh-CN": "会议"}, "form": "meeting",
    "starts": "begins", "ends": "ends", "summary": {"en": "{{ subject }} with {{ lead.company }}",
    "zh-CN": "{{ subject }}，{{ lead.company }}"}, "place": "{{ room }}", "description": "{{ lead.secret_note }}",
    "remind": 15, "minutes": 45, "back": 7, "ahead": 60,
}  # fmt: skip
DAYS = {
    "type": "calendar", "name": "days", "title": "Days", "form": "meeting", "where": 'subject != "private"',
    "starts": "day", "ends": "last_day", "summary": "{{ subject }}",
}  # fmt: skip
CARD = {
    "type": "card", "name": "lead_card", "title": "Card", "form": "lead", "display_name": "{{ company }}",
    "phones": ["phone"], "emails": ["email"], "note": "{{ secret_note }}", "birthday": "since",
}  # fmt: skip


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    secrets = {"PUBLIC_URL": "https://crm.example.com"}
    return open_shop(MEETINGS, DAYS, CARD, more={"forms/meeting.json": MEETING}, secrets=secrets)


def subscribe(shop: Shop, login: str, name: str = "meetings") -> str:
    made = shop.ask(login, "api.open_calendar", name=name)
    assert made["url"] == f"https://crm.example.com/{made['path']}"
    return str(made["path"]).removeprefix("api/calendars/").removesuffix(".ics")


def fetched(shop: Shop, word: str) -> Any:
    body = shop.host.ask(APP, "api.calendar_file", word=word, address="203.0.113.7")["body"]
    return icalendar.Calendar.from_ical(body)


def meet(shop: Shop, login: str, **values: Any) -> int:
    return int(shop.ask(login, "records.create", type="meeting", values=values)["id"])


@pytest.mark.requirement("SF25")
def test_a_calendar_shows_what_its_person_may_see(shop: Shop) -> None:
    """Own records alone, hidden fields blank, linked records that are not theirs left out, in their language."""
    at = MONDAY + timedelta(days=3)
    mine = shop.ask("li", "records.create", type="lead", values={"company": "Acme"})["id"]
    other = shop.ask("head", "records.create", type="lead", values={"company": "Other", "secret_note": "!"})["id"]
    first = meet(shop, "li", subject="A, b; c", lead=mine, begins=at, ends=at + timedelta(hours=2))
    shop.ask("head", "records.update", type="meeting", id=first, values={"room": "7"})
    second = meet(shop, "li", subject="No end", begins=at + timedelta(days=1))
    shop.ask("head", "records.update", type="meeting", id=second, values={"lead": other})
    meet(shop, "head", subject="Theirs", begins=at)
    meet(shop, "li", subject="Long ago", begins=MONDAY - timedelta(days=8))
    meet(shop, "li", subject="Far ahead", begins=MONDAY + timedelta(days=61))
    meet(shop, "li", subject="No hour")
    calendar = fetched(shop, subscribe(shop, "li"))
    assert "Meetings" == calendar["NAME"] == calendar["X-WR-CALNAME"]
    one, two = calendar.walk("VEVENT")
    assert (f"meeting-{first}@crm.example.com", 1) == (one["UID"], one["SEQUENCE"])
    assert ("A, b; c with Acme", at, at + timedelta(hours=2)) == (one["SUMMARY"], one.start, one.end)
    assert f"https://crm.example.com/#/records/meeting/{first}" == one["URL"]
    assert "LOCATION" not in one and "DESCRIPTION" not in one, "both hold what is kept from this person"
    assert timedelta(minutes=-15) == one.walk("VALARM")[0]["TRIGGER"].dt
    assert ("No end with", timedelta(minutes=45)) == (two["SUMMARY"], two.end - two.start)
    [theirs, *_] = [each for each in fetched(shop, subscribe(shop, "head")).walk("VEVENT") if each["UID"] == one["UID"]]
    assert "7" == theirs["LOCATION"]


def test_days_are_days(shop: Shop) -> None:
    """A span of days ends, as the standard has it, on the day after; what the document leaves out is left out."""
    meet(shop, "li", subject="Fair", day=date(2026, 3, 4), last_day=date(2026, 3, 6))
    meet(shop, "li", subject="Turned round", day=date(2026, 3, 9), last_day=date(2026, 3, 1))
    meet(shop, "li", subject="private", day=date(2026, 3, 4))
    fair, turned = fetched(shop, subscribe(shop, "li", "days")).walk("VEVENT")
    assert (date(2026, 3, 4), date(2026, 3, 7)) == (fair["DTSTART"].dt, fair["DTEND"].dt)
    assert (date(2026, 3, 9), date(2026, 3, 10)) == (turned["DTSTART"].dt, turned["DTEND"].dt)


def test_an_address_ends(shop: Shop) -> None:
    """A new address ends the old one; closing ends it; a person who left has none; guessing is slowed down."""
    first = subscribe(shop, "li")
    second = subscribe(shop, "li")
    with pytest.raises(NotFound):
        fetched(shop, first)
    assert fetched(shop, second)["NAME"] == "Meetings"
    [opened] = [each for each in shop.ask("li", "api.calendars")["items"] if each["opened_at"]]
    assert "meetings" == opened["name"] and "digest" not in opened
    shop.ask("li", "api.close_calendar", name="meetings")
    with pytest.raises(NotFound):
        fetched(shop, second)
    third = subscribe(shop, "zhao")
    shop.ask("root", "identity.save_person", login="zhao", active=False)
    shop.host.forget_directory()
    with pytest.raises(NotFound):
        fetched(shop, third)
    with pytest.raises(Forbidden):
        shop.host.ask(shop.acting(shop.key("li")), "api.open_calendar", name="meetings")
    with pytest.raises(NotFound, match="meetings"):
        shop.ask("li", "api.open_calendar", name="metings")
    with pytest.raises(TooManyRequests):
        for _ in range(100):
            with pytest.raises(NotFound):
                fetched(shop, "guess")


def test_a_card(shop: Shop) -> None:
    """A vCard 4.0 of what the person may see, and of nothing they may not read."""
    values = {
        "company": "百川；生物, Ltd",
        "phone": "13800001111",
        "email": "a@example.com",
        "since": date(2020, 2, 29),
    }
    made = shop.ask("li", "records.create", type="lead", values=values)["id"]
    shop.ask("head", "records.update", type="lead", id=made, values={"secret_note": "careful"})
    body = shop.ask("li", "api.card", name="lead_card", id=made)["content"].decode()
    assert body.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n") and body.endswith("END:VCARD\r\n")
    for line in ("FN:百川；生物\\, Ltd", "N:百川；生物\\, Ltd;;;;", "TEL;TYPE=work:13800001111",
                 "EMAIL;TYPE=work:a@example.com", "BDAY:20200229"):  # fmt: skip
        assert line in body.split("\r\n")
    older = shop.ask("li", "api.card", name="lead_card", id=made, version="3.0")["content"].decode()
    assert body.replace("VERSION:4.0", "VERSION:3.0").replace("BDAY:20200229", "BDAY:2020-02-29") == older
    assert "careful" not in body
    assert "NOTE:careful" in shop.ask("head", "api.card", name="lead_card", id=made)["content"].decode()
    with pytest.raises(NotFound):
        shop.ask("zhao", "api.card", name="lead_card", id=made)
    assert {"lead": [{"name": "lead_card", "title": "Card"}]} == shop.ask("li", "api.describe")["cards"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: bool(personal_files.plain(text).strip())
)


@given(TEXTS, TEXTS)
def test_what_is_written_is_read_again(summary: str, place: str) -> None:
    """Whatever the words, lines are at most 75 octets, and two readers find the same words and nothing else."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    event = personal_files.Event("a@b", 1, at, at, at + timedelta(hours=1), summary, place)
    body = personal_files.calendar(summary, [event])
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    written = personal_files.plain(summary), personal_files.plain(place)
    found: Any = icalendar.Calendar.from_ical(body)
    [again] = found.walk("VEVENT")
    assert written == (again["SUMMARY"], again["LOCATION"])
    foreign = vobject.readOne(body.decode()).vevent
    assert written == (foreign.summary.value, foreign.location.value)
    assert {"uid", "dtstamp", "last-modified", "sequence", "dtstart", "dtend", "summary", "location"} == {
        *foreign.contents
    }
    card = personal_files.card(personal_files.Card("a@b", at, summary, address=place))
    assert all(len(line) <= 75 for line in card.split(b"\r\n"))
    read = vobject.readOne(card.decode())
    assert written == (read.fn.value, read.adr.value.street)
    assert {"version", "uid", "rev", "fn", "n", "adr"} == {*read.contents}
