"""States move along the transitions the author drew, whatever the door they are moved through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP

STATES = ("open", "paid", "sent", "closed")
DRAWN = {("open", "paid"), ("paid", "sent"), ("sent", "closed"), ("open", "closed"), ("closed", "open")}
DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "shop", "roles": [{"name": "sales"}]},
    "forms/order.json": {
        "name": "order",
        "fields": [
            {"name": "note", "type": "text"},
            {"name": "stage", "type": "state", "states": [{"name": each} for each in STATES],
             "transitions": [{"from": old, "to": new} for old, new in sorted(DRAWN)]},
        ],
        "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
    },
    **{
        f"rules/to_{state}.json": {
            "name": f"to_{state}", "form": "order", "on": {"button": {"title": state}},
            "actions": [{"set": {"stage": f'"{state}"'}}],
        }
        for state in STATES
    },
}  # fmt: skip


def opened(url: str) -> tuple[Host, Any]:
    """A shop with one seller."""
    host = Host(DOCUMENTS, url)
    host.publish()
    host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=["sales"])
    host.forget_directory()
    return host, host.actor("ann")


def move(host: Host, who: Any, door: str, order: int, state: str) -> bool:
    """Try to bring an order into a state; whether nothing was said against it."""
    change = {"do": "update", "id": order, "values": {"stage": state}}
    match door:
        case "save":
            asked: dict[str, Any] = {
                "operation": "records.update",
                "type": "order",
                "id": order,
                "values": {"stage": state},
            }
        case "bulk":
            asked = {"operation": "records.bulk", "type": "order", "items": [change], "together": True}
        case "many":
            said = host.ask(who, "forms.edit_many", form="order", ids=[order], values={"stage": state})
            return not said["refused"]
        case _:
            asked = {"operation": "rules.press", "rule": f"to_{state}", "id": order}
    try:
        host.ask(who, asked.pop("operation"), **asked)
    except Rejected as refused:
        assert {each.code for each in refused.problems} == {"records.no-transition"}
        return False
    return True


@pytest.mark.requirement("R22", "SF30")
def test_a_state_moves_as_drawn_through_every_door(database_url: str) -> None:
    """A save, many at once, the same change to several and a rule: each is refused with the steps there are."""
    host, ann = opened(database_url)
    order = host.ask(ann, "records.create", type="order", values={})["id"]
    for door in ("save", "bulk", "many", "rule"):
        assert not move(host, ann, door, order, "sent")
        assert move(host, ann, door, order, "closed")
        assert move(host, ann, door, order, "open")
    with pytest.raises(Rejected) as refused:
        host.ask(ann, "records.update", type="order", id=order, values={"stage": "sent"})
    assert refused.value.problems[0].pointer == "/stage"
    assert "closed" in str(refused.value) and "paid" in str(refused.value)
    with pytest.raises(Rejected):
        host.ask(ann, "records.create", type="order", values={"stage": "sent"})
    host.close()


@given(st.lists(st.tuples(st.sampled_from(["save", "bulk", "many", "rule"]), st.sampled_from(STATES)), max_size=12))
@settings(max_examples=8, deadline=None)
def test_no_way_leads_around_a_transition(tried: list[tuple[str, str]]) -> None:
    """Whatever is tried, the states an order had are a walk along the arrows, and what is drawn is let through."""
    host, ann = opened("sqlite://")
    order, now = host.ask(ann, "records.create", type="order", values={})["id"], "open"
    for door, state in tried:
        let = move(host, ann, door, order, state)
        assert let == (state == now or (now, state) in DRAWN)
        now = state if let else now
        assert host.ask(ann, "records.get", type="order", id=order)["stage"] == now
    host.close()
