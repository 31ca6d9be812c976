"""What a link shows where its record is deleted, purged, or not for its reader: the same at every door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.references import references
from lowcode.web.many import _name_groups
from lowcode.web.present import Presenter
from lowcode.web.timeline import changes_of
from tests.forms.firm import CUSTOMER, EVERYTHING, START, Firm, firm

ACCOUNT: dict[str, Any] = {
    **CUSTOMER, "permissions": [
        {"role": "sales", "can": EVERYTHING, "where": "owner = ME()"},
        {"role": "supervisor", "can": [*EVERYTHING, "restore", "purge"]},
    ],
}  # fmt: skip
NOTE: dict[str, Any] = {
    "name": "note",
    "label": "text",
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "of", "type": "link", "to": "customer"},
        {"name": "about", "type": "link_any", "to": ["customer", "note"]},
        {"name": "parts", "type": "lines", "fields": [{"name": "by", "type": "link", "to": "customer"}]},
    ],
    "unique": [{"fields": ["text"]}],
    "permissions": [{"role": ["sales", "supervisor", "reader"], "can": EVERYTHING}],
}
HIDDEN = {"en": "Not visible to you", "zh-CN": "无权查看"}
TOLD = {"ann": {"label": "Acme", "deleted": True}, "ben": {"label": HIDDEN["en"], "hidden": True},
        "rea": {"label": HIDDEN["en"], "hidden": True}, "boss": {"label": "Acme", "deleted": True}}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, ACCOUNT, NOTE, clock=FrozenClock(START)) as found:
        for each in ("ann", "ben", "rea", "boss"):
            found.ask(None, "identity.save_person", login=each, name=each.title(), locale="en")
        yield found


@pytest.fixture
def linked(app: Firm) -> tuple[int, int]:
    """A note that links to a customer of Ann's, which she deleted: both ids."""
    acme = app.create("ann", "customer", name="Acme")
    note = app.create(
        "ann", "note", text="first", of=acme, about=f"customer/{acme}", parts=[{"by": acme}]
    )  # fmt: skip
    app.ask("ann", "records.delete", type="customer", id=acme)
    return note, acme


def shown(app: Firm, login: str, note: int) -> dict[str, Any]:
    """The note as it leaves the process."""
    with app.host.database.reading() as unit:
        context = app.host.context(unit, app.host.actor(login))
        record = context.ask("records.get", type="note", id=note)
        return Presenter(context, app.host.types["note"]).show([record])[0]


@pytest.mark.requirement("SF06", "SF03")
def test_every_door_says_the_same(app: Firm, linked: tuple[int, int]) -> None:
    """Whoever may read the record is told its name and that it was deleted; nobody else is told a thing about it."""
    note, acme = linked
    for login, told in TOLD.items():
        wanted = {"id": acme, **told}
        one = shown(app, login, note)
        assert (one["of"], one["about"], one["parts"][0]["by"]) == (wanted, {"form": "customer", **wanted}, wanted)
        assert [{"value": wanted, "count": 1, "from": 0}] == app.ask(login, "records.groups", type="note", by="of")
        with app.host.database.reading() as unit:
            context = app.host.context(unit, app.host.actor(login))
            [change] = changes_of(context, "note", note)
            assert [wanted] == [each["to"] for each in change["changes"] if each["field"] == "of"]
            groups: list[dict[str, Any]] = [{"values": {"of": acme}, "sum": {}, "average": {}}]
            _name_groups(context, "note", ["of"], groups)
            assert groups[0]["values"]["of"] == wanted


def test_a_purged_record_is_told_apart_by_nobody_who_may_not_read_all(app: Firm, linked: tuple[int, int]) -> None:
    """The history of a link still has it: it is no longer there for whoever reads every record; for others it could be
    one of those kept from them."""
    note, acme = linked
    app.ask("boss", "records.update", type="note", id=note, values={"of": None, "about": None, "parts": []})
    assert app.ask("boss", "forms.purge", form="customer", ids=(acme,), count=1)["purged"] == 1
    wanted = {"boss": {"id": acme, "label": "No longer there", "hidden": True}, "ben": {"id": acme, **TOLD["ben"]}}
    for login, told in wanted.items():
        with app.host.database.reading() as unit:
            change = changes_of(app.host.context(unit, app.host.actor(login)), "note", note)[0]
        assert [told] == [each["from"] for each in change["changes"] if each["field"] == "of"]


def test_the_name_and_the_deletion_are_one_statement(app: Firm, linked: tuple[int, int]) -> None:
    """However many links there are; the row condition is asked by one more, as before."""
    _, acme = linked
    ids = [acme, *(app.create("ann", "customer", name=f"{number}") for number in range(5))]
    for login, statements in (("boss", 1), ("ann", 2)):
        with app.host.database.reading() as unit:
            context = app.host.context(unit, app.host.actor(login))
            app.host.directory(unit)
            before = unit.statements
            assert [acme] == [each for each, one in references(context, "customer", ids).items() if "deleted" in one]
            assert unit.statements - before == statements


def test_saving_it_unchanged_is_no_choice(app: Firm, linked: tuple[int, int]) -> None:
    """What the field holds already may be sent back by anybody; chosen anew it is refused."""
    note, acme = linked
    for login in TOLD:
        app.ask(login, "records.update", type="note", id=note, values={"text": f"by {login}", "of": acme})
        other = app.create(login, "note", text=f"of {login}")
        with pytest.raises(Rejected):
            app.ask(login, "records.update", type="note", id=other, values={"of": acme})
    assert app.ask("boss", "records.get", type="note", id=note)["of"] == acme


@pytest.mark.requirement("SF10")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_comes_back_unchanged(app: Firm, linked: tuple[int, int], kind: str) -> None:
    """The words of a file for what is deleted or hidden mean what is linked; in another row they name nobody."""
    note, acme = linked
    for login, language in (("ann", "zh-CN"), ("ben", "en"), ("rea", "zh-CN")):
        file = app.ask(login, "forms.export", form="note", format=kind, language=language)
        said = "Acme（已删除）" if login == "ann" else HIDDEN[language]
        if kind == "csv":
            assert said in file["content"].decode("utf-8-sig")
        asked = {"form": "note", "name": file["name"], "content": file["content"], "keys": ("text",)}
        for dry in (True, False):
            told = app.ask(login, "forms.import", **asked, duplicates="update", dry_run=dry)
            assert (told["update"], told["problems"]) == (1, [])
        assert app.ask("boss", "records.get", type="note", id=note)["of"] == acme
        for text in ("first", "new"):
            sent = f"text,of\n{text},{'Beta（已删除）' if text == 'first' else said}\n".encode()
            told = app.ask(
                login, "forms.import", form="note", name="x.csv", content=sent, keys=("text",), duplicates="update"
            )
            assert [each["code"] for each in told["problems"]] == ["forms.name-not-found"]
