"""Privacy by definition: what is known of a person, taken away, kept so long only; on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.tables import erasure, view
from lowcode.kernel.diagnostics import Forbidden, NotFound
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import FileStore
from tests.forms.firm import Firm, firm

ALL = ["create", "read", "edit", "delete"]


def kept(purpose: str, **more: Any) -> dict[str, Any]:
    return {"privacy": {"purpose": purpose, "basis": "contract", **more}}


PERSON: dict[str, Any] = {
    "name": "person",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text", "required": True, "search": True, "title": "Name",
         **kept("address", erase="replace")},
        {"name": "phone", "type": "phone", "title": "Phone", **kept("call")},
        {"name": "card", "type": "text", **kept("tax", erase="keep", basis="legal_obligation")},
        {"name": "health", "type": "text", **kept("care", sensitivity="sensitive", basis="consent", days=30)},
        {"name": "photo", "type": "attachment", **kept("badge")},
        {"name": "kin", "type": "lines", "fields": [{"name": "who", "type": "text", **kept("emergency")},
                                                    {"name": "face", "type": "attachment", **kept("emergency")},
                                                    {"name": "kind", "type": "text"}]},
        {"name": "friends", "type": "links", "to": "person", **kept("introduction")},
        {"name": "carers", "type": "members", **kept("care", days=30)},
        {"name": "grade", "type": "text"},
        {"name": "greeting", "type": "formula", "expression": '"Hello " & name'},
        {"name": "open", "type": "boolean"},
    ],
    "relations": [{"name": "calls", "form": "call", "by": "person"}],
    "privacy": {
        "identify": ["phone"],
        "retention": [{"name": "former", "where": "open = false", "days": 365, "do": "erase"}],
        "trash": 10,
    },
    "views": [{"name": "list", "columns": ["name", "phone", "grade"]}],
    "permissions": [
        {"role": "supervisor", "can": [*ALL, "privacy", "restore"]},
        {"role": "sales", "can": ALL},
    ],
}  # fmt: skip
CALL: dict[str, Any] = {
    "name": "call",
    "label": "said",
    "fields": [
        {"name": "person", "type": "link", "to": "person"},
        {"name": "said", "type": "text", **kept("service")},
        {"name": "minutes", "type": "integer"},
    ],
    "privacy": {"subject": "person"},
    "permissions": [{"role": ["supervisor", "sales"], "can": ALL}],
}


def ann(app: Firm, **more: Any) -> int:
    """A person with everything, and a call."""
    values: Mapping[str, Any] = {
        "name": "Ann", "phone": "13800138000", "card": "C1", "health": "well", "grade": "a", "open": True,
        "kin": [{"who": "Bob", "kind": "brother"}], **more,
    }  # fmt: skip
    person = app.create("ann", "person", **values)
    app.create("ann", "call", person=person, said="bought a boat", minutes=3)
    app.ask("ann", "forms.comment", form="person", id=person, text="likes boats")
    return person


def everything(app: Firm) -> str:
    """All that the database holds, as text, but for who works here."""
    tables = sa.MetaData()
    with app.host.database.engine.connect() as connection:
        tables.reflect(connection, views=False, resolve_fks=False)
        there = [each for each in tables.sorted_tables if each.name != "lc_user"]
        found = [f"{each.name} {row}" for each in there for row in connection.execute(each.select())]
    return "\n".join(found)


@pytest.mark.requirement("SP17", "X20")
def test_what_is_known_of_a_person(database_url: str) -> None:
    """Found by what identifies them; each value with purpose and ground; what other forms and people say of them."""
    with firm(database_url, PERSON, CALL) as app:
        person = ann(app)
        app.ask("ann", "forms.consent", form="person", id=person, purpose="news", given=True, text="by phone")
        assert [person] == [each["id"] for each in app.ask("boss", "forms.find_person", value="138 0013 8000")["items"]]
        assert [] == app.ask("ann", "forms.find_person", value="138 0013 8000")["items"]
        with pytest.raises(Forbidden):
            app.ask("ann", "forms.subject", form="person", id=person)
        with pytest.raises(NotFound):
            app.ask("boss", "forms.subject", form="person", id=999)
        found = app.ask("boss", "forms.subject", form="person", id=person)
        own, call = found["data"]["records"]
        assert {
            "name": "Ann", "phone": "13800138000", "card": "C1", "health": "well", "kin.who": ["Bob"],
        } == {each["name"]: each["value"] for each in own["fields"]}  # fmt: skip
        assert ("legal_obligation", "tax") == tuple(own["fields"][2][key] for key in ("basis", "purpose"))
        assert (["likes boats"], [True]) == (
            [each["text"] for each in own["comments"]], [each["given"] for each in own["consents"]],
        )  # fmt: skip
        assert ["bought a boat"] == [each["value"] for each in call["fields"]]
        assert "width=device-width" in found["html"] and "<style>" in found["html"], "it is read on a phone as well"
        assert ("13800138000" in found["html"], "履行合同" in found["html"] or "contract" in found["html"]) == (
            True,
            True,
        )


LOOKED: list[list[Any]] = [
    ["call", "minutes", "is", 137, 137],
    ["person", "phone", "is", " 13700137000", "***"],
    ["person", "phone", "contains", "700137", "***"],
    ["person", "phone", "starts_with", "137", "137"],
    ["person", "grade", "is", "700137", "700137"],
]
"""What views that are kept look for, and what they do when the person is forgotten."""


def looked(values: list[Any]) -> dict[str, dict[str, Any]]:
    """What views of a form show that look for these values, by the form."""
    groups: dict[str, list[dict[str, Any]]] = {"call": [], "person": []}
    for (form, name, operator, *_), value in zip(LOOKED, values, strict=True):
        groups[form].append({"field": name, "operator": operator, "value": value})
    inner = {form: {"conditions": each, "match": "any"} for form, each in groups.items()}
    return {form: {"conditions": [each], "match": "all"} for form, each in inner.items()}


@pytest.mark.requirement("SP17", "X20")
@pytest.mark.parametrize("do", ["anonymise", "erase"])
def test_a_person_is_forgotten(database_url: str, do: str) -> None:
    """Values, rows, history, comments, files and what is computed of them; the act is kept, and what the law wants."""
    with firm(database_url, PERSON, CALL) as app:
        file, face = app.host.write(lambda unit: [_file(app, unit, each) for each in (b"badge", b"face")])
        person = ann(app, photo=[file["id"]], kin=[{"who": "Bob", "kind": "brother", "face": [face["id"]]}])
        other = app.create("ann", "person", name="Cem", phone="13900139000", friends=[person])
        known = {"friends": [other], "carers": [app.person("ben"), app.person("rea")]}
        app.ask("ann", "records.update", type="person", id=person, values={"phone": "13700137000", **known})
        for form, filter_ in looked([each[3] for each in LOOKED]).items():
            app.ask("ann", "forms.save_view", form=form, title="Mine", view={"columns": [], "filter": filter_})
        digests = [_digest(app, each["id"]) for each in (file, face)]
        with pytest.raises(Forbidden):
            app.ask("ann", "forms.erase", form="person", id=person)
        done = app.ask("boss", "forms.erase", form="person", id=person, do=do, reason="asked on 3 March")
        assert {"records": {"person": 1, "call": 1}} == done
        left = everything(app)
        for word in ("Ann'", "'ann", "13800138000", "13700137000", "well", "Bob", "boat", "badge.png"):
            assert word not in left, word
        assert ("C1" in left, "brother" in left, "Cem" in left) == (True, True, True)
        assert isinstance(app.host.files, FileStore)
        assert [False, False] == [app.host.files.path(each).exists() for each in digests]
        if do == "anonymise":
            now = app.ask("boss", "records.get", type="person", id=person)
            assert ("***", "Hello ***", None, "a", [], []) == tuple(
                now[name] for name in ("name", "greeting", "phone", "grade", "friends", "carers")
            )
            history = app.ask("boss", "records.history", type="person", id=person)
            assert "erased" in [each["kind"] for each in history]
            assert not {"friends", "carers"} & {name for each in history for name in each["changes"]}
            app.ask("boss", "records.restore", type="person", id=person, version=1)
            assert "13800138000" not in everything(app)
        else:
            with pytest.raises(NotFound):
                app.ask("boss", "records.get", type="person", id=person)
        named = app.ask("boss", "records.get", type="person", id=other)
        assert ("Cem", [person]) == (named["name"], named["friends"]), "what others say of them names nobody any more"
        with app.host.database.reading() as unit:
            looks = {each["form"]: each["looks"]["filter"] for each in unit.fetch(sa.select(view))}
            assert looked([each[4] for each in LOOKED]) == looks
            act = unit.fetch(sa.select(erasure).order_by(erasure.c.id))[0]
        assert (do, "asked on 3 March", app.person("boss"), [person]) == (
            act["kind"], act["reason"], act["actor"], act["records"],
        )  # fmt: skip


def _file(app: Firm, unit: Any, content: bytes = b"picture") -> dict[str, Any]:
    from lowcode.kernel.storage.files import keep

    return keep(app.host.context(unit, app.host.actor("ann")), "badge.png", "image/png", content)


def _digest(app: Firm, identity: int) -> str:
    with app.host.database.reading() as unit:
        row = unit.one(sa.select(t.file.c.digest).where(t.file.c.id == identity))
    assert row is not None
    return str(row["digest"])


@pytest.mark.requirement("SP17", "X20")
def test_it_is_kept_so_long_only(database_url: str) -> None:
    """By night a field goes after its days, a record by its rule, and what was deleted after the days of the trash."""
    with firm(database_url, PERSON, CALL) as app:
        clock: Any = app.host.clock
        stays, goes = (
            ann(app, carers=[app.person("ben")]),
            app.create("ann", "person", name="Dora", phone="13600136000", open=False),
        )
        away = app.create("ann", "person", name="Eva", phone="13500135000")
        app.ask("ann", "records.delete", type="person", id=away)
        app.host.settle()
        clock.advance(timedelta(days=31))
        app.host.settle()
        assert [] == app.ask("boss", "records.get", type="person", id=stays)["carers"]
        assert ("well" in everything(app), "Ann'" in everything(app)) == (False, True)
        assert ("Eva" in everything(app), "Dora" in everything(app)) == (False, True)
        clock.advance(timedelta(days=340))
        app.host.settle()
        assert ("Dora" in everything(app), "Ann'" in everything(app)) == (False, True)
        with pytest.raises(NotFound):
            app.ask("boss", "records.get", type="person", id=goes)
        assert "Ann" == app.ask("boss", "records.get", type="person", id=stays)["name"]
        assert {"counts": {}} == app.ask(None, "forms.retain")


def test_consent_is_taken_back(database_url: str) -> None:
    """The latest of a purpose counts, and all that was said stays."""
    with firm(database_url, PERSON, CALL) as app:
        person = ann(app)
        said = {"form": "person", "id": person, "purpose": "news"}
        app.ask("ann", "forms.consent", **said, given=True, text="yes")
        found = app.ask("ann", "forms.consent", **said, given=False, text="no more")
        assert ({"news": False}, ["yes", "no more"]) == (found["now"], [each["text"] for each in found["items"]])


@pytest.mark.requirement("X20")
def test_where_it_is_shown() -> None:
    """Every document that reads a personal field is named, whatever engine it belongs to."""
    with firm("sqlite://", PERSON, CALL) as app:
        found = {f"{each['form']}.{each['field']}": each for each in app.ask(None, "forms.disclosure")["items"]}
        assert ["forms/person.json#views/list"] == found["person.phone"]["shown"]
        assert ["person.health"] == [
            f"{each['form']}.{each['field']}" for each in app.ask(None, "forms.disclosure", form="person")["sensitive"]
        ]  # fmt: skip
