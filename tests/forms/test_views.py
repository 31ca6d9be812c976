"""Views that people make: kept, shared, begun with, and never a way around what is kept from somebody."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Conflict, DefinitionError, Forbidden, NotFound, Rejected, Report
from lowcode.web.forms import describe_form
from tests.forms.firm import APP_DOCUMENT, CUSTOMER, EVERYTHING, Firm, firm

BIG = {"conditions": [{"field": "budget", "operator": "more_than", "value": 10}]}
SECRET = {"conditions": [{"field": "secret", "operator": "not_blank"}]}
SHARING: dict[str, Any] = {
    **CUSTOMER,
    "permissions": [
        {"role": "sales", "can": EVERYTHING, "hide": ["secret"]},
        {"role": "supervisor", "can": [*EVERYTHING, "share"]},
        {"role": "reader", "can": ["read"]},
    ],
}


def kept(app: Firm, login: str) -> dict[str, Any]:
    """A person's views by title."""
    return {each["title"]: each for each in app.ask(login, "forms.views", form="customer")["items"]}


def save(app: Firm, login: str, title: str, view: dict[str, Any], **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = app.ask(login, "forms.save_view", form="customer", title=title, view=view, **options)
    return found


@pytest.mark.requirement("SF21")
def test_a_view_is_kept_changed_and_removed(database_url: str) -> None:
    """By who made it, and by nobody else; who was slower is told."""
    with firm(database_url, SHARING) as app:
        looks = {"filter": BIG, "sort": ["-budget", "name"], "group": "grade",
                 "columns": ["name", {"field": "budget", "width": 140, "pin": "left"}]}  # fmt: skip
        made = save(app, "ann", "大客户", looks)
        assert (made["name"], made["mine"], made["group"]) == (f"~{made['id']}", True, "grade")
        assert kept(app, "ann")["大客户"] == made
        assert kept(app, "ben") == {}
        with pytest.raises(NotFound):
            save(app, "ben", "mine now", {}, id=made["id"])
        changed = save(app, "ann", "大单", {**looks, "group": None}, id=made["id"], version=1)
        assert (changed["title"], changed["version"], "group" in changed) == ("大单", 2, False)
        with pytest.raises(Conflict):
            save(app, "ann", "late", looks, id=made["id"], version=1)
        app.ask("ann", "forms.choose_view", form="customer", name=made["name"])
        assert app.ask("ann", "forms.views", form="customer")["first"] == made["name"]
        assert app.ask("ben", "forms.views", form="customer")["first"] is None
        with pytest.raises(NotFound):
            app.ask("ben", "forms.choose_view", form="customer", name=made["name"])
        app.ask("ann", "forms.choose_view", form="customer", name="key")
        assert app.ask("ann", "forms.views", form="customer")["first"] == "key"
        app.ask("ann", "forms.choose_view", form="customer", name=made["name"])
        app.ask("ann", "forms.remove_view", form="customer", name=made["name"])
        assert app.ask("ann", "forms.views", form="customer") == {"items": [], "first": None}


@pytest.mark.requirement("SF21", "F19")
def test_a_shared_view_shows_no_more_than_one_may_see(database_url: str) -> None:
    """It reaches the roles and departments it is for; columns kept from them are gone, and so is a view that is found
    by what they may not see."""
    with firm(database_url, SHARING) as app:
        with pytest.raises(Forbidden):
            save(app, "ann", "for all", {}, roles=("sales",))
        save(app, "boss", "名册", {"columns": ["name", "secret"], "filter": BIG}, roles=("sales", "reader"))
        save(app, "boss", "机密", {"columns": ["name"], "filter": SECRET}, roles=("sales", "reader"))
        assert {title: each["columns"] for title, each in kept(app, "ann").items()} == {"名册": ["name"]}
        assert kept(app, "ann")["名册"]["mine"] is False
        assert sorted(kept(app, "rea")) == ["名册", "机密"]
        with pytest.raises(Forbidden):
            save(app, "ann", "taken over", {}, id=kept(app, "ann")["名册"]["id"])
        with pytest.raises(Rejected):
            app.ask("ann", "forms.export", form="customer", view=kept(app, "boss")["机密"]["name"])
        app.ask(None, "identity.save_department", name="华东", head="ben")
        app.host.forget_directory()
        [unit] = app.host.actor("ben").units
        save(app, "boss", "华东", {"sort": ["name"]}, departments=(unit,))
        assert kept(app, "ben")["华东"]["departments"] == [{"id": unit, "label": "华东"}]
        assert "华东" not in kept(app, "ann")


@pytest.mark.requirement("SF21", "F23")
def test_a_file_holds_what_the_view_shows(database_url: str) -> None:
    """Its rows, order and columns; the condition of the view it was made from holds too."""
    with firm(database_url, SHARING) as app:
        for name, budget, grade in (("一", 5, "a"), ("二", 50, "a"), ("三", 70, "b"), ("四", 60, "a")):
            app.create("ann", "customer", name=name, budget=budget, grade=grade)
        made = save(app, "ann", "v", {"base": "key", "filter": BIG, "sort": ["-budget"], "columns": ["name"]})
        content = app.ask("ann", "forms.export", form="customer", view=made["name"], format="csv")["content"]
        assert content.decode("utf-8-sig").split() == ["名称", "四", "二"]
        more = {"conditions": [{"field": "name", "operator": "is", "value": "二"}]}
        asked = {"form": "customer", "view": made["name"], "format": "csv", "filter": more}
        assert app.ask("ann", "forms.export", **asked)["content"].decode("utf-8-sig").split() == ["名称", "二"]


@pytest.mark.parametrize(
    ("view", "code"),
    [
        ({"columns": ["nothing"]}, "records.unknown-field"),
        ({"columns": ["secret"]}, "records.unknown-field"),
        ({"sort": ["-secret"]}, "records.unknown-field"),
        ({"filter": SECRET}, "records.unknown-field"),
        ({"group": "secret"}, "records.unknown-field"),
        ({"group": "tags"}, "forms.view-needs"),
        ({"type": "kanban"}, "forms.view-needs"),
        ({"type": "calendar", "starts": "name"}, "forms.view-needs"),
        ({"type": "resource", "resource": "owner", "starts": "name"}, "forms.view-needs"),
        ({"type": "resource", "resource": "name"}, "forms.view-needs"),
        ({"base": "boss"}, "forms.unknown-view"),
        ({"base": "~1"}, "forms.unknown-view"),
    ],
)
def test_a_view_that_cannot_be_drawn_is_refused(view: dict[str, Any], code: str) -> None:
    """When it is saved, and not when somebody opens it."""
    with firm("sqlite://", SHARING) as app:
        with pytest.raises(Rejected) as refused:
            save(app, "ann", "x", view)
        assert code in [each.code for each in refused.value.problems]


def test_rows_are_not_by_what_is_kept_from_somebody() -> None:
    """A view of resources says who has what in its field, which is told to nobody it is kept from."""
    day = {"name": "day", "type": "date"}
    hiding = {"role": "sales", "can": EVERYTHING, "hide": ["grade"]}
    form = {**SHARING, "fields": [*SHARING["fields"], day], "permissions": [hiding, *SHARING["permissions"][1:]]}
    view = {"type": "resource", "resource": "grade", "starts": "day"}
    with firm("sqlite://", form) as app:
        assert save(app, "boss", "rows", view)["resource"] == "grade"
        with pytest.raises(Rejected) as refused:
            save(app, "ann", "rows", view)
        assert ["records.unknown-field"] == [each.code for each in refused.value.problems]


def test_a_view_needs_a_name_and_known_people() -> None:
    """Everything wrong at once."""
    with firm("sqlite://", SHARING) as app:
        with pytest.raises(Rejected) as refused:
            save(app, "boss", "  ", {}, roles=("sale",), departments=(77,))
        found = [each.code for each in refused.value.problems]
        assert found == ["forms.view-without-title", "forms.no-such-role", "forms.no-such-department"]


def test_a_view_may_be_written_with_a_filter() -> None:
    """In the form document, in groups and beside `where`; a comparison that cannot be is a finding with its place."""
    view = {"name": "big", "filter": BIG, "where": 'grade = "a"'}
    with firm("sqlite://", {**SHARING, "views": [view]}) as app:
        app.create("ann", "customer", name="一", budget=50, grade="b")
        app.create("ann", "customer", name="二", budget=50, grade="a")
        content = app.ask("ann", "forms.export", form="customer", view="big", format="csv")["content"]
        assert ("二" in content.decode(), "一" in content.decode()) == (True, False)
    wrong = {"conditions": [{"field": "budget", "operator": "contains", "value": "1"}]}
    with (
        pytest.raises(DefinitionError) as refused,
        firm("sqlite://", {**SHARING, "views": [{"name": "big", "filter": wrong}]}),
    ):
        pass
    [finding] = refused.value.report
    assert (finding.code, finding.place.pointer) == (
        "forms.view-filter", "/views/0/filter/conditions/0/operator",
    )  # fmt: skip


def test_a_view_outlives_a_field() -> None:
    """Who made it is told what is wrong; to others it is not offered."""
    with firm("sqlite://", SHARING) as app:
        save(app, "boss", "v", {"columns": ["name", "share"], "sort": ["share"]}, roles=("sales",))
        fields = [each for each in SHARING["fields"] if each["name"] != "share"]
        without = {**SHARING, "fields": fields}
        app.host.take(load({"app.json": APP_DOCUMENT, "forms/customer.json": without}, Report()))
        app.host.forget()
        assert ("share" in kept(app, "boss")["v"]["broken"], kept(app, "boss")["v"]["columns"]) == (True, ["name"])
        assert kept(app, "ann") == {}


def test_roles_begin_with_a_view_of_their_own(database_url: str) -> None:
    """Before what everybody begins with; a role that is none is said at its place."""
    views: list[dict[str, Any]] = [
        {"name": "mine", "default": True, "where": "owner = ME()"},
        {"name": "team", "default": ["supervisor"]},
        {"name": "boss", "roles": ["supervisor"], "default": ["supervisor"]},
    ]
    with firm(database_url, {**SHARING, "views": views}) as app:

        def begun(login: str) -> list[str]:
            with app.host.database.reading() as unit:
                context = app.host.context(unit, app.host.actor(login))
                found = describe_form(context, app.host.app.plans["forms"].forms["customer"], {})
            return [each["name"] for each in found["views"] if each["default"]]

        assert (begun("ann"), begun("boss")) == (["mine"], ["team"])
    with (
        pytest.raises(DefinitionError, match="supervisr"),
        firm(database_url, {**SHARING, "views": [{"name": "mine", "default": ["supervisr"]}]}),
    ):
        pass
