"""Being away is said, seen and taken back, by whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.flows.app import MONDAY, Office, approval, document


@pytest.mark.requirement("W13")
def test_an_absence_is_seen_and_ended() -> None:
    """One that has begun ends now, one to come is dropped; somebody else's is nobody's business but an
    administrator's."""
    office = Office()
    week = timedelta(days=7)
    now = {"since": MONDAY - timedelta(hours=1), "until": MONDAY + week, "agent": office.id("fang"), "reason": "leave"}
    office.ask("head", "identity.away", **now)
    office.ask("head", "identity.away", since=MONDAY + week * 2, until=MONDAY + week * 3)
    office.ask("head", "identity.away", since=MONDAY - week * 2, until=MONDAY - week)
    first, second = office.ask("head", "identity.absences")["items"]
    assert {
        **now,
        "id": first["id"],
        "agent": {"id": office.id("fang"), "label": "Fang"},
        "only": [],
        "but": [],
    } == first
    assert (None, None) == (second["agent"], second["reason"])
    assert [] == office.ask("li", "identity.absences")["items"]
    with pytest.raises(Forbidden):
        office.ask("li", "identity.absences", user="head")
    for login, number in (("li", first["id"]), ("head", 10_000)):
        with pytest.raises(NotFound):
            office.ask(login, "identity.end_absence", id=number)
    office.ask("head", "identity.end_absence", id=first["id"])
    assert office.host.directory().absence_of(office.id("head"), MONDAY) is None
    office.ask("root", "identity.end_absence", id=second["id"])
    assert [] == office.ask("root", "identity.absences", user="head")["items"]
    with pytest.raises(NotFound):
        office.ask("head", "identity.end_absence", id=first["id"])


def test_nobody_stands_in_for_themselves() -> None:
    """An agent is somebody else, who is there."""
    office = Office()
    span = {"since": MONDAY, "until": MONDAY + timedelta(days=1)}
    with pytest.raises(Rejected, match=r"identity\.agent-is-oneself"):
        office.ask("head", "identity.away", **span, agent=office.id("head"))
    with pytest.raises(Rejected, match=r"identity\.unknown"):
        office.ask("head", "identity.away", **span, agent=10_000)
    with pytest.raises(Rejected, match=r"identity\.backwards"):
        office.ask("head", "identity.away", since=MONDAY, until=MONDAY, agent="fang")


@pytest.mark.requirement("W13")
def test_different_people_stand_in_for_different_flows(database_url: str) -> None:
    """The nearest counts: a rule that names the flow before one about all but some before one about all; whoever gave
    one flow away is there for the others, and not on leave for rules. The trace says which it was."""
    flows = [
        document(name, nodes=approval({"user": "head"}), start={"on": "manual"}) for name in ("price", "trip", "pay")
    ]
    office = Office(*flows, database=database_url)
    quote, head = office.quote(), office.id("head")
    span = {"since": MONDAY - timedelta(hours=1), "until": MONDAY + timedelta(days=7)}

    def asked(flow: str) -> str:
        begun = office.ask("li", "flows.start", flow=flow, id=quote)
        (who,) = office.waiting()
        office.ask("root", "flows.cancel", instance=begun["id"])
        return f"{who}: {begun['steps'][-1]['reasons'][0]['en'] if begun['steps'][-1]['reasons'] else ''}"

    office.ask("head", "identity.away", **span, agent="fang", only=("flow:price",))
    given = "gave this flow to somebody else; the agent is asked."
    assert [f"fang: Head {given}", "head: "] == [asked("price"), asked("trip")]
    assert office.host.directory().absence_of(head, MONDAY) is None
    office.ask("head", "identity.away", **span, agent="feng", but=("flow:trip",))
    away = "Head is away; the agent is asked."
    assert [f"fang: Head {given}", "head: ", f"feng: {away}"] == [asked("price"), asked("trip"), asked("pay")]
    office.ask("head", "identity.away", **span, agent="boss")
    assert [f"boss: {away}", f"feng: {away}"] == [asked("trip"), asked("pay")]
    assert office.host.directory().absence_of(head, MONDAY) is not None
    shown = [(each["only"], each["but"]) for each in office.ask("head", "identity.absences")["items"]]
    assert [(["flow:price"], []), ([], ["flow:trip"]), ([], [])] == shown
    office.host.close()


@pytest.mark.requirement("W13")
def test_what_an_absence_is_about_is_something_of_the_app() -> None:
    """The nearest name is offered; some, or all but some, and not both."""
    office = Office(document("price", nodes=approval({"user": "head"}), start={"on": "manual"}))
    span = {"since": MONDAY, "until": MONDAY + timedelta(days=1), "agent": "fang"}
    wrong = ("flow:prise", "flow:x", "form:quote", "role:sales", ":")
    with pytest.raises(Rejected) as refused:
        office.ask("head", "identity.away", **span, only=wrong)
    sort = "is nothing that somebody stands in for; possible: flow:…"
    assert [
        ("/only/0", "没有“flow:prise”。是否指“flow:price”？", "there is no 'flow:prise'. Did you mean 'flow:price'?"),
        ("/only/1", "没有“flow:x”。", "there is no 'flow:x'."),
        *(
            (f"/only/{at}", f"“{seen}”不属于可代理的事项；可以是：flow:…", f"'{seen}' {sort}")
            for at, seen in enumerate(wrong[2:], 2)
        ),
    ] == [(each.pointer, each.words("zh-CN"), each.words("en")) for each in refused.value.problems]
    with pytest.raises(Rejected, match=r"identity\.only-or-but"):
        office.ask("head", "identity.away", **span, only=("flow:price",), but=("flow:price",))
