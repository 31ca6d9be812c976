"""What rules and people write to others: templates, letters, papers enclosed, limits, quiet hours and digests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.facets import OfRecords
from lowcode.kernel.identity import APP
from lowcode.rules import tables as t
from lowcode.rules.forgetting import forget
from tests.rules.apps import APP_DOCUMENT, START, Trial, rule, trial
from tests.support.mail import MailServer

GREETING: dict[str, Any] = {
    "name": "greeting",
    "type": "message",
    "form": "lead",
    "title": {"en": "Birthday", "zh-CN": "生日祝福"},
    "group": {"en": "Greetings", "zh-CN": "祝福"},
    "subject": {"en": "Happy birthday, {{ company }}", "zh-CN": "{{ company }}，生日快乐"},
    "text": {"en": "All the best.", "zh-CN": "祝一切顺利。"},
    "variants": [{"when": 'grade = "A"', "text": {"en": "Our gift is on its way.", "zh-CN": "礼物已寄出。"}}],
}
FESTIVAL: dict[str, Any] = {
    **GREETING, "name": "festival", "subject": "Happy new year", "text": "Dear {{ company }}", "variants": [],
    "roles": ["supervisor"],
}  # fmt: skip


@pytest.fixture
def options(mail_server: MailServer) -> Iterator[dict[str, Any]]:
    """All engines, with a real mail server and an address people open the app at."""
    secrets = {
        "SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com",
        "PUBLIC_URL": "https://crm.example.com/",
    }
    yield {"others": {}, "secrets": secrets}


def letters(app: Trial, server: MailServer) -> list[tuple[str, str, str]]:
    """Recipient, subject and text of every letter so far."""
    app.settle()
    return [(*each.recipients, each.subject, each.text().replace("\r\n", "\n").strip()) for each in server.letters]  # type: ignore[misc]


@pytest.mark.requirement("SR08", "SR09", "SR26", "ST05", "ST06")
def test_a_greeting_from_the_library_of_templates(
    database_url: str, mail_server: MailServer, options: dict[str, Any]
) -> None:
    """The day before a birthday the words are taken from the template, in the language of the customer, with other
    words for the best ones."""
    eve = rule(
        "eve",
        {"date": {"field": "birthday", "before": {"days": 1}, "yearly": True, "at": "09:00"}},
        {"mail": {"to": "email", "name": "company", "message": "greeting", "language": "note"}},
    )
    with trial(database_url, GREETING, eve, **options) as app:
        birthday = date(1980, 3, 10)
        app.create(company="Ling", email="ling@example.com", birthday=birthday, grade="A", note="en")
        app.create(company="明远", email="ming@example.com", birthday=birthday)
        app.create(company="none", birthday=birthday)
        app.clock.set(START + timedelta(days=6, hours=23))
        assert letters(app, mail_server) == []
        app.advance(hours=1)
        assert sorted(letters(app, mail_server)) == [
            ("ling@example.com", "Happy birthday, Ling", "Our gift is on its way."),
            ("ming@example.com", "明远，生日快乐", "祝一切顺利。"),
        ]


@pytest.mark.requirement("ST05", "ST06")
def test_people_write_by_a_template(database_url: str, mail_server: MailServer, options: dict[str, Any]) -> None:
    """They see the templates that are for them, get the words for a record, and write to an address of it, once; what
    was written stays with the record."""
    with trial(database_url, GREETING, FESTIVAL, **options) as app:
        lead = app.create(company="Ling", email="ling@example.com")
        offered = app.ask("ann", "rules.messages", form="lead")
        assert [each["name"] for each in offered["items"]] == ["greeting"]
        assert [each["field"] for each in offered["addresses"]] == ["email", "phone"]
        assert [each["name"] for each in app.ask("boss", "rules.messages", form="lead")["items"]] == [
            "festival", "greeting",
        ]  # fmt: skip
        words = app.ask("ann", "rules.compose", message="greeting", record=lead, language="en")
        assert words == {"subject": "Happy birthday, Ling", "text": "All the best."}
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.compose", message="festival", record=lead)
        with pytest.raises(NotFound):
            app.ask("ann", "rules.compose", message="greting", record=lead)
        asked = {"form": "lead", "record": lead, "key": "12345678", **words}
        assert app.ask("ann", "rules.write", field="email", **asked) == {"written": True}
        assert app.ask("ann", "rules.write", field="email", **asked) == {"written": False}
        for field in ("phone", "company", "nothing"):
            with pytest.raises(Rejected):
                app.ask("ann", "rules.write", field=field, **asked)
        assert letters(app, mail_server) == [("ling@example.com", words["subject"], words["text"])]
        (kept,) = app.ask("ben", "rules.sent", form="lead", record=lead)["items"]
        assert (kept["state"], kept["by"], kept["subject"]) == ("sent", app.person("ann"), words["subject"])


@pytest.mark.requirement("SR34")
def test_nobody_is_written_to_too_often(database_url: str, mail_server: MailServer, options: dict[str, Any]) -> None:
    """The same letter of a record once in a span; one recipient so many letters of all rules; none in quiet hours."""
    limits = {"at_most": {"most": 2, "per": {"days": 7}}, "quiet": {"from": "21:00", "until": "08:00"}}

    def letter(name: str, **more: Any) -> dict[str, Any]:
        words = {"to": "email", "subject": name, "text": "{{ note }}"}
        return rule(name, {"updated": True, "fields": ["note"]}, {"mail": {**words, **more}})

    rules = (letter("a", once_per={"days": 1}, **limits), letter("b", **limits))
    with trial(database_url, *rules, **options) as app:
        lead = app.create(email="ling@example.com")
        app.update(lead, note="1")
        assert [each[1:] for each in sorted(letters(app, mail_server))] == [("a", "1"), ("b", "1")]
        app.update(lead, note="2")
        assert len(letters(app, mail_server)) == 2
        states = [
            (each["rule"], each["state"]) for each in app.ask("ann", "rules.sent", form="lead", record=lead)["items"]
        ]
        assert states == [("b", "dropped"), ("b", "sent"), ("a", "sent")]
        app.clock.set(START + timedelta(days=8, hours=13, minutes=30))
        app.update(lead, note="3")
        assert len(letters(app, mail_server)) == 2
        app.clock.set(START + timedelta(days=8, hours=23))
        assert len(letters(app, mail_server)) == 4


@pytest.mark.requirement("SR15")
def test_a_notice_leads_to_the_record(database_url: str, mail_server: MailServer, options: dict[str, Any]) -> None:
    """Key facts in the words, the record to go to in the app, and its address in the letter."""
    new = rule("new", {"created": True}, {
        "notify": {"to": ["owner"], "title": "New: {{ company }}", "text": "Budget {{ budget }}, {{ province }}",
                   "channels": ["app", "mail"]}})  # fmt: skip
    with trial(database_url, new, **options) as app:
        with app.host.session(APP) as context:
            context.ask("identity.save_person", login="ann", name="Ann", roles=["sales"], email="ann@example.com")
        app.host.forget_directory()
        lead = app.create(company="Ling", budget=5000, province="beijing")
        text = f"Budget ¥5,000.00, beijing\n\nhttps://crm.example.com/#/records/lead/{lead}"
        assert letters(app, mail_server) == [("ann@example.com", "New: Ling", text)]
        (notice,) = app.ask("ann", "notifications.list")["items"]
        assert (notice["record"]["form"], notice["record"]["id"]) == ("lead", lead)


def test_notices_are_gathered(database_url: str) -> None:
    """Those of a digest come as one at its hour, each person's own; one alone comes as it is; none comes twice."""
    words = {"to": ["owner"], "text": "{{ note }}", "digest": {"name": "evening", "at": "18:00"}}
    rules = (
        rule("first", {"becomes": 'note = "x"'}, {"notify": {**words, "title": "First {{ company }}"}}),
        rule("second", {"becomes": "budget > 10"}, {"notify": {**words, "title": "Second {{ company }}"}}),
    )
    with trial(database_url, *rules) as app:
        lead = app.create(company="L")
        app.update(lead, note="x", budget=20)
        app.update(app.create("ben", company="M"), "ben", note="x")
        app.clock.set(START + timedelta(hours=8, minutes=59))
        app.settle()
        assert (app.notices("ann"), app.notices("ben")) == ([], [])
        app.advance(minutes=1)
        assert (app.notices("ann"), app.notices("ben")) == (["2 notices"], ["First M"])
        (notice,) = app.ask("ann", "notifications.list")["items"]
        assert notice["text"] == "• First L\n  x\n• Second L\n  x"
        app.advance(days=2)
        assert len(app.notices("ann")) == 1


def test_a_digest_comes_when_its_reader_works() -> None:
    """At its hour by the clock of each reader's team, on the next day on which they work where that is wanted; one that
    is not so careful comes on a holiday as well."""
    app_json = {**APP_DOCUMENT, "calendar": {"holidays": ["2026-03-03"]}, "calendars": [
        {"name": "berlin", "roles": ["director"], "zone": "Europe/Berlin",
         "hours": {day: ["09:00-17:00"] for day in ("tuesday", "wednesday", "thursday", "friday")}}]}  # fmt: skip
    both = {"to": [{"user": "ann"}, {"user": "ben"}], "text": ""}
    rules = (
        rule("working", {"created": True}, {"notify": {**both, "title": "working", "digest": {
            "name": "working", "at": "09:30", "working": True}}}),
        rule("daily", {"created": True}, {"notify": {**both, "title": "daily", "digest": {
            "name": "daily", "at": "09:30"}}}),
    )  # fmt: skip
    with trial("sqlite://", *rules, others={"app.json": app_json}) as app:
        app.ask(None, "identity.save_person", login="ben", name="Ben", roles=["sales", "director"])
        app.host.forget_directory()
        app.clock.set(START + timedelta(hours=1))  # Monday, ten in Shanghai and three in Berlin
        app.create()
        app.settle()
        told: dict[str, list[str]] = {"ann": [], "ben": []}
        for hour in range(2, 80):
            app.clock.set(START + timedelta(hours=hour))
            app.settle()
            for login, seen in told.items():
                new = app.notices(login)[len(seen) :]
                seen += [f"{each} {app.clock.now():%d %H}" for each in new]
        # Tuesday is a holiday in Shanghai; in Berlin nobody works on Mondays
        assert told == {"ann": ["daily 03 02", "working 04 02"], "ben": ["daily 02 09", "working 03 09"]}


def test_a_digest_of_the_week_is_told_once_on_its_day(tmp_path: Path) -> None:
    """What is gathered over a week waits through restarts and comes on the day, once; what comes after that waits for
    the next."""
    weekly = {"name": "weekly", "at": "08:30", "on": ["monday", "thursday"]}
    words = {"to": ["owner"], "title": "{{ company }}", "digest": weekly}
    noted = rule("noted", {"becomes": 'note = "x"'}, {"notify": words})
    url, told = f"sqlite:///{tmp_path}/w.sqlite3", []
    for day in range(9):  # from a Monday at nine in Shanghai, each day by another process
        with trial(url, noted, start=START + timedelta(days=day)) as app:
            app.update(app.create(company=f"day {day}"), note="x")
            app.settle()
            told.append([each["text"] or each["title"] for each in app.ask("ann", "notifications.list")["items"]])
    until_thursday, until_monday = "• day 0\n• day 1\n• day 2", "• day 3\n• day 4\n• day 5\n• day 6"
    assert [[]] * 3 == told[:3]
    assert [[until_thursday]] * 4 == told[3:7]
    assert [[until_monday, until_thursday]] * 2 == told[7:]


@pytest.mark.requirement("SP15")
def test_what_waits_says_nothing_to_who_reads_the_database(tmp_path: Path, options: dict[str, Any]) -> None:
    """Letters that wait for their hour and notices of a digest are sealed, and open for whoever may read them."""
    words = {"to": ["owner"], "title": "Secret {{ company }}", "digest": {"name": "evening", "at": "18:00"}}
    rules = (
        rule("first", {"becomes": 'note = "x"'}, {"notify": words}),
        rule("write", {"becomes": 'note = "x"'}, {"mail": {"to": "email", "subject": "Secret", "text": "Code 271828",
                                                           "quiet": {"from": "00:00", "until": "23:59"}}}),
    )  # fmt: skip
    files = str(tmp_path / "files")
    with trial("sqlite://", *rules, **options, files=files) as app:
        lead = app.create(company="L", email="l@example.com")
        app.update(lead, note="x")
        app.settle()
        with app.host.database.reading() as unit:
            kept = [str(dict(row)) for table in (t.message, t.digest) for row in unit.fetch(sa.select(table))]
        assert len(kept) == 2
        assert [] == [row for row in kept if "Secret" in row or "271828" in row]
        (shown,) = app.ask("ann", "rules.sent", form="lead", record=lead)["items"]
        assert ("Secret", "Code 271828") == (shown["subject"], shown["text"])


def test_what_a_digest_holds_of_the_forgotten_is_not_told(options: dict[str, Any]) -> None:
    """Somebody is forgotten between a notice and its digest."""
    words = {"to": ["owner"], "title": "About {{ company }}", "digest": {"name": "evening", "at": "18:00"}}
    with trial("sqlite://", rule("first", {"becomes": 'note = "x"'}, {"notify": words})) as app:
        gone, stays = app.create(company="Gone"), app.create(company="Stays")
        for lead in (gone, stays):
            app.update(lead, note="x")
        app.settle()
        with app.host.session(APP) as context:
            forget(context, OfRecords(form="lead", ids=(gone,)))
        app.advance(hours=12)
        assert app.notices("ann") == ["About Stays"]


LETTERHEAD: dict[str, Any] = {
    "name": "offer", "title": "Offer", "form": "lead", "file_name": "offer-{{ company }}",
    "body": [{"type": "text", "text": "Offer for {{ company }}"}],
}  # fmt: skip


@pytest.mark.requirement("ST02")
def test_a_paper_is_printed_kept_and_sent(mail_server: MailServer, options: dict[str, Any]) -> None:
    """One PDF: in the field of the record, and enclosed in the letter."""
    offer = rule("offer", {"becomes": 'stage = "contacted"'}, {
        "print": {"template": "offer", "into": "papers",
                  "mail": {"to": "email", "subject": "Our offer", "text": "As agreed, {{ company }}"}}})  # fmt: skip
    with trial("sqlite://", offer, **{**options, "others": {"printing/offer.json": LETTERHEAD}}) as app:
        lead = app.create(company="Ling", email="ling@example.com")
        app.update(lead, stage="contacted")
        app.settle()
        assert [each["outcome"] for each in app.log("offer")] == ["done"]
        (letter,) = mail_server.wait(1)
        (enclosed,) = letter.message.iter_attachments()
        assert enclosed.get_filename() == "offer-Ling.pdf"
        assert bytes(enclosed.get_content()).startswith(b"%PDF-")
        (kept,) = app.get(lead)["papers"]
        assert kept["name"] == "offer-Ling.pdf" if isinstance(kept, dict) else kept > 0


FLOW: dict[str, Any] = {
    "name": "onboarding", "title": "Onboarding", "form": "lead",
    "nodes": [
        {"id": "start", "type": "start", "to": "reply"},
        {"id": "reply", "type": "wait", "for": {"days": 30}, "to": "late",
         "events": [{"message": "replied", "to": "early"}]},
        {"id": "early", "type": "set", "values": {"note": '"early"'}, "to": "end"},
        {"id": "late", "type": "set", "values": {"note": '"late"'}, "to": "end"},
        {"id": "end", "type": "end"},
    ],
}  # fmt: skip


def test_a_rule_begins_and_signals_a_flow(database_url: str) -> None:
    """What waits in a flow for the message goes on; without a flow that waits nothing happens."""
    rules = (
        rule("begins", {"becomes": 'stage = "won"'}, {"start_flow": {"flow": "onboarding"}}),
        rule("replies", {"becomes": "budget > 0"}, {"signal": {"message": "replied", "body": {"sum": "budget"}}}),
    )
    with trial(database_url, *rules, others={"flows/onboarding.json": FLOW}) as app:
        lead, other = app.create(), app.create()
        app.update(lead, stage="won")
        app.settle()
        for each in (lead, other):
            app.update(each, budget=7)
            app.settle()
        assert (app.get(lead)["note"], app.get(other)["note"]) == ("early", None)
        assert [each["outcome"] for each in app.log("replies")] == ["done", "done"]
