"""Records that hang under one another: what is under what is the same in Python, in SQL and in a plain walk; no record
comes to hang under itself; a way leads to each, in files too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.expressions import Expression, compile_expression
from lowcode.kernel.identity import APP
from lowcode.kernel.records import save
from lowcode.kernel.records.completing import complete
from lowcode.kernel.records.facts import needs_of

EVERYBODY = [{"role": "sales", "can": ["create", "read", "edit", "delete", "import", "export"]}]
CATEGORY = {
    "name": "category", "label": "name", "tree": "above",
    "fields": [{"name": "name", "type": "text"}, {"name": "above", "type": "link", "to": "category", "widget": "tree"},
               {"name": "code", "type": "text", "unique": True}, {"name": "number", "type": "serial"}],
    "permissions": [*EVERYBODY, {"role": "clerk", "can": ["read"], "where": 'name <> "b"', "hide": ["code"]}],
}  # fmt: skip
PRODUCT = {
    "name": "product", "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "category", "type": "link", "to": "category", "widget": "tree"},
        {"name": "other", "type": "link", "to": "category"},
        {"name": "is_a", "type": "formula", "expression": 'UNDER(category, "a")', "result": "boolean"},
        {"name": "parts", "type": "lines", "fields": [{"name": "kind", "type": "link", "to": "category"}]},
    ],
    "permissions": [*EVERYBODY, {"role": "clerk", "can": ["read"]}, {"role": "staff", "can": ["read"],
                    "where": 'UNDER(owner.department, "sales")'}],
}  # fmt: skip
NAMES = "abcdef"
WHERES = (
    "UNDER(category, {node})", "not UNDER(category, {node})", "UNDER(category, {node}, {second})",
    'UNDER(category, "{name}")', 'not UNDER(category, "{name}")',
    "UNDER(category, other)", "UNDER(category, other.above)",
    "UNDER(category.above, {node})", "ANY(parts, UNDER(kind, {node}))", 'COUNT(parts, UNDER(kind, "{name}")) > 1',
    "ANY(parts, UNDER(kind, parent.category))", "is_a", "name = \"1\" or UNDER(category, {node})",
    'UNDER(category, "K{name}")', 'not UNDER(category, "K{name}", "{name}")', 'ANY(parts, UNDER(kind, "K{name}"))',
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """The forms, and a person of each role; the person `ann` sells, `cleo` may not read the category b."""
    with ExitStack() as stack:
        url = "sqlite://"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgresql_server").database())
        roles = [{"name": each} for each in ("sales", "clerk", "staff")]
        documents = {"app.json": {"name": "shop", "roles": roles}, "forms/category.json": CATEGORY,
                     "forms/product.json": PRODUCT}  # fmt: skip
        found = Host(documents, url)
        stack.callback(found.close)
        found.publish()
        for name, parent in (("sales", None), ("east", "sales"), ("works", None)):
            found.ask(APP, "identity.save_department", name=name, title=name, parent=parent)
        for login, role, unit in (("ann", "sales", "east"), ("cleo", "clerk", "east"), ("stan", "staff", "works"),
                                  ("walt", "sales", "works")):  # fmt: skip
            found.ask(APP, "identity.save_person", login=login, name=login, roles=(role,), department=unit)
        found.forget_directory()
        yield found


def emptied(host: Host) -> None:
    def work(unit: Any) -> None:
        for name in ("product.parts", "product", "category"):
            unit.run(sa.delete(host.types[name].table))

    host.database.write(work)


def planted(host: Host, parents: list[int | None]) -> list[int]:
    """Categories a, b, c …, each under an earlier one or at the top."""
    made: list[int] = []
    for index, parent in enumerate(parents):
        values = {"name": NAMES[index], "code": f"K{NAMES[index]}", "above": None if parent is None else made[parent]}
        made.append(host.ask(host.actor("ann"), "records.create", type="category", values=values)["id"])
    return made


def walk(above: dict[int, int | None], start: int | None) -> list[int]:
    """A record and all above it, plainly."""
    found: list[int] = []
    while start is not None:
        found.append(start)
        start = above[start]
    return found


def meant(where: str, facts: dict[str, Any], above: dict[int, int | None], names: dict[int, str], ask: Any) -> bool:
    """What a condition of WHERES says, in plain Python."""
    line, node, second, name = walk(above, facts["category"]), ask["node"], ask["second"], ask["name"]
    kinds = [walk(above, each) for each in facts["parts"]]
    other = facts["other"]
    meanings: dict[str, Any] = {
        WHERES[0]: lambda: node in line,
        WHERES[1]: lambda: node not in line,
        WHERES[2]: lambda: node in line or second in line,
        WHERES[3]: lambda: name in [names[each] for each in line],
        WHERES[4]: lambda: name not in [names[each] for each in line],
        WHERES[5]: lambda: other is not None and other in line,
        WHERES[6]: lambda: other is not None and above[other] in line,
        WHERES[7]: lambda: node in line[1:],
        WHERES[8]: lambda: any(node in each for each in kinds),
        WHERES[9]: lambda: sum(name in [names[one] for one in each] for each in kinds) > 1,
        WHERES[10]: lambda: any(facts["category"] in each for each in kinds),
        WHERES[11]: lambda: "a" in [names[each] for each in line],
        WHERES[12]: lambda: facts["name"] == "1" or node in line,
        WHERES[13]: lambda: name in [names[each] for each in line],
        WHERES[14]: lambda: name not in [names[each] for each in line],
        WHERES[15]: lambda: any(name in [names[one] for one in each] for each in kinds),
    }
    return bool(meanings[where]())


def tree(data: st.DataObject, size: int) -> list[int | None]:
    return [data.draw(st.none() | st.integers(0, index - 1)) if index else None for index in range(size)]


@pytest.mark.requirement("X12", "SF14")
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_under_is_one_thing_everywhere(host: Host, data: st.DataObject) -> None:
    """In lists and counts (SQL), over facts of what is there, and over values that are not written yet (Python)."""
    emptied(host)
    parents = tree(data, data.draw(st.integers(1, len(NAMES))))
    nodes = planted(host, parents)
    above = dict(zip(nodes, [None if each is None else nodes[each] for each in parents], strict=True))
    names = dict(zip(nodes, NAMES, strict=False))
    some = st.none() | st.sampled_from(nodes)
    ann, wanted = host.actor("ann"), {}
    for index in range(data.draw(st.integers(1, 4))):
        facts: dict[str, Any] = {"name": str(index), "category": data.draw(some), "other": data.draw(some),
                 "parts": data.draw(st.lists(some, max_size=3))}  # fmt: skip
        values = {**facts, "parts": [{"kind": each} for each in facts["parts"]]}
        wanted[host.ask(ann, "records.create", type="product", values=values)["id"]] = (facts, values)
    ask = {"node": data.draw(st.sampled_from(nodes)), "second": data.draw(st.sampled_from(nodes)),
           "name": data.draw(st.sampled_from(NAMES))}  # fmt: skip
    for where in WHERES:
        text = where.format(**ask)
        expected = {each for each, (facts, _) in wanted.items() if meant(where, facts, above, names, ask)}
        rows = host.ask(ann, "records.list", type="product", where=text, count=True)
        assert (text, expected) == (text, {row["id"] for row in rows["items"]})
        assert len(expected) == rows["count"]["value"]
        compiled: Expression = compile_expression(text, host.app.scope.shapes, "product")
        plan = host.save_plan(host.types["product"])
        with host.session(ann) as context:
            found = context.facts("product", list(wanted), [compiled])
            assert (text, expected) == (text, {each for each in found if compiled.test(found[each], context.moment())})
            for identity, (_, values) in wanted.items():
                known = save.with_facts(context, plan, values, needs_of((compiled,)))
                assert (text, identity in expected) == (text, compiled.test(known, context.moment()))


@pytest.mark.requirement("SF14")
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_no_record_comes_to_hang_under_itself(host: Host, data: st.DataObject) -> None:
    """A move is refused exactly when it would close a circle, and a question about one's own place follows it."""
    emptied(host)
    parents = tree(data, 5)
    nodes = planted(host, parents)
    above = dict(zip(nodes, [None if each is None else nodes[each] for each in parents], strict=True))
    ann = host.actor("ann")
    for _ in range(4):
        moved, to = data.draw(st.sampled_from(nodes)), data.draw(st.none() | st.sampled_from(nodes))
        circle = moved in walk(above, to)
        try:
            host.ask(ann, "records.update", type="category", id=moved, values={"above": to})
        except Rejected as refused:
            assert [each.code for each in refused.problems] == ["records.under-itself"]
            assert circle
        else:
            assert not circle or above[moved] == to
            above[moved] = to
        node = data.draw(st.sampled_from(nodes))
        rows = host.ask(ann, "records.list", type="category", where=f"UNDER(RECORDID(), {node})")["items"]
        assert {each for each in nodes if node in walk(above, each)} == {row["id"] for row in rows}


@pytest.mark.parametrize(("said", "found"), [
    ("sales", True), ("Sales, all", True), ("销售部", True), ("east", True), ("华东", True), ("works", False),
    ("SALES", False), ("销售", False), ("zh-CN", False), ("{", False), ("plain", False),
])  # fmt: skip
def test_a_department_is_called_by_its_key_or_its_title(host: Host, said: str, found: bool) -> None:
    """In any language it has, whole, with all that hangs below; the same in SQL and in Python."""
    emptied(host)
    titles: dict[str, Any] = {"sales": {"en": "Sales, all", "zh-CN": "销售部"}, "east": "华东", "works": "plain"}
    for name, title in titles.items():
        host.ask(APP, "identity.save_department", name=name, title=title)
    host.forget_directory()
    ann = host.actor("ann")  # in east, below sales
    made = host.ask(ann, "records.create", type="product", values={"name": "1"})
    where = f'UNDER(owner.department, "{said}")'
    rows = host.ask(ann, "records.list", type="product", where=where)["items"]
    assert [row["id"] for row in rows] == ([made["id"]] if found else [])
    rows = host.ask(ann, "records.list", type="product", where=f"not {where}")["items"]
    assert [row["id"] for row in rows] == ([] if found else [made["id"]])
    asked = compile_expression(where, host.app.scope.shapes, "product")
    with host.session(ann) as context:
        facts = complete(context, host.types["product"], made, needs_of((asked,)))
        assert asked.test(facts, context.moment()) is found


def test_two_who_move_at_the_same_moment(host: Host) -> None:
    """Each would hang one under the other: one of them is refused."""
    emptied(host)
    first, second = planted(host, [None, None])
    ann, errors = host.actor("ann"), []

    def move() -> None:
        try:
            host.ask(ann, "records.update", type="category", id=second, values={"above": first})
        except Rejected as refused:
            errors.append(refused.problems[0].code)

    other = threading.Thread(target=move)
    with host.session(ann) as context:
        context.ask("records.update", type="category", id=first, values={"above": second})
        other.start()
        other.join(0.3)
    other.join()
    assert errors == ["records.under-itself"]


@pytest.mark.requirement("F20", "F21", "X14")
def test_a_file_plants_a_tree(host: Host) -> None:
    """What hangs under a row that stands higher in the same file, tried and done; one that is
    nowhere is said, and so is what would hang under it."""
    emptied(host)
    rows = ["a,", "b,a", "c,a / b", "d,nowhere", "e,d", "f,b"]
    content = "\n".join(["name,above", *rows]).encode()
    for dry in (True, False):
        found = host.ask(host.actor("ann"), "forms.import", form="category", content=content, name="x.csv", dry_run=dry)
        assert (found["create"], [each["row"] for each in found["problems"]]) == (4, [5, 6])
        assert {each["code"] for each in found["problems"]} == {"forms.name-not-found"}
    items = host.ask(host.actor("ann"), "records.list", type="category", fields=("name", "above.name"), sort=("name",))
    assert [(each["name"], each["above.name"]) for each in items["items"]] == [
        ("a", None), ("b", "a"), ("c", "b"), ("f", "b")]  # fmt: skip


@pytest.mark.requirement("SF10", "SF21", "F20")
def test_filters_files_and_what_may_not_be_read(host: Host) -> None:
    """The comparison of a filter; `A / B / C` in a file, out and in; a branch that a person may not read."""
    emptied(host)
    nodes = planted(host, [None, 0, 1, None, 3])  # a / b / c and d / e
    ann, cleo, stan = host.actor("ann"), host.actor("cleo"), host.actor("stan")
    host.ask(ann, "records.create", type="category", values={"name": "c", "above": nodes[4]})  # d / e / c
    content = b"name,category\n1,a / b / c\n2,e/c\n3,d\n4,c\n5,a / c\n6,"
    found = host.ask(ann, "forms.import", form="product", content=content, name="x.csv")
    assert (4, [("4", "forms.name-not-unique"), ("5", "forms.name-not-found")]) == (
        found["create"], [(str(each["row"] - 1), each["code"]) for each in found["problems"]],
    )  # fmt: skip
    file = host.ask(ann, "forms.export", form="product", format="csv", sort="name")["content"].decode()
    assert ["a / b / c", "d / e / c", "d", ""] == [line.split(",")[1] for line in file.splitlines()[1:]]

    def names(actor: Any, operator: str, *values: int | str) -> list[str]:
        asked = {"conditions": [{"field": "category", "operator": operator, "value": list(values)}]}
        rows = host.ask(actor, "records.list", type="product", filter=asked, sort=("name",))["items"]
        return [row["name"] for row in rows]

    assert names(ann, "under", nodes[0]) == ["1"]
    assert names(ann, "under", nodes[0], nodes[4]) == ["1", "2"]
    assert names(ann, "not_under", nodes[3]) == ["1", "6"]
    [number] = host.ask(ann, "records.list", type="category", where='name = "d"', fields=("number",))["items"]
    assert names(ann, "under", "a", "e") == names(ann, "under", "Ka", nodes[4]) == ["1", "2"]
    assert names(ann, "not_under", "Kd") == names(ann, "not_under", number["number"]) == ["1", "6"]
    assert names(ann, "under", "nowhere") == []
    assert names(cleo, "under", "Ka") == [], "a key that is kept from somebody is not found out by asking"
    assert names(cleo, "under", "a") == ["1"]
    assert names(cleo, "under", nodes[0]) == ["1"]  # c may be read, and hangs under a whatever lies between
    host.ask(ann, "records.create", type="product", values={"name": "7", "category": nodes[1]})
    assert names(cleo, "under", nodes[0]) == ["1"]  # b is not there for cleo
    host.ask(host.actor("walt"), "records.create", type="product", values={"name": "8"})
    assert "8" not in {row["name"] for row in host.ask(stan, "records.list", type="product")["items"]}
    for where, code in (("UNDER(name, 1)", "expressions.not-in-a-tree"), ('UNDER(category, "a") = 1', ""),
                        ("UNDER(category, name)", "expressions.type-mismatch")):  # fmt: skip
        with pytest.raises(Rejected) as refused:
            host.ask(ann, "records.list", type="product", where=where)
        assert code in ("", refused.value.problems[0].code)
    with pytest.raises(Rejected) as refused:
        host.ask(ann, "records.list", type="product", filter={"conditions": [
            {"field": "name", "operator": "under", "value": 1}]})  # fmt: skip
    assert refused.value.problems[0].code == "records.filter-operator"
