"""Events as an iCalendar (RFC 5545, RFC 7986), a person or firm as a vCard (RFC 6350, RFC 2426). Pure: values to bytes.

The library folds lines at 75 octets and escapes; calendars drop a whole feed over one wrong fold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

Version = Literal["3.0", "4.0"]
PRODUCT = "-//lowcode//calendar//EN"
REFRESH = timedelta(hours=1)
BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar. `until` is exclusive; days and instants do not mix."""

    uid: str
    version: int
    changed: datetime
    begins: date | datetime
    until: date | datetime
    summary: str
    place: str = ""
    description: str = ""
    link: str = ""
    remind: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One card. Every value may be blank but the name."""

    uid: str
    changed: datetime
    name: str
    organization: str = ""
    job_title: str = ""
    mobiles: Sequence[str] = ()
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()
    address: str = ""
    birthday: date | None = None
    note: str = ""
    link: str = ""


def plain(text: str) -> str:
    """A text without what no line may hold (RFC 5545, 3.1), such as the breaks that word processors write."""
    return UNSEEN.sub("", BREAKS.sub("\n", text))


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """A calendar as it is sent."""
    import icalendar

    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    called = icalendar.vText(" ".join(plain(name).split()))
    made.add("name", called)
    made.add("x-wr-calname", called)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for each in events:
        made.add_component(_event(icalendar, each))
    return bytes(made.to_ical())


def _event(icalendar: Any, each: Event) -> Any:
    found = icalendar.Event()
    found.add("uid", each.uid)
    found.add("dtstamp", each.changed)
    found.add("last-modified", each.changed)
    found.add("sequence", each.version - 1)
    found.add("dtstart", each.begins)
    found.add("dtend", each.until)
    summary = plain(each.summary)
    found.add("summary", summary)
    for name, value in (("location", plain(each.place)), ("description", plain(each.description)), ("url", each.link)):
        if value:
            found.add(name, value)
    if not isinstance(each.begins, datetime):
        found.add("transp", "TRANSPARENT")  # a day to remember does not make a person busy
    if each.remind is not None:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", -timedelta(minutes=each.remind))
        found.add_component(alarm)
    return found


def card(of: Card, version: Version = "4.0") -> bytes:
    """A card as it is sent: vCard 4.0 (RFC 6350), or 3.0 (RFC 2426) for programs that read no newer one, as Outlook."""
    import icalendar

    parser: Any = icalendar.parser
    lines = parser.Contentlines()

    def add(name: str, value: str, **parameters: str) -> None:
        if value:
            shown = icalendar.vText(plain(value))
            lines.append(parser.Contentline.from_parts(name, icalendar.Parameters(parameters), shown))

    def add_parts(name: str, parts: Sequence[str]) -> None:
        text = ";".join(icalendar.vText(plain(each)).to_ical().decode() for each in parts)
        lines.append(parser.Contentline(f"{name}:{text}"))

    add("BEGIN", "VCARD")
    add("VERSION", version)
    add("UID", of.uid)
    add("REV", f"{of.changed:%Y%m%dT%H%M%SZ}")
    add("FN", of.name)
    add_parts("N", (of.name, "", "", "", ""))
    if of.organization:
        add_parts("ORG", (of.organization,))
    add("TITLE", of.job_title)
    for number in of.mobiles:
        add("TEL", number, TYPE="cell")
    for number in of.phones:
        add("TEL", number, TYPE="work")
    for each in of.emails:
        add("EMAIL", each, TYPE="work")
    if of.address:
        add_parts("ADR", ("", "", of.address, "", "", "", ""))
    if of.birthday is not None:
        add("BDAY", f"{of.birthday:%Y%m%d}" if version == "4.0" else of.birthday.isoformat())
    add("NOTE", of.note)
    add("URL", of.link)
    add("END", "VCARD")
    return bytes(lines.to_ical())
