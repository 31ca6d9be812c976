"""The stage model of a state: what a record needs to come in and to go on, on every door, and what the page says."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError, NotFound, Rejected
from lowcode.kernel.storage.files import keep
from tests.forms.firm import APP_DOCUMENT, EVERYTHING, Firm, firm

PERMITTED = [
    {"role": "sales", "can": EVERYTHING, "where": "owner = ME()"},
    {"role": "supervisor", "can": EVERYTHING},
    {"role": "reader", "can": ["read"], "hide": ["budget"]},
]
MANUAL = {
    "name": "manual",
    "label": "title",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "stage", "type": "text"},
        {"name": "files", "type": "attachment"},
    ],
    "permissions": [{"role": "supervisor", "can": EVERYTHING}, {"role": "sales", "can": ["read"]}],
}
DEAL: dict[str, Any] = {
    "name": "deal",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "budget", "type": "money", "title": {"zh-CN": "预算", "en": "Budget"}},
        {"name": "offer", "type": "attachment", "title": "Offer"},
        {"name": "checks", "type": "multi_select", "widget": "checkboxes", "options": [
            {"name": "site", "title": {"zh-CN": "现场确认", "en": "Site seen"}}, {"name": "photo"}]},
        {"name": "stage", "type": "state", "initial": "need", "states": [
            {"name": "need",
             "required": ["budget"],
             "exit": [{"when": "budget > 100", "message": {"zh-CN": "预算太小", "en": "The budget is too small"}}],
             "deliverables": [{"field": "offer"}],
             "checklist": {"field": "checks", "required": ["site"]},
             "guide": {"text": {"zh-CN": "先看现场", "en": "See the site first"},
                       "documents": {"form": "manual", "where": 'stage = "need"', "field": "files"}},
             "ageing": {"warn": 2, "limit": 4, "working": True}},
            {"name": "won", "won": True, "closed": True,
             "entry": [{"when": 'name <> "test"', "message": "A test is not won"}]},
            {"name": "lost", "closed": True}],
         "transitions": [
             {"from": "need", "to": "won"},
             {"from": "need", "to": "lost", "gates": "entry"},
             {"from": "lost", "to": "won", "gates": "none", "roles": ["supervisor"]},
             {"from": "lost", "to": "need"}]},
    ],
    "permissions": PERMITTED,
}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, MANUAL, DEAL) as found:
        yield found


def refused(app: Firm, deal: int, login: str = "ann", /, **values: Any) -> list[tuple[str, str]]:
    """Pointer and code of everything that keeps a record back."""
    with pytest.raises(Rejected) as caught:
        app.ask(login, "records.update", type="deal", id=deal, values=values)
    return [(each.pointer, each.code.removeprefix("records.")) for each in caught.value.problems]


def attached(app: Firm, login: str = "ann") -> list[int]:
    """A file that a person uploaded."""
    with app.host.session(app.host.actor(login)) as context:
        return [keep(context, "offer.pdf", "application/pdf", b"%PDF-1.7")["id"]]


@pytest.mark.requirement("SW07", "SW08", "SW09", "SW20", "SF26")
def test_a_record_goes_on_when_everything_the_stage_asks_is_there(app: Firm) -> None:
    """Every reason is named at its field at once; what is there is not asked for again; the entry gate comes last."""
    deal = app.create("ann", "deal", name="test")
    gate, field = ("/stage", "stage-gate"), ("/budget", "stage-required")
    file, tick = ("/offer", "stage-deliverable"), ("/checks", "stage-check")
    assert refused(app, deal, stage="won") == [gate, field, file, tick, gate]
    app.ask("ann", "records.update", type="deal", id=deal, values={"budget": "50", "checks": ["photo"]})
    assert refused(app, deal, stage="won") == [gate, file, tick, gate]
    given = {"budget": "500", "checks": ["site"], "offer": attached(app), "stage": "won"}
    assert refused(app, deal, **given) == [gate]
    won = app.ask("ann", "records.update", type="deal", id=deal, values={**given, "name": "real"})
    assert won["stage"] == "won"


@pytest.mark.requirement("SW20")
def test_gates_hold_for_whoever_moves_the_record(app: Firm) -> None:
    """The app itself, a supervisor and a new record that begins further on are held to them; a check while filling in
    says the same."""
    deal = app.create("ann", "deal", name="x")
    for login in (None, "boss"):
        with pytest.raises(Rejected) as caught:
            app.ask(login, "records.update", type="deal", id=deal, values={"stage": "won"})
        assert "records.stage-check" in [each.code for each in caught.value.problems]
    with pytest.raises(Rejected) as caught:
        app.ask("ann", "records.create", type="deal", values={"name": "y", "stage": "won"})
    assert "records.stage-deliverable" in [each.code for each in caught.value.problems]
    checked = app.ask("ann", "forms.check", form="deal", id=deal, values={"stage": "won"})["errors"]
    assert [each["pointer"] for each in checked] == ["/stage", "/budget", "/offer", "/checks"]


def test_giving_up_asks_less(app: Firm) -> None:
    """A transition with `gates` on `entry` leaves the exit out, `none` asks for nothing."""
    deal = app.create("ann", "deal", name="test")
    app.ask("ann", "records.update", type="deal", id=deal, values={"stage": "lost"})
    assert app.ask("boss", "records.update", type="deal", id=deal, values={"stage": "won"})["stage"] == "won"


@pytest.mark.requirement("SP23", "ST08", "SW10", "SW23")
def test_the_stage_says_what_is_missing_and_how_it_is_done(app: Firm) -> None:
    """Met and unmet, guide and documents, in the person's language and as far as they may read."""
    file = attached(app, "boss")
    page = app.create("boss", "manual", title="How to", stage="need", files=file)
    app.create("boss", "manual", title="Other", stage="won")
    deal = app.create("ann", "deal", name="x", budget="500")
    found = app.ask("ann", "records.stage", type="deal", id=deal)
    assert [(each["kind"], each["title"], each["met"], each["required"]) for each in found["wanted"]] == [
        ("gate", "The budget is too small", True, True),
        ("field", "Budget", True, True),
        ("deliverable", "Offer", False, True),
        ("check", "Site seen", False, True),
        ("check", "photo", False, False),
    ]
    assert found["guide"]["text"] == "See the site first"
    assert [
        (each["id"], each["label"], [f["name"] for f in each["files"]]) for each in found["guide"]["documents"]
    ] == [(page, "How to", ["offer.pdf"])]
    seen = app.ask("rea", "records.stage", type="deal", id=deal)
    assert ("field" not in [each["kind"] for each in seen["wanted"]], seen["guide"]["documents"]) == (True, [])
    with pytest.raises(NotFound):
        app.ask("ben", "records.stage", type="deal", id=deal)


@pytest.mark.requirement("SW07")
def test_how_long_it_stands_there_counts_working_days(app: Firm) -> None:
    """From a Monday: two working days are late, four overdue, a weekend is none; only what one may read is told."""
    deal = app.create("ann", "deal", name="x")
    told = []
    for _ in range(6):
        each = app.ask("ann", "records.standing", type="deal", ids=[deal])["items"]
        told.append((each[0]["days"], each[0]["age"]))
        app.host.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    assert told == [(0, None), (1, None), (2, "late"), (3, "late"), (4, "overdue"), (4, "overdue")]
    assert app.ask("ben", "records.standing", type="deal", ids=[deal])["items"] == []
    app.ask("ann", "records.update", type="deal", id=deal, values={"stage": "lost"})
    assert app.ask("ann", "records.stage", type="deal", id=deal)["age"] is None


def test_mistakes_in_a_stage_model_are_found() -> None:
    """Unknown fields, fields of the wrong type, lines that are none, a warning after the limit."""
    form = copy.deepcopy(DEAL)
    need = form["fields"][4]["states"][0]
    need["required"] = ["bugdet"]
    need["deliverables"] = [{"field": "name"}]
    need["checklist"]["required"] = ["siet"]
    need["ageing"]["warn"] = 9
    need["guide"]["documents"]["field"] = "title"
    need["exit"][0]["when"] = "budget + 1"
    documents = {"app.json": APP_DOCUMENT, "forms/deal.json": form, "forms/manual.json": MANUAL}
    with pytest.raises(DefinitionError) as wrong:
        host = Host(documents, "sqlite://", engines=[Forms()])
        try:
            host.compile(host.documents)
        finally:
            host.close()
    base = "/fields/4/states/0/"
    assert {each.place.pointer.removeprefix(base): each.code for each in wrong.value.report.errors} == {
        "exit/0/when": "expressions.unexpected-type",
        "required/0": "forms.unknown-field",
        "deliverables/0/field": "forms.stage-field",
        "checklist/required/0": "forms.no-such-line",
        "guide/documents/field": "forms.stage-field",
        "ageing/warn": "forms.warns-too-late",
    }
