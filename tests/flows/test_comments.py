"""What is said about an instance without deciding anything (评论): by whom, to whom, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import APP
from tests.flows.app import Office, approval, document


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A quote of Li waits for her head, and then for Zhao, who sees no quotes of others."""
    nodes = approval({"user": "head"}, approved="then")
    then = {"id": "then", "type": "task", "assignees": [{"user": "zhao"}], "to": "mark"}
    made = Office(document(nodes=[*nodes, then]), database=database_url)
    made.submitted()
    yield made
    made.host.close()


def told(office: Office, login: str) -> list[tuple[str, str]]:
    """The comments somebody was told of."""
    found = office.ask(login, "notifications.list", limit=50)["items"]
    return [(each["title"], each["text"]) for each in found if "flow" in each["title"] and " " in each["title"]]


def said(office: Office, login: str, text: str, *mentions: str, **more: Any) -> Any:
    """Somebody says something about the instance."""
    instance = office.history(1)[0]["id"]
    people = tuple(office.id(each) for each in mentions)
    return office.ask(login, "flows.comment", instance=instance, text=text, mentions=people, **more)


@pytest.mark.requirement("W2", "SW14")
def test_it_is_said_among_what_was_done_and_moves_nothing(office: Office) -> None:
    """Before, between and after decisions, in order, in the progress and in the timeline of the record; who is
    mentioned is told, and the starter; whoever says it is not. Said again with the same request it stands once."""
    before = office.waiting()
    said(office, "head", " Is the margin right? ", "fang", request="r1")
    said(office, "head", " Is the margin right? ", "fang", request="r1")
    said(office, "fang", "It is.")
    assert before == office.waiting()
    office.decide("head", opinion="Then yes")
    office.ask("root", "flows.suspend", instance=office.history(1)[0]["id"])
    said(office, "li", "Thanks", "head")
    deeds = [(each["text"]["en"], each["opinion"]) for each in office.history(1)[0]["deeds"]]
    assert [
        ("commented, for Fang", "Is the margin right?"),
        ("commented", "It is."),
        ("suspended the flow", None),
        ("commented, for Head", "Thanks"),
    ] == deeds
    assert [("Head mentioned you in a flow", "Is the margin right?")] == told(office, "fang")
    mine = [("Fang commented on your flow", "It is."), ("Head commented on your flow", "Is the margin right?")]
    assert mine == [each for each in told(office, "li") if "commented" in each[0]]
    happened = office.ask("boss", "flows.activities", form="quote", id=1)
    words = [each.get("opinion") for each in happened]
    assert ["Is the margin right?", "It is.", "Thanks"] == [each for each in words if each not in (None, "Then yes")]


@pytest.mark.requirement("W2", "SP01")
def test_only_by_and_to_who_sees_it(office: Office) -> None:
    """Who neither takes part nor may read the record says nothing and is not mentioned; once asked, both."""
    with pytest.raises(NotFound):
        said(office, "zhao", "What is this?")
    with pytest.raises(Rejected) as refused:
        said(office, "head", "Look", "fang", "zhao")
    assert [("flows.may-not-see", "/mentions/1")] == [(p.code, p.pointer) for p in refused.value.problems]
    assert "Zhao" in refused.value.problems[0].words("en")
    with pytest.raises(Rejected) as blank:
        said(office, "head", "  ")
    assert ["flows.blank-comment"] == [each.code for each in blank.value.problems]
    with pytest.raises(Rejected):
        office.ask("head", "flows.comment", instance=office.history(1)[0]["id"], text="x", mentions=(999,))
    assert [] == told(office, "fang")
    office.decide("head")
    said(office, "zhao", "I see it now", "head")
    assert "Zhao mentioned you in a flow" in [title for title, _ in told(office, "head")]


@pytest.mark.requirement("X14")
def test_forgotten_with_its_record(office: Office) -> None:
    """What was said goes with what is known of the persons of a record; that something was said stays."""
    said(office, "head", "She is ill")
    with office.host.session(APP) as context:
        context.ask("flows.forget", form="quote", ids=(1,))
    assert [(None, "commented")] == [(each["opinion"], each["text"]["en"]) for each in office.history(1)[0]["deeds"]]
