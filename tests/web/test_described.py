"""What the page is told of an app that says little of itself."""

from __future__ import annotations

from tests.api.app import APPLICATION, LEAD
from tests.web.calls import Open, Visitor

SEEN = {
    "name": "seen", "type": "report", "title": "Seen", "form": "lead",
    "dimensions": [{"name": "company", "expression": "company"}],
    "measures": [{"name": "count", "expression": "COUNT()"}],
}  # fmt: skip
ASKED = {
    "name": "asked", "form": "lead", "start": {"on": "manual"},
    "nodes": [{"id": "start", "type": "start", "to": "end"}, {"id": "end", "type": "end"}],
}  # fmt: skip


def test_an_app_without_menus_shows_all_there_is(open_shop: Open) -> None:
    """Its forms, what waits for people where it has flows, its reports: nothing is there that nobody finds."""
    app = {**APPLICATION, "menus": []}
    shop = open_shop(more={"app.json": app, "reports/seen.json": SEEN, "flows/asked.json": ASKED})
    visitor = Visitor(shop)
    visitor.sign_in("li")
    [menu] = visitor.get("api/app").json()["menus"]
    assert [*({"form": name} for name in ("contract", "lead")), {"tasks": True}, {"report": "seen"}] == menu["items"]


def test_a_form_without_a_title_is_called_by_its_name(open_shop: Open) -> None:
    """In menus, lists and buttons, one of them and many."""
    lead = {name: value for name, value in LEAD.items() if name not in ("title", "plural")}
    visitor = Visitor(open_shop(more={"forms/lead.json": lead}))
    visitor.sign_in("li")
    form = visitor.get("api/app").json()["forms"]["lead"]
    assert ("lead", "lead") == (form["title"], form["plural"])


def test_a_relation_without_a_title_is_called_as_what_it_leads_to(open_shop: Open) -> None:
    """By what many of them are called, and not by its name in the document."""
    relations = [{"name": "contracts", "form": "contract", "by": "lead"}]
    visitor = Visitor(open_shop(more={"forms/lead.json": {**LEAD, "relations": relations}}))
    visitor.sign_in("li")
    forms = visitor.get("api/app").json()["forms"]
    [relation] = forms["lead"]["relations"]
    assert relation["title"] == forms["contract"].get("plural", forms["contract"]["title"])
