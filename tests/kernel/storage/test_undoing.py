"""What must always hold, whatever changes in which order: undo restores tables and values, a rename loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowcode import publishing
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import open_database
from lowcode.kernel.storage.migrate.convert import Conversion
from tests.kernel.storage.firm import ENGINES, START, documents, opened, read, schema, write

TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "text"},
    "long": {"type": "long_text"},
    "integer": {"type": "integer"},
    "number": {"type": "number", "scale": 3},
    "money": {"type": "money"},
    "boolean": {"type": "boolean"},
    "date": {"type": "date"},
    "select": {"type": "select", "options": [{"name": "1"}, {"name": "x"}]},
    "tags": {"type": "tags"},
}
VALUES: dict[str, list[Any]] = {
    "text": ["1", "2.50", "x", "2026-03-01", "true", None],
    "long": ["1", "a\nb", None],
    "integer": [0, 7, -3, None],
    "number": ["1.255", "2", None],
    "money": ["1,234.50", "0.01", None],
    "boolean": [True, False, None],
    "date": ["2026-03-01", None],
    "select": ["1", "x", None],
    "tags": [["a", "1"], ["1"], None],
}
NAMES = ("a", "b", "c", "d", "e", "f")
Fields = dict[str, tuple[str, str, bool]]
"""By id: name, type, whether it is indexed."""


@st.composite
def versions(draw: st.DrawFn) -> list[Fields]:
    """Versions of a form: in each, fields come, go, are renamed, change their type or their index, all at once."""
    fields: Fields = {"1": ("a", "text", True), "2": ("b", "money", False)}
    found = [dict(fields)]
    for _ in range(draw(st.integers(1, 3))):
        for identity in list(fields):
            name, type_, indexed = fields[identity]
            match draw(st.sampled_from(["keep", "go", "rename", "retype", "retype", "index"])):
                case "go":
                    del fields[identity]
                case "rename":
                    fields[identity] = (f"new_{identity}_{len(found)}", type_, indexed)
                case "retype":
                    fields[identity] = (name, draw(st.sampled_from(sorted(TYPES))), indexed)
                case "index":
                    fields[identity] = (name, type_, not indexed)
                case _:
                    pass
        if draw(st.booleans()):
            identity = draw(st.sampled_from(["1", "2", "3", "4"]))
            if identity not in fields:
                fields[identity] = (
                    f"f_{identity}_{len(found)}",
                    draw(st.sampled_from(sorted(TYPES))),
                    draw(st.booleans()),
                )
        if len(fields) > 1 and draw(st.booleans()):  # two exchange their names
            one, two = sorted(fields)[:2]
            fields[one], fields[two] = (fields[two][0], *fields[one][1:]), (fields[one][0], *fields[two][1:])
        found.append(dict(fields))
    return found


def form(fields: Fields, where: str) -> dict[str, Any]:
    """The form of a version; the fields are its own, or within lines; these exchange their name with others."""
    made = [
        {"id": key, "name": name, "index": indexed, **TYPES[type_]} for key, (name, type_, indexed) in fields.items()
    ]
    if where != "own":
        others = [{"name": "label", "type": "text", "index": True}]
        rows, beside = lines_of(fields, where)
        return {"name": "deal", "fields": [
            {"id": "rows", "name": rows, "type": "lines", "fields": made},
            {"id": "beside", "name": beside, "type": "lines", "fields": others},
        ]}  # fmt: skip
    return {"name": "deal", "fields": [{"name": "label", "type": "text"}, *made]}


def lines_of(fields: Fields, where: str) -> tuple[str, str]:
    """What the lines with the fields are called in a version, and those beside them."""
    return ("beside", "rows") if where == "places" and len(fields) % 2 else ("rows", "beside")


def values_of(host: Host, fields: Fields, where: str) -> dict[int, Any]:
    """Every record's values by field id."""
    found = {}
    for number, record in enumerate(read(host)["deal"]):
        rows = [record] if where == "own" else record[lines_of(fields, where)[0]]
        found[number] = [{key: row[name] for key, (name, _, _) in fields.items()} for row in rows]
    return found


@pytest.mark.requirement("X2", "X15", "SF03")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(versions(), st.sampled_from(["own", "lines", "places"]), st.data())
def test_there_and_back(made: list[Fields], where: str, data: st.DataObject) -> None:
    """Applying versions and undoing them gives back tables and values of each; what is only renamed keeps its values;
    and the tables at the end are those a fresh database would have."""
    database = open_database("sqlite://")
    hosts: list[Host] = []
    kept: list[tuple[dict[int, Any], Mapping[str, Any]]] = []
    for number, fields in enumerate(made):
        host = _host(form(fields, where), database)
        host.apply(allow=["*"])
        assert host.plan().empty
        if number:
            _assert_kept(values_of(host, fields, where), kept[-1][0], fields, made[number - 1])
        _write(host, fields, where, data)
        kept.append((values_of(host, fields, where), schema(host)))
        hosts.append(host)
    fresh = _host(form(made[-1], where), open_database("sqlite://"))
    fresh.publish()
    assert schema(fresh) == kept[-1][1]
    fresh.close()
    for number in reversed(range(1, len(made))):
        if form(made[number], where) != form(made[number - 1], where):
            hosts[number].undo(["*"])
        back = _host(form(made[number - 1], where), database)
        values, tables = kept[number - 1]
        now = values_of(back, made[number - 1], where)
        assert {key: now[key] for key in values} == values
        assert schema(back) == tables
    database.close()


def test_what_returned_under_another_name_is_not_purged() -> None:
    """A field is hidden, comes back as another, and both versions are undone: its values were there all the time."""
    database = open_database("sqlite://")
    forms: list[Fields] = [{"1": ("a", "text", False)}, {}, {"1": ("z", "long", False)}]
    hosts = [_host(form(fields, "own"), database) for fields in forms]
    for host in hosts:
        host.apply(allow=["*"])
        if host is hosts[0]:
            host.ask(APP, "records.create", type="deal", values={"label": "x", "a": "kept"})
    for host in reversed(hosts[1:]):
        host.undo(["*"])
    assert {0: [{"1": "kept"}]} == values_of(hosts[0], forms[0], "own")
    database.close()


def _host(document: Mapping[str, Any], database: Any) -> Host:
    return Host(documents([document]), database, clock=FrozenClock(START), engines=ENGINES)


def _write(host: Host, fields: Fields, where: str, data: st.DataObject) -> None:
    for _ in range(2):
        values = {name: data.draw(st.sampled_from(VALUES[type_])) for name, type_, _ in fields.values()}
        rows, beside = lines_of(fields, where)
        sent = {"label": "x", **values} if where == "own" else {rows: [values, {}], beside: [{"label": "x"}]}
        host.ask(APP, "records.create", type="deal", values=sent)


def _assert_kept(now: dict[int, Any], before: dict[int, Any], fields: Fields, former: Fields) -> None:
    """A field whose type stayed has every value it had, whatever became of its name."""
    same = [key for key in fields if key in former and fields[key][1] == former[key][1]]
    for number, rows in before.items():
        for row, later in zip(rows, now[number], strict=True):
            assert {key: later[key] for key in same} == {key: row[key] for key in same}


@pytest.mark.requirement("X15")
def test_ids_go_on_where_lines_exchange_their_names() -> None:
    """The ids a process holds for later are those of a table, and not of whatever has its name then."""
    database = open_database("sqlite://")
    label = [{"name": "label", "type": "text"}]
    for names in (("rows", "others"), ("others", "rows")):
        named = zip("ab", names, strict=True)
        lines = [{"id": key, "name": name, "type": "lines", "fields": label} for key, name in named]
        host = _host({"name": "deal", "fields": lines}, database)
        host.apply()
        for rows in ([{"label": "x"}] * 3, [{"label": "y"}] * 3):
            host.ask(APP, "records.create", type="deal", values={names[0]: rows})
        host.ask(APP, "records.create", type="deal", values={names[1]: [{"label": "z"}]})
    assert [len(each["rows"]) for each in read(host)["deal"]] == [0, 0, 1, 0, 0, 1]
    database.close()


@pytest.mark.requirement("X15")
def test_an_undo_reads_what_the_database_cannot_tell(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a million values most went over in SQL, and go back without being read or written one by one."""
    given = ["5.00", "about 500", "6.00", "7", None, "-8.10"]

    def form(kind: str) -> list[dict[str, Any]]:
        return [{"name": "deal", "fields": [{"name": "amount", "type": kind}]}]

    with opened(database_url, form("text")) as host:
        host.publish()
        write(host, {"deal": [{"amount": each} for each in given]})
    with opened(database_url, form("money")) as host:
        host.apply(allow=["*"])
        host.ask(APP, "records.update", type="deal", id=3, values={"amount": "66"})
        read_: list[int] = []
        whole = Conversion.write

        def write_(conversion: Conversion, hand: Any, rows: Any) -> None:
            read_.extend(row[0] for row in rows)
            whole(conversion, hand, rows)

        monkeypatch.setattr(Conversion, "write", write_)
        publishing.apply(host, publishing.plan_undo(host, 1)[0], ["*"])
    assert [2, 3] == [each for each in read_ if each in (1, 2, 3, 4)]
    with opened(database_url, form("text")) as host:
        assert ["5.00", "about 500", "66.00", "7", None, "-8.10"] == [each["amount"] for each in read(host)["deal"]]
