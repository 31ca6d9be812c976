"""A field of several people, or departments: what it holds, who sees a record by it, what is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.web.present import Presenter

ALL = ["create", "read", "edit", "delete", "export", "import"]
MATTER: dict[str, Any] = {
    "name": "matter", "title": {"zh-CN": "事项", "en": "Matter"}, "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "team", "type": "members", "title": {"zh-CN": "成员", "en": "Team"}},
        {"name": "units", "type": "departments", "title": {"zh-CN": "参与部门", "en": "Departments"}},
        {"name": "lead", "type": "member"},
        {"name": "judge", "type": "member", "role": "head"},
        {"name": "jury", "type": "members", "role": "head"},
        {"name": "rows", "type": "lines", "fields": [{"name": "by", "type": "member", "role": "head"}]},
        {"name": "crew", "type": "rollup", "expression": "COUNT(team)"},
        {"name": "mine", "type": "formula", "expression": "ME() in team"},
        {"name": "led", "type": "formula", "expression": "lead in team"},
        {"name": "called", "type": "formula", "expression": "ANY(team.name = \"李娜\")"},
        {"name": "near", "type": "formula", "expression": "owner.department in units"},
    ],
    "permissions": [
        {"role": "sales", "can": ALL, "where": "owner = ME() or ME() in team"},
        {"role": "head", "can": ALL},
    ],
    "views": [{"name": "all", "columns": ["name", "team", "units", "crew"]}],
}  # fmt: skip
DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "firm", "languages": ["zh-CN", "en"], "roles": [{"name": "sales"}, {"name": "head"}]},
    "forms/matter.json": MATTER,
    "rules/tell.json": {
        "name": "tell", "form": "matter", "on": {"updated": True, "fields": ["name"]},
        "actions": [{"notify": {"to": ["team", {"field": "lead"}], "title": "Renamed"}}],
    },
    "flows/agree.json": {
        "name": "agree", "title": "Agree", "form": "matter", "start": {"on": "manual"},
        "nodes": [
            {"id": "start", "type": "start", "to": "ask"},
            {"id": "ask", "type": "approve", "approvers": [{"field": "team"}], "approved": "end", "rejected": "end"},
            {"id": "end", "type": "end"},
        ],
    },
}  # fmt: skip


class Firm:
    """A host with four people in two departments, and matters."""

    def __init__(self, host: Host) -> None:
        self.host = host
        host.ask(APP, "identity.save_department", name="north", title={"zh-CN": "北方区", "en": "North"})
        host.ask(APP, "identity.save_department", name="south", title={"zh-CN": "南方区", "en": "South"})
        for login, name in (("li", "李娜"), ("wu", "吴晓"), ("xu", "许强"), ("boss", "Boss")):
            role = "head" if login == "boss" else "sales"
            host.ask(APP, "identity.save_person", login=login, name=name, roles=(role,), department="north")
        host.forget_directory()
        people = host.directory()
        self.people = {login: user.id for login, user in people.by_login.items()}
        self.units = {each.name: each.id for each in people.departments.values()}

    def ask(self, login: str, operation: str, /, **parameters: Any) -> Any:
        """Ask as somebody."""
        return self.host.ask(self.host.actor(login), operation, **parameters)

    def matter(self, name: str, *team: str, units: tuple[str, ...] = (), **values: Any) -> int:
        """A matter of the boss; its id."""
        held = {"team": [self.people[each] for each in team], "units": [self.units[each] for each in units]}
        made = self.ask("boss", "records.create", type="matter", values={"name": name, **held, **values})
        return int(made["id"])

    def found(self, login: str, operator: str, *value: int, field: str = "team") -> list[str]:
        """The matters that a condition finds, by name."""
        each = {"field": field, "operator": operator, **({"value": list(value)} if value else {})}
        chosen = {"match": "all", "conditions": [each]}
        page = self.ask(login, "records.list", type="matter", filter=chosen, fields=("name",), sort=("name",))
        return [row["name"] for row in page["items"]]


@pytest.fixture
def firm(database_url: str) -> Iterator[Firm]:
    """The firm on both databases."""
    host = Host(DOCUMENTS, database_url)
    host.publish()
    yield Firm(host)
    host.close()


@pytest.mark.requirement("SF01", "SF14", "SP14")
def test_a_record_is_seen_and_found_by_whoever_stands_in_it(firm: Firm) -> None:
    """In their order, each once; filters, formulas and the row condition ask who stands there; nobody else sees it."""
    people, units = firm.people, firm.units
    one = firm.matter("one", "li", "wu", "li", units=("north", "south"), lead=people["wu"])
    firm.matter("two", "wu", units=("south",), lead=people["li"])
    firm.matter("none")
    read = firm.ask("li", "records.get", type="matter", id=one)
    assert (read["team"], read["units"]) == ([people["li"], people["wu"]], [units["north"], units["south"]])
    assert [read[each] for each in ("crew", "mine", "led", "called", "near")] == [2, True, True, True, True]
    listed = firm.ask("boss", "records.list", type="matter", sort=("id",),
                      fields=("crew", "mine", "led", "called", "near", "team"))["items"]  # fmt: skip
    assert [[each[name] for name in ("crew", "mine", "led", "called", "near")] for each in listed] == [
        [2, False, True, True, True], [1, False, False, False, False], [0, False, False, False, False],
    ]  # fmt: skip
    assert firm.found("li", "not_blank") == ["one"] and firm.found("xu", "not_blank") == []
    with pytest.raises(NotFound):
        firm.ask("xu", "records.get", type="matter", id=one)
    assert firm.found("boss", "any_of", people["li"], people["wu"]) == ["one", "two"]
    assert firm.found("boss", "all_of", people["li"], people["wu"]) == ["one"]
    assert firm.found("boss", "none_of", people["li"]) == ["none", "two"]
    assert (firm.found("wu", "me"), firm.found("boss", "not_me")) == (["one", "two"], ["none", "one", "two"])
    assert firm.found("boss", "blank") == ["none"]
    assert firm.found("boss", "any_of", units["north"], field="units") == ["one"]
    firm.ask("boss", "records.update", type="matter", id=one, values={"team": [people["xu"]]})
    assert (firm.found("xu", "me"), firm.found("li", "not_blank")) == (["one"], [])


@pytest.mark.requirement("SF01", "SF10")
def test_names_go_out_to_a_file_and_come_back(firm: Firm) -> None:
    """People and departments by their names in the language of the file; logins and keys are understood too, and a name
    that nobody has is refused."""
    firm.matter("one", "wu", "li", units=("south", "north"))
    for kind, language in (("csv", "zh-CN"), ("xlsx", "en")):
        file = firm.ask("boss", "forms.export", form="matter", format=kind, language=language, view="all")
        told = firm.ask("boss", "forms.import", form="matter", name=file["name"], content=file["content"], keys=())
        assert (told["create"], told["problems"]) == (1, [])
        asked = {"type": "matter", "fields": ("team", "units"), "sort": ("-id",), "limit": 1}
        [row] = firm.ask("boss", "records.list", **asked)["items"]
        firm.ask("boss", "records.delete", type="matter", id=row["id"])
        assert row["team"] == [firm.people["wu"], firm.people["li"]]
        assert row["units"] == [firm.units["south"], firm.units["north"]]
    text = 'name,team,units\nx,"li，许强","north、South"\ny,nobody,\n'
    told = firm.ask("boss", "forms.import", form="matter", name="x.csv", content=text.encode(), keys=(), dry_run=True)
    assert [(each["code"], each["row"]) for each in told["problems"]] == [("forms.name-not-found", 3)]


@pytest.mark.requirement("SP22", "SW18", "SW02")
def test_they_are_told_and_asked_and_replaced(firm: Firm) -> None:
    """A rule tells all of them, an approval asks each, and who takes over stands in the place of who left, once."""
    people = firm.people
    one = firm.matter("one", "li", "wu", lead=people["li"])
    firm.ask("boss", "records.update", type="matter", id=one, values={"name": "other"})
    firm.host.settle()
    told = {login: len(firm.ask(login, "notifications.list")["items"]) for login in ("li", "wu", "xu")}
    assert told == {"li": 1, "wu": 1, "xu": 0}
    firm.ask("boss", "flows.start", flow="agree", id=firm.matter("agreed", "xu", "wu"))
    firm.host.settle()
    asked = {login: len(firm.ask(login, "flows.list_tasks")["items"]) for login in ("li", "wu", "xu")}
    assert asked == {"li": 0, "wu": 1, "xu": 1}
    two = firm.matter("two", "xu", "li")
    given = {"from": people["li"], "to": people["wu"], "fields": True}
    firm.host.ask(APP, "identity.save_person", login="boss", name="Boss", roles=("head", "administrator"))
    firm.host.forget_directory()
    assert firm.ask("boss", "forms.hand_over", **given, dry_run=True)["counts"] == {"matter": 2}
    assert firm.ask("boss", "forms.hand_over", **given)["changed"] == 2
    held = [firm.ask("boss", "records.get", type="matter", id=each)["team"] for each in (one, two)]
    assert held == [[people["wu"]], [people["xu"], people["wu"]]]
    assert firm.ask("boss", "records.history", type="matter", id=two)[0]["changes"]["team"] == [
        [people["xu"], people["li"]],
        [people["xu"], people["wu"]],
    ]
    with firm.host.session(firm.host.actor("boss")) as context:
        [shown] = Presenter(context, firm.host.types["matter"]).show([{"id": two, "team": held[1]}])
    assert [each["label"] for each in shown["team"]] == ["许强", "吴晓"]


@pytest.mark.requirement("SF01")
def test_who_is_nobody_is_refused_at_their_place(firm: Firm) -> None:
    """An id that the directory does not know, and a word that is none."""
    with pytest.raises(Rejected) as refused:
        firm.matter("x", lead=firm.people["li"], team_=None)
    assert [each.pointer for each in refused.value.problems] == ["/team_"]
    with pytest.raises(Rejected) as refused:
        values = {"team": [firm.people["li"], 999_999], "units": [999_999]}
        firm.ask("boss", "records.create", type="matter", values=values)
    assert {each.pointer for each in refused.value.problems} == {"/team/1", "/units/0"}


@pytest.mark.requirement("SF21")
@pytest.mark.requirement("SF01")
def test_who_left_and_who_lacks_the_role_cannot_be_chosen_anew(firm: Firm) -> None:
    """At their place, by name; who stands there already stays, and the app itself may name anybody."""
    boss, wu, xu = (firm.people[each] for each in ("boss", "wu", "xu"))
    made = firm.matter("one", "xu", lead=xu, judge=boss, jury=[boss], rows=[{"by": boss}])
    firm.host.ask(APP, "identity.save_person", login="xu", name="许强", roles=("sales",), active=False)
    firm.host.forget_directory()
    for values, wanted in (
        ({"judge": wu}, [("/judge", "records.person-without-role")]),
        ({"jury": [boss, wu]}, [("/jury/1", "records.person-without-role")]),
        ({"rows": [{"by": wu}]}, [("/rows/0/by", "records.person-without-role")]),
        ({"lead": wu, "owner": xu}, [("/owner", "records.person-left")]),
    ):  # fmt: skip
        with pytest.raises(Rejected) as refused:
            firm.ask("boss", "records.update", type="matter", id=made, values=values)
        assert wanted == [(each.pointer, each.code) for each in refused.value.problems]
        assert all(each.values["name"] in ("吴晓", "许强") for each in refused.value.problems)
    firm.ask("boss", "records.update", type="matter", id=made, values={"team": [wu, xu], "lead": xu, "jury": [boss]})
    with pytest.raises(Rejected, match="person-left"):
        firm.ask("boss", "records.create", type="matter", values={"team": [xu]})
    firm.host.ask(APP, "records.update", type="matter", id=made, values={"judge": xu})
    offered = firm.ask("boss", "identity.people", role="head")["items"]
    assert ["Boss"] == [each["label"] for each in offered]


def test_people_are_found_as_their_names_are_spelt() -> None:
    """By pinyin, whole or by initials, from any syllable on; by part of the name or login as ever."""
    host = Host(DOCUMENTS, "sqlite://")
    host.publish()
    try:
        firm = Firm(host)
        found = {
            typed: [each["login"] for each in firm.ask("boss", "identity.people", search=typed)["items"]]
            for typed in ("lina", "LN", "wu xiao", "娜", "qiang", "zhang", "'")
        }
    finally:
        host.close()
    assert found == {
        "lina": ["li"], "LN": ["li"], "wu xiao": ["wu"], "娜": ["li"], "qiang": ["xu"], "zhang": [], "'": [],
    }  # fmt: skip
