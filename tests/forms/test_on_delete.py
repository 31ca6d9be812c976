"""What becomes of records when one that they are linked to is deleted: as their links say."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.records import consequences
from tests.forms.firm import EVERYTHING, START, Firm, firm

WORLD = json.loads(Path(__file__).with_name("on_delete.json").read_text())
MAY = [{"role": "supervisor", "can": [*EVERYTHING, "restore", "purge", "privacy"]}]
NAME: dict[str, Any] = {"name": "name", "type": "text"}


def form(name: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form of records with names, for the supervisor unless something else is said."""
    return {"name": name, "label": "name", "fields": [NAME, *fields], "permissions": MAY, **more}


def link(name: str, to: str, on_delete: str | None = None) -> dict[str, Any]:
    """A link to a form."""
    return {"name": name, "type": "link", "to": to, **({"on_delete": on_delete} if on_delete else {})}


SALES = {"role": "sales", "can": ["read", "delete", "edit"]}
LAW = {"purpose": "sales", "basis": "contract"}
FORMS = (
    form(
        "firm", {"name": "phone", "type": "phone", "privacy": LAW}, link("over", "firm"),
        permissions=[*MAY, SALES], privacy={"identify": ["phone"]},
    ),
    form("visit", link("firm", "firm", "cascade")),
    form("report", link("visit", "visit", "cascade"), link("earlier", "report", "cascade")),
    form("bill", link("firm", "firm", "restrict")),
    form(
        "memo", link("firm", "firm", "clear"),
        {"name": "all", "type": "links", "to": "firm", "on_delete": "clear"},
        {"name": "about", "type": "link_any", "to": ["firm", "bill"], "on_delete": "clear"},
        {"name": "parts", "type": "lines", "fields": [
            link("of", "firm", "clear"),
            {"name": "inner", "type": "lines", "fields": [link("by", "firm", "clear")]},
        ]},
    ),
)  # fmt: skip


def filled(value: Any, ids: dict[str, int]) -> Any:
    """What a case says with the ids of this run."""
    match value:
        case dict():
            return {key: filled(each, ids) for key, each in value.items()}
        case list():
            return tuple(filled(each, ids) for each in value)
        case str() if value.startswith("@"):
            return ids[value[1:]]
        case str() if "/@" in value:
            return f"{value.partition('/')[0]}/{ids[value.partition('@')[2]]}"
    return value


def made(app: Firm) -> dict[str, int]:
    """The world of the cases."""
    ids: dict[str, int] = {}
    for name, word, values in WORLD["made"]:
        ids[word] = app.create("boss", name, **filled(values, ids))
    return ids


def gone(app: Firm, ids: dict[str, int]) -> list[str]:
    """Which of them are not there."""
    found = {}
    for name, word, _ in WORLD["made"]:
        found[word] = app.ask("boss", "records.list", type=name, ids=(ids[word],))["items"]
    return sorted(word for word, items in found.items() if not items)


@pytest.mark.requirement("SF06")
def test_a_deletion_means_what_the_links_say(database_url: str) -> None:
    """Kept, refused, emptied in fields and rows, or deleted with it, however far; in whatever way it goes and comes."""
    with firm(database_url, *FORMS, clock=FrozenClock(START)) as app:
        for case in WORLD["cases"]:
            assert_case(app, case, made(app))


def assert_case(app: Firm, case: dict[str, Any], ids: dict[str, int]) -> None:
    """What a case does comes to what it says."""
    name = case["name"]
    *before, last = [(operation, filled(asked, ids)) for operation, asked in case["do"]]
    for operation, asked in before:
        app.ask("boss", operation, **asked)
    if "refused" in case:
        with pytest.raises(Rejected) as refused:
            app.ask("boss", last[0], **last[1])
        said = refused.value.problems[0].words("en").partition(" and ")[0]
        assert (name, said, gone(app, ids)) == (name, case["refused"], [])
        return
    answer = app.ask("boss", last[0], **last[1])
    assert (name, gone(app, ids)) == (name, sorted(case["gone"]))
    assert (name, (answer or {}).get("refused") or []) == (name, [])
    if "memo" in case:
        memo = app.ask("boss", "records.get", type="memo", id=ids["memo"])
        parts = tuple((row["of"], tuple(one["by"] for one in row["inner"])) for row in memo["parts"])
        seen = {"firm": memo["firm"], "all": tuple(memo["all"]), "about": memo["about"], "parts": parts}
        assert (name, seen) == (name, filled(case["memo"], ids))
        told = app.ask("boss", "records.history", type="memo", id=ids["memo"])[0]
        assert (told["kind"], {"firm", "all"} & told["changes"].keys() != set()) == ("updated", True)
    if "branch" in case:
        branch = app.ask("boss", "records.get", type="firm", id=ids["branch"])
        assert (name, branch["over"]) == (name, filled(case["branch"], ids))


@pytest.mark.requirement("SF06")
def test_what_follows_needs_no_permission_and_is_told_to_readers_only(database_url: str) -> None:
    """Sales people may delete firms and read nothing else: visits go all the same, and of what they may not read they
    learn neither name nor number."""
    with firm(database_url, *FORMS, clock=FrozenClock(START)) as app:
        ids = made(app)
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "records.delete", type="firm", id=ids["branch"])
        told = refused.value.problems[0].words("en")
        assert told.startswith("what you may not read is linked to this") and "Bill" not in told
        asked = app.ask("ann", "forms.check_delete", form="firm", ids=(ids["acme"],))
        assert asked == {"deleted": [], "emptied": [], "problems": []}
        with pytest.raises(Forbidden):
            app.ask("ann", "forms.check_delete", form="visit", ids=(ids["visit"],))
        known = app.ask("boss", "forms.check_delete", form="firm", ids=(ids["acme"], ids["branch"]))
        assert known["deleted"] == [{"form": "report", "count": 1}, {"form": "visit", "count": 1}]
        assert known["emptied"] == [{"form": "memo", "count": 1}]
        assert [each["code"] for each in known["problems"]] == ["records.still-linked"]
        app.ask("ann", "records.delete", type="firm", id=ids["acme"])
        assert gone(app, ids) == ["acme", "report", "visit"]
        bin_ = app.ask("boss", "forms.list_deleted")["items"]
        found = {each["label"]: (each["cause"], (each["with"] or {}).get("label")) for each in bin_}
        assert found == {"Acme": ("person", None), "Visit": ("with", "Acme"), "Report": ("with", "Visit")}
        assert {each["by"]["label"] for each in bin_} == {"Ann"}
        back = app.ask("ann", "forms.bring_back", form="firm", ids=(ids["acme"],))
        assert ([each["form"] for each in back["restored"]], gone(app, ids)) == (["firm"], [])
        assert app.ask("boss", "forms.list_deleted")["items"] == []


@pytest.mark.requirement("SF06")
def test_links_in_a_circle_and_too_many_of_them(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle goes once; more than may follow refuse the whole before anything is written."""
    with firm(database_url, *FORMS, clock=FrozenClock(START)) as app:
        first = app.create("boss", "report", name="R0")
        listed = [first]
        for at in range(1, 4):
            listed.append(app.create("boss", "report", name=f"R{at}", earlier=listed[-1]))
        app.ask("boss", "records.update", type="report", id=first, values={"earlier": listed[-1]})
        before = [len(app.ask("boss", "records.history", type="report", id=each)) for each in listed]
        monkeypatch.setattr(consequences, "FOLLOWING", 2)
        with pytest.raises(Rejected) as refused:
            app.ask("boss", "records.delete", type="report", id=listed[1])
        assert [each.code for each in refused.value.problems] == ["records.too-many-follow"]
        assert [len(app.ask("boss", "records.history", type="report", id=each)) for each in listed] == before
        monkeypatch.undo()
        answer = app.ask("boss", "forms.delete_many", form="report", ids=tuple(listed), versions=(2, 1, 1, 1))
        assert (answer["refused"], sorted(answer["deleted"])) == ([], sorted(listed))
        app.ask("boss", "forms.bring_back", form="report", ids=(first,))
        assert len(app.ask("boss", "records.list", type="report")["items"]) == 4


CODED = (
    form("firm"),
    form("card", {"name": "code", "type": "text"}, link("firm", "firm", "cascade"), unique=[{"fields": ["code"]}]),
)


@pytest.mark.requirement("SF06")
def test_what_cannot_come_back_with_the_others_stays_and_is_named(database_url: str) -> None:
    """A value that may occur once was given away meanwhile: that one stays in the bin, the others are back."""
    with firm(database_url, *CODED, clock=FrozenClock(START)) as app:
        acme = app.create("boss", "firm", name="Acme")
        one, two = (app.create("boss", "card", name=each, code=each, firm=acme) for each in "ab")
        app.ask("boss", "records.delete", type="firm", id=acme)
        app.create("boss", "card", name="c", code="a")
        back = app.ask("boss", "forms.bring_back", form="firm", ids=(acme,))
        assert [(each["form"], each["id"]) for each in back["restored"]] == [("firm", acme), ("card", two)]
        assert [(each["id"], each["problems"][0]["code"]) for each in back["refused"]] == [(one, "forms.stays-deleted")]
        assert [each["id"] for each in app.ask("boss", "forms.list_deleted")["items"]] == [one]


def meanwhile(app: Firm, mine: tuple[str, Any], theirs: tuple[str, Any]) -> list[str]:
    """One does something, and before that is committed another begins; what the other is refused."""
    codes: list[str] = []

    def other() -> None:
        try:
            app.ask("boss", theirs[0], **theirs[1])
        except Rejected as refused:
            codes.extend(each.code for each in refused.problems)

    thread = threading.Thread(target=other)
    with app.host.session(app.host.actor("boss")) as context:
        context.ask(mine[0], **mine[1])
        context.ask("records.list", type="firm")  # what is kept back is sent
        thread.start()
        thread.join(0.2)
    thread.join()
    return codes


@pytest.mark.requirement("SF06")
def test_who_comes_second_sees_what_the_first_did(database_url: str) -> None:
    """Somebody links to a record, or brings it back, that another deletes or purges at the same time: the deletion is
    refused or the link, and what came back is there."""
    clock = FrozenClock(START)
    with firm(database_url, form("firm", keep_deleted_days=1), FORMS[3], clock=clock) as app:
        acme, other, purged, emptied = (app.create("boss", "firm", name=each) for each in "abcd")
        for each in (purged, emptied):
            app.ask("boss", "records.delete", type="firm", id=each)
        clock.set(START + timedelta(days=2))

        def linked(identity: int) -> tuple[str, Any]:
            return "records.create", {"type": "bill", "values": {"name": "B", "firm": identity}}

        def deleted(identity: int) -> tuple[str, Any]:
            return "records.delete", {"type": "firm", "id": identity}

        def back(identity: int) -> tuple[str, Any]:
            return "records.undelete", {"type": "firm", "id": identity}

        assert meanwhile(app, linked(acme), deleted(acme)) == ["records.still-linked"]
        assert meanwhile(app, deleted(other), linked(other)) == ["records.link-not-found"]
        meanwhile(app, back(purged), ("forms.purge", {"form": "firm", "ids": (purged,), "count": 1}))
        with app.host.session(APP) as context:
            context.ask("records.undelete", type="firm", id=emptied)
            context.ask("records.list", type="firm")
            thread = threading.Thread(target=lambda: app.ask(None, "forms.empty_bin"))
            thread.start()
            thread.join(0.2)
        thread.join()
        there = app.ask("boss", "records.list", type="firm")["items"]
        assert sorted(each["id"] for each in there) == [acme, purged, emptied]


@pytest.mark.requirement("SF06")
def test_links_are_emptied_in_one_go(database_url: str) -> None:
    """By as many statements however many there are, each with its history, and what follows them is brought along."""
    buyer = form(
        "buyer", {"name": "worth", "type": "rollup", "expression": "SUM(papers.value, firm is not blank)"},
        relations=[{"name": "papers", "form": "paper", "by": "buyer"}],
    )  # fmt: skip
    value = {"name": "value", "type": "integer"}
    paper = form("paper", link("firm", "firm", "clear"), link("buyer", "buyer"), value)
    with firm(database_url, *FORMS, buyer, paper, clock=FrozenClock(START)) as app:
        whose = app.create("boss", "buyer", name="O")
        asked = []
        for count in (3, 30):
            one = app.create("boss", "firm", name="F")
            ids = [app.create("boss", "paper", firm=one, buyer=whose, value=2) for _ in range(count)]
            assert 2 * count == app.ask("boss", "records.get", type="buyer", id=whose)["worth"]
            with app.host.session(app.host.actor("boss")) as context:
                before = context.unit.statements
                context.ask("records.delete", type="firm", id=one)
                asked.append(context.unit.statements - before)
            assert 0 == app.ask("boss", "records.get", type="buyer", id=whose)["worth"]
            changes = [app.ask("boss", "records.history", type="paper", id=each)[0]["changes"] for each in ids]
            assert [{"firm": [one, None]}] * count == changes
        assert asked[0] == asked[1]
