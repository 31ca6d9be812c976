"""A calendar under its address, as calendar programs ask for it: without a session, again and again."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.api.app import Shop
from tests.api.test_personal import CARD, MEETING, MEETINGS
from tests.web.calls import Open, Visitor, problem


@pytest.fixture
def shop(open_shop: Open, database_url: str) -> Shop:
    return open_shop(MEETINGS, CARD, database=database_url, more={"forms/meeting.json": MEETING})


@pytest.mark.requirement("SF25")
def test_a_program_subscribes(shop: Shop) -> None:
    """No cookie is needed, nothing is cached by others, what did not change is not sent twice."""
    li = Visitor(shop).sign_in("li")
    made: dict[str, Any] = li.post("api/operations/api.open_calendar", {"name": "meetings"}).json()
    program = Visitor(shop)
    first = program.get(made["path"])
    assert (200, "text/calendar; charset=utf-8") == (first.status_code, first.headers["content-type"])
    assert b"BEGIN:VCALENDAR" in first.content and b"VEVENT" not in first.content
    assert "private" in first.headers["cache-control"]
    assert 304 == program.get(made["path"], headers={"If-None-Match": first.headers["etag"]}).status_code
    meeting = {"subject": "Talk", "begins": "2026-03-03T02:00:00Z"}
    assert 201 == li.post("api/records/meeting", meeting).status_code
    second = program.get(made["path"], headers={"If-None-Match": first.headers["etag"]})
    assert 200 == second.status_code and b"SUMMARY:Talk with" in second.content
    assert (404, "api.calendar-closed") == (problem(program.get("api/calendars/guess.ics"))[:2])
    assert 405 == program.post(made["path"]).status_code


def test_a_card_is_a_file(shop: Shop) -> None:
    """For a person who is signed in, and named after the record in any script."""
    li = Visitor(shop).sign_in("li")
    lead = li.post("api/records/lead", {"company": "百川"}).json()["id"]
    card = li.get(f"api/cards/lead_card/{lead}")
    assert (200, "text/vcard; charset=utf-8") == (card.status_code, card.headers["content-type"])
    assert "filename*=UTF-8''%E7%99%BE%E5%B7%9D.vcf" in card.headers["content-disposition"]
    assert "VERSION:3.0" in li.get(f"api/cards/lead_card/{lead}?version=3.0").text
    for wrong in ("version=2.1", "vesion=3.0", "version=3.0&version=4.0"):
        assert 422 == li.get(f"api/cards/lead_card/{lead}?{wrong}").status_code
    assert 401 == Visitor(shop).get(f"api/cards/lead_card/{lead}").status_code
    told = li.post("api/operations/api.card", {"name": "lead_card", "id": lead}).json()
    assert ("text/vcard", "百川.vcf", card.content) == (
        told["media_type"], told["name"], base64.b64decode(told["content"], validate=True),
    )  # fmt: skip
    root = Visitor(shop).sign_in("root")
    sheet = root.get("api/export/lead?format=csv")
    told = root.post("api/operations/forms.export", {"form": "lead", "format": "csv"}).json()
    assert (200, sheet.content) == (sheet.status_code, base64.b64decode(told["content"], validate=True))
