"""Passwords, secrets, masks and encryption: what the database holds, and who is shown what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.app import compile_app
from lowcode.forms.engine import Forms
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Conflict, Forbidden, Rejected, Report
from lowcode.kernel.identity import APP
from lowcode.kernel.records import confidential
from lowcode.kernel.storage import crypto
from lowcode.kernel.storage.crypto import SealError, new_key
from lowcode.kernel.storage.migrate.convert import write_values
from tests.forms.firm import APP_DOCUMENT, Firm, firm

ALL = ["create", "read", "edit", "delete", "export", "import"]
PATIENT: dict[str, Any] = {
    "name": "patient",
    "label": "number",
    "fields": [
        {"name": "number", "type": "serial", "pattern": "P{000}"},
        {"name": "name", "type": "text", "mask": "name"},
        {"name": "phone", "type": "phone", "mask": "phone", "search": True, "encrypted": "searchable", "unique": True},
        {"name": "card", "type": "id_card", "mask": "id_card", "encrypted": True},
        {"name": "born", "type": "formula", "expression": "MID(card, 7, 4)"},
        {"name": "note", "type": "secret"},
        {"name": "pin", "type": "password", "min_length": 4},
        {"name": "plain", "type": "text", "search": True},
    ],
    "duplicates": [{"fields": ["phone"]}],
    "permissions": [
        {"role": "supervisor", "can": [*ALL, "reveal"]},
        {"role": "sales", "can": ALL},
        {"role": "reader", "can": ["read"], "hide": ["phone", "note"]},
    ],
}
FIRST, SECOND = new_key("a"), new_key("b")
GIVEN = {"name": "王小明", "phone": "13800138000", "card": "11010519491231002X", "note": "allergic", "pin": "2580"}


def clinic(url: str, *keys: str) -> Any:
    return firm(url, PATIENT, secrets={"ENCRYPTION_KEYS": ", ".join(keys)})


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with clinic(database_url, FIRST) as found:
        yield found


def stored(app: Firm) -> list[dict[str, Any]]:
    """What the database itself holds."""
    table = app.host.types["patient"].table
    columns = [sa.type_coerce(each, sa.Text).label(each.name) for each in table.columns if each.name in GIVEN]
    with app.host.session(APP) as context:
        return [dict(row) for row in context.unit.fetch(sa.select(*columns).order_by(table.c.id))]


@pytest.mark.requirement("SP15", "X20")
def test_the_database_alone_tells_nothing(app: Firm) -> None:
    """Encrypted fields are cipher text there, each time another unless searchable, and the history has no values."""
    for _ in range(2):
        app.create("boss", "patient", **{**GIVEN, "phone": None})
    first, second = stored(app)
    assert {name for name in GIVEN if first[name] in GIVEN.values()} == {"name"}
    assert first["card"].startswith("enc1:a:") and first["card"] != second["card"]
    assert first["pin"].startswith("$argon2id$")
    [created] = app.ask(None, "records.history", type="patient", id=1)
    assert created["changes"]["card"] == [None, "********"] == created["changes"]["note"] == created["changes"]["pin"]
    assert app.ask(None, "records.get", type="patient", id=1)["born"] == "1949"


@pytest.mark.requirement("SP14")
def test_who_is_shown_what(app: Firm) -> None:
    """Masks for those who may not reveal, clear text for those who may, secrets under a mask for all."""
    app.create("boss", "patient", **GIVEN)
    names = ("name", "phone", "card", "note", "pin")
    masked = {"name": "王****", "phone": "138****8000", "card": "1101**********002X", "note": "********"}

    def seen(who: str) -> list[dict[str, Any]]:
        record = app.ask(who, "records.get", type="patient", id=1)
        row = app.ask(who, "records.list", type="patient")["items"][0]
        return [{name: each[name] for name in names if name in each} for each in (record, row)]

    assert seen("ann") == [{**masked, "pin": "********"}] * 2
    assert seen("boss") == [{**GIVEN, "note": "********", "pin": "********"}] * 2
    assert seen("rea") == [{"name": "王****", "card": masked["card"], "pin": "********"}] * 2
    history = app.ask("ann", "records.history", type="patient", id=1)[0]["changes"]
    assert history["name"] == [None, "王****"] and history["phone"] == [None, "********"]
    for where in ('name = "王小明"', 'STARTSWITH(card, "11")', "phone is not blank"):
        with pytest.raises(Rejected):
            app.ask("ann", "records.list", type="patient", where=where)
    with pytest.raises(Rejected) as refused:
        app.ask("ann", "records.list", type="patient", sort=("name",))
    assert [each.code for each in refused.value.problems] == ["records.masked-field"]
    asked = [{"field": "name", "operator": "is", "value": "王小明"}, {"match": "any", "conditions": [
        {"field": "pin", "operator": "blank"}, {"field": "card", "operator": "blank"}]}]  # fmt: skip
    with pytest.raises(Rejected) as refused:
        app.ask("ann", "records.list", type="patient", filter={"conditions": asked})
    places = ["/filter/conditions/0/field", *(f"/filter/conditions/1/conditions/{at}/field" for at in (0, 1))]
    assert [(each.pointer, each.code) for each in refused.value.problems] == [
        (place, "records.masked-field") for place in places
    ]
    with pytest.raises(Rejected) as refused:
        app.ask("boss", "records.list", type="patient", where='card = "11010519491231002X"')
    assert refused.value.problems[0].code == "records.sealed-field"
    with pytest.raises(Rejected):
        app.ask("boss", "records.list", type="patient", sort=("card",))
    assert "13800138000" not in app.ask("ann", "forms.export", form="patient", format="csv")["content"].decode()


def test_a_mask_that_comes_back_changes_nothing(app: Firm) -> None:
    """Whoever saves a record as it was shown keeps what is under the masks."""
    app.create("boss", "patient", **GIVEN)
    shown = app.ask("ann", "records.get", type="patient", id=1)
    sent = {name: shown[name] for name in GIVEN} | {"plain": "seen"}
    app.ask("ann", "records.update", type="patient", id=1, values=sent)
    assert stored(app)[0]["pin"].startswith("$argon2id$")
    found = app.ask("boss", "records.get", type="patient", id=1)
    assert {name: found[name] for name in ("name", "phone", "card")} == {
        name: GIVEN[name] for name in ("name", "phone", "card")
    }
    app.ask("boss", "records.update", type="patient", id=1, values={"name": "王五"})
    with pytest.raises(Conflict) as conflict:
        app.ask("ann", "records.update", type="patient", id=1, version=2, values={"name": "李四", "plain": "x"})
    assert [each.values["theirs"] for each in conflict.value.problems if each.pointer == "/name"] == ["王****"]


MASKS = {"name": "王****", "phone": "138****8000", "card": "1101**********002X", "pin": "********"}


def masks_refused(work: Any) -> list[str]:
    """Where something is refused because it is a mask; nothing else is wrong with it."""
    with pytest.raises(Rejected) as refused:
        work()
    assert {each.code for each in refused.value.problems} == {"records.mask-as-value"}
    return [each.pointer for each in refused.value.problems]


@pytest.mark.requirement("SP15")
@pytest.mark.parametrize("login", ["ann", "boss"])
def test_a_mask_is_never_a_value(app: Firm, login: str) -> None:
    """Whoever writes it, by whichever door, and whether or not they may reveal; nor is the mask of another."""
    app.create("boss", "patient", **GIVEN)
    before = stored(app)
    everywhere = [f"/{name}" for name in MASKS]
    assert masks_refused(lambda: app.create(login, "patient", **MASKS)) == everywhere
    other = {name: value.replace("1", "2").replace("王", "李") for name, value in MASKS.items() if name != "pin"}
    sent = {"type": "patient", "id": 1, "values": other}
    assert masks_refused(lambda: app.ask(login, "records.update", **sent)) == everywhere[:3]
    many = {"form": "patient", "ids": (1,), "values": {"phone": MASKS["phone"]}}
    assert masks_refused(lambda: app.ask(login, "forms.edit_many", **many)) == ["/values/phone"]
    bulk = app.ask(login, "records.bulk", type="patient", items=[{"values": {"name": "王****", "plain": "x"}}])
    assert [each["code"] for each in bulk["items"][0]["problems"]] == ["records.mask-as-value"]
    rows = [f"王****,x{at}" for at in range(3)]
    content = "\n".join(["name,plain", *rows]).encode()
    file = app.ask("boss", "forms.import", form="patient", name="x.csv", content=content, dry_run=False)
    assert {each["code"] for each in file["problems"]} == {"records.mask-as-value"}
    assert stored(app) == before


def test_searchable_fields_are_found_whole(app: Firm) -> None:
    """By the search box, by the rule for duplicates and by being unique; in full and not in part."""
    app.create("boss", "patient", **GIVEN)
    pages = [
        app.ask("ann", "records.list", type="patient", search=each) for each in ("13800138000", "1380013", "allergic")
    ]
    assert [len(page["items"]) for page in pages] == [1, 0, 0]
    found = app.ask("boss", "forms.duplicates", form="patient", values={"phone": "138 0013 8000"})["items"]
    assert [each["id"] for each in found] == [1]
    with pytest.raises(Conflict) as taken:
        app.create("ann", "patient", phone="13800138000")
    assert taken.value.problems[0].code == "records.taken"


@pytest.mark.requirement("SP18")
def test_a_secret_is_shown_on_request_and_that_is_remembered(app: Firm) -> None:
    """Only to whoever may reveal; a password is never shown, and only the app may try one."""
    app.create("boss", "patient", **GIVEN)
    assert app.ask("boss", "records.reveal", type="patient", id=1, field="note") == "allergic"
    latest = app.ask("boss", "records.history", type="patient", id=1)[0]
    assert (latest["kind"], latest["actor"], latest["changes"]) == (
        "revealed", app.person("boss"), {"note": ["********", "********"]},
    )  # fmt: skip
    for who in ("ann", "rea"):
        with pytest.raises(Forbidden):
            app.ask(who, "records.reveal", type="patient", id=1, field="note")
    with pytest.raises(Rejected):
        app.ask("boss", "records.reveal", type="patient", id=1, field="pin")
    tried = {word: app.ask(None, "records.verify_password", type="patient", id=1, field="pin", password=word)
             for word in ("2580", "0000")}  # fmt: skip
    assert tried == {"2580": True, "0000": False}
    with pytest.raises(Rejected):
        app.ask("boss", "records.verify_password", type="patient", id=1, field="pin", password="2580")
    with pytest.raises(Rejected) as short:
        app.create("boss", "patient", pin="123")
    assert short.value.problems[0].code == "records.password-too-short"


def test_keys_are_rotated(database_url: str) -> None:
    """With a newer key before it the old one still opens; written anew, the old one can go."""
    with clinic(database_url, FIRST) as app:
        app.create("boss", "patient", **GIVEN)
    with clinic(database_url, SECOND, FIRST) as app:
        assert app.ask("boss", "records.get", type="patient", id=1)["card"] == GIVEN["card"]
        assert app.ask(None, "records.reencrypt", type="patient") == 1
        assert app.ask(None, "records.reencrypt", type="patient") == 0
    with clinic(database_url, SECOND) as app:
        assert app.ask("boss", "records.get", type="patient", id=1)["card"] == GIVEN["card"]
        assert len(app.ask("boss", "records.list", type="patient", search=GIVEN["phone"])["items"]) == 1
    with clinic(database_url, FIRST) as app, pytest.raises(SealError, match="key 'b'"):
        app.ask("boss", "records.get", type="patient", id=1)


def test_not_written_anew_within_a_transaction(database_url: str) -> None:
    """It would wait for what the transaction holds, for ever: it is refused, and what was done there stays possible."""
    with clinic(database_url, SECOND, FIRST) as app:
        app.create("boss", "patient", **GIVEN)
        with app.host.session() as context, pytest.raises(Rejected) as refused:
            context.ask("records.update", type="patient", id=1, values={"phone": "13800138009"})
            context.ask("records.reencrypt", type="patient")
        assert refused.value.problems[0].code == "records.in-a-transaction"


def test_written_anew_in_pieces(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """People work on meanwhile; where it breaks off, what was written stays, and the next time does the rest."""
    with clinic(database_url, FIRST) as app:
        for number in range(3):
            app.create("boss", "patient", **{**GIVEN, "phone": f"1380013800{number}"})
    monkeypatch.setattr(confidential, "BATCH", 1)
    with clinic(database_url, SECOND, FIRST) as app:

        def breaks(hand: Any, table: str, column: str, store: str, rows: list[Any]) -> None:
            if any(identity == 3 for _, identity in rows):
                raise KeyboardInterrupt
            app.ask("boss", "records.get", type="patient", id=3)
            write_values(hand, table, column, store, rows)

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(confidential, "write_values", breaks)
            app.ask(None, "records.reencrypt", type="patient")
        assert [each["card"][:7] for each in stored(app)] == ["enc1:b:", "enc1:b:", "enc1:a:"]
        assert app.ask(None, "records.reencrypt", type="patient") == 1
        assert [each["card"][:7] for each in stored(app)] == ["enc1:b:"] * 3


def test_a_value_opens_only_where_it_belongs_and_unaltered(app: Firm) -> None:
    """Cipher text copied into another field, or changed, is refused; what was never encrypted is read as it stands."""
    app.create("boss", "patient", **GIVEN)
    table = app.host.types["patient"].table
    raw = stored(app)[0]

    def put(**values: Any) -> None:
        with app.host.session(APP) as context:
            context.unit.run(
                sa.update(table).values({table.c[k].name: sa.literal(v, sa.Text) for k, v in values.items()})
            )

    put(note=raw["card"])
    with pytest.raises(SealError, match="patient/note"):
        app.ask("boss", "records.reveal", type="patient", id=1, field="note")
    put(note="from before")
    assert app.ask("boss", "records.reveal", type="patient", id=1, field="note") == "from before"
    assert app.ask(None, "records.reencrypt", type="patient") == 1
    assert stored(app)[0]["note"].startswith("enc1:a:")


@pytest.mark.parametrize(("keys", "said"), [("", "names no key"), ("a=short", "32 bytes"), ("a b=x", "32 bytes")])
def test_without_keys_nothing_starts(keys: str, said: str) -> None:
    """An app with encrypted fields says what its host lacks before anybody works with it."""
    with pytest.raises(SealError, match=said), firm("sqlite://", PATIENT, secrets={"ENCRYPTION_KEYS": keys}):
        pass


def test_encryption_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding names what to install."""
    monkeypatch.setattr(crypto, "ciphers", None)
    form = {
        "name": "x",
        "fields": [{"name": "p", "type": "secret"}],
        "permissions": [{"role": "sales", "can": ["read"]}],
    }
    report = Report()
    compile_app(load({"app.json": APP_DOCUMENT, "forms/x.json": form}, Report()), [Forms()], report=report)
    assert [(each.code, each.hint) for each in report] == [
        ("forms.no-encryption", 'pip install "lowcode[encryption]"'),
    ]
