"""The directory follows an organisation, against services that behave as their makers document them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.api import vendor_people as vendors
from tests.api.app import Shop
from tests.api.test_connectors import SECRETS, documents
from tests.api.vendor_people import One, Staff
from tests.api.vendors import serving

KINDS: dict[str, Any] = {"dingtalk": vendors.DingTalk, "wecom": vendors.WeCom, "feishu": vendors.Feishu}
ALL = pytest.mark.parametrize("vendor", KINDS)


def staff() -> Staff:
    """The firm as it begins: `Trade` and `li` are here already."""
    return Staff(
        {1: ("Firm", None), 2: ("Trade", 1), 3: ("East", 2), 4: ("West", 2), 5: ("Works", 1)},
        {
            "u-boss": One("Boss", 1, "boss@example.com", leads=1),
            "u-li": One("Li Na", 3, "LI@example.com", "13800000001", "Rep", leads=3),
            "u-wang": One("Wang Wu", 3, "wang@example.com", title="Rep", manager="u-li"),
            "u-sun": One("Sun", 3, "sun@example.com", title="Rep"),
            "u-qian": One("Qian", 4, "qian@example.com", title="Lead", leads=4),
        },
    )


class Firm:
    """A shop that follows a firm."""

    def __init__(self, shop: Shop, there: Any) -> None:
        self.shop, self.there = shop, there
        self.staff: Staff = there.staff

    def sync(self, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.shop.ask("root", "api.sync", name="firm", **more)
        return found

    def plan(self) -> dict[str, Any]:
        found: dict[str, Any] = self.shop.ask("root", "api.plan_sync", name="firm")
        return found

    def people(self) -> dict[str, tuple[Any, ...]]:
        """What the directory holds of each person."""
        found = self.shop.host.directory()
        names = {number: each.name for number, each in found.departments.items()}
        return {
            each.login: (each.name, each.email, names.get(each.department or 0), each.active)
            for each in found.users.values()
        }

    def departments(self) -> dict[str, tuple[str | None, str | None]]:
        """Above and head of each department."""
        found = self.shop.host.directory()
        return {
            each.name: (
                found.departments[each.parent].name if each.parent else None,
                found.users[each.head].login if each.head else None,
            )
            for each in found.departments.values()
        }


@pytest.fixture
def firm(open_shop: Callable[..., Shop]) -> Iterator[Callable[..., Firm]]:
    with ExitStack() as stack:

        def make(vendor: str, people: Any = None, database: Any = "sqlite://", **more: Any) -> Firm:
            shop: Shop
            there = KINDS[vendor](lambda: shop.clock.now())
            there.staff = staff()
            stack.enter_context(serving(there))
            connector = {"name": "chat", "type": f"{vendor}_app", **documents(there)[f"{vendor}_app"]}
            follows = {"name": "firm", "type": "organisation", "title": {"en": "Firm", "zh-CN": "公司"},
                       "connector": "chat", "people": {"create": {"roles": ["sales"]}, **(people or {})},
                       **more}  # fmt: skip
            shop = open_shop(
                connector, follows, secrets=SECRETS, allow_private=("127.0.0.0/8",), database=database
            )  # fmt: skip
            return Firm(shop, there)

        yield make


OFTEN = {
    "dingtalk": {"errcode": 90002, "errmsg": "too fast"}, "wecom": {"errcode": 42001, "errmsg": "access_token expired"},
    "feishu": {"code": 99991663, "msg": "Invalid access token"},
}  # fmt: skip
"""What a service says on the way: asked too often, or a token that ran out."""


@pytest.mark.requirement("A12", "A13", "A14", "SP21", "SP22")
@ALL
def test_the_directory_follows(firm: Callable[..., Firm], vendor: str) -> None:
    """Who comes, with their department, head and roles; who is here already is found by the address that the service
    hands out. Doing it again changes nothing, also where a token runs out on the way or the service wants to be asked
    less often. Then what changes there."""
    found = firm(vendor)
    before = found.people()
    planned = found.plan()
    assert before == found.people()
    done = found.sync()
    assert planned["counts"] == done["counts"]
    people, departments = found.people(), found.departments()
    assert ("Li Na", "li@example.com", "East", True) == (people["li"][0], people["li"][1].lower(), *people["li"][2:])
    assert ("Wang Wu", "wang@example.com", "East", True) == people["u-wang"]
    assert [("trade", "li"), ("trade", "u-qian")] == [departments["East"], departments["West"]]
    top = None if vendor == "feishu" else "Firm"
    assert (top, None) == departments["trade"]
    assert {"sales"} == found.shop.host.directory().by_login["u-wang"].roles
    found.there.next.append((200, OFTEN[vendor]))
    again = found.sync()
    assert ({"conflicts": 0}, [], []) == (again["counts"], again["departments"], again["people"])
    assert people == found.people()
    assert "u-wang" in [each["known_as"] for each in done["people"]]

    _changes(found)


def _changes(found: Firm) -> None:
    """Moves, new names and heads; who left is made inactive, and administrators are told to hand over; who returns is
    active again. Nobody and nothing is deleted."""
    found.staff.departments[4] = ("Far West", 5)
    found.staff.people["u-li"].leads = None
    found.staff.people["u-wang"].leads = 3
    found.staff.people["u-sun"].department = 4
    gone = found.staff.people["u-qian"]
    gone.active = False
    done = found.sync()
    assert {"department_moves": 1, "department_changes": 2, "person_moves": 1, "person_leaves": 1, "conflicts": 0} == (
        done["counts"]
    )
    people = found.people()
    assert ("West", False) == (people["u-sun"][2], people["u-qian"][3])
    assert "u-wang" == found.departments()["East"][1]
    west = next(each for each in found.shop.host.directory().departments.values() if each.name == "West")
    assert "Far West" == west.title
    notices = found.shop.ask("root", "notifications.list")["items"]
    assert [("Left the organisation (1): Qian", True)] == [
        (each["title"], "Hand over" in each["text"]) for each in notices
    ]
    assert {"conflicts": 0} == found.sync()["counts"]
    gone.active = True
    assert 1 == found.sync()["counts"]["person_returns"]
    assert found.people()["u-qian"][3]


@pytest.mark.requirement("SP14")
def test_roles_follow(firm: Callable[..., Firm]) -> None:
    """Roles by what the service says of a person: those of the document are given and taken, others stay."""
    roles = {"claim": "position", "values": {"Lead": ["supervisor"]}}
    found = firm("wecom", people={"roles": roles})
    found.sync()
    people = found.shop.host.directory().by_login
    assert ({"sales", "supervisor"}, {"sales"}) == (set(people["u-qian"].roles), set(people["u-sun"].roles))
    found.staff.people["u-qian"].title, found.staff.people["u-sun"].title = "Rep", "Lead"
    found.sync()
    people = found.shop.host.directory().by_login
    assert ({"sales"}, {"sales", "supervisor"}) == (set(people["u-qian"].roles), set(people["u-sun"].roles))


def test_conflicts_are_named(firm: Callable[..., Firm]) -> None:
    """Nobody is guessed at: two people of one address, an address of somebody who is another member, a login that is
    taken. The others are not kept waiting."""
    found = firm("wecom")
    found.shop.ask("root", "identity.save_person", login="zhao", email="wang@example.com")
    found.shop.ask("root", "identity.save_person", login="head", email="wang@example.com")
    found.shop.ask("root", "identity.save_person", login="U-SUN", email="else@example.com")
    found.shop.ask("root", "api.link_account", connector="chat", account="u-before", login="li")
    found.staff.people["u-alone"] = One("Alone", 4, "alone@example.org")
    done = found.sync()
    assert {
        ("ambiguous", "Wang Wu", ("head", "zhao")), ("login", "Sun", ("u-sun",)), ("taken", "Li Na", ("li",))
    } == {(each["reason"], each["name"], tuple(sorted(each["others"]))) for each in done["conflicts"]}  # fmt: skip
    assert {"u-boss", "u-qian", "u-alone"} == found.people().keys() & found.staff.people.keys()
    found.shop.ask("root", "api.link_account", connector="chat", account="u-wang", login="zhao")
    assert {"login", "taken"} == {each["reason"] for each in found.sync()["conflicts"]}
    assert "Wang Wu" == found.people()["zhao"][0]
    closed = firm("wecom", people={"create": None})
    assert {"nobody"} == {each["reason"] for each in closed.sync()["conflicts"]}


def test_the_same_logins(firm: Callable[..., Firm]) -> None:
    """Where administrators give them out, and the document says so; one login is still one person."""
    found = firm("wecom", same_logins=True)
    found.staff.people["Zhao"] = One("Zhao Lei", 4)
    done = found.sync()
    [zhao] = [each for each in done["people"] if each["key"] == "Zhao"]
    assert (["linked", "moves", "changes"], {"name": "Zhao Lei", "department": "West"}) == (zhao["does"], zhao["sets"])
    assert ("Zhao Lei", "zhao@example.com", "West", True) == found.people()["zhao"]
    assert {"conflicts": 0} == found.sync()["counts"]


def test_many_leave_at_once(firm: Callable[..., Firm]) -> None:
    """More than the document allows wait until an administrator agrees; the last administrator never leaves."""
    found = firm("wecom", leaves=10)
    for number in range(20):
        found.staff.people[f"u-{number}"] = One(f"N {number}", 5)
    found.sync()
    found.shop.ask("root", "api.link_account", connector="chat", account="u-0", login="root")
    found.sync()
    for number in range(6):
        del found.staff.people[f"u-{number}"]
    done = found.sync()
    assert [("many_leave", 6, 25)] == [(each["reason"], each["count"], each["of"]) for each in done["conflicts"]]
    assert all(active for *_, active in found.people().values())
    done = found.sync(all_leave=True)
    assert (5, ["last_administrator"]) == (
        done["counts"]["person_leaves"], [each["reason"] for each in done["conflicts"]],
    )  # fmt: skip
    assert [True, False] == [found.people()[login][3] for login in ("root", "u-1")]


def test_what_cannot_be_read(firm: Callable[..., Firm]) -> None:
    """A part of the organisation is not taken for all of it; administrators are told why, once, and what to do."""
    found = firm("wecom")
    found.sync()
    found.there.sees_all = False
    for _ in range(2):
        assert "let it see all of it" in found.sync()["error"]
    with pytest.raises(Rejected, match="let it see all of it"):
        found.plan()
    notices = found.shop.ask("root", "notifications.list")["items"]
    assert ["The organisation 'firm' cannot be read"] == [each["title"] for each in notices]
    assert found.people()["u-qian"][3]
    found.there.sees_all = True
    [listed] = found.shop.ask("root", "api.organisations")["items"]
    assert (True, "wecom_app", True) == (listed["ready"], listed["kind"], "let it see" in listed["last"]["error"])
    assert 3 == len(found.shop.ask("root", "api.syncs", name="firm")["items"])
    with pytest.raises(Rejected):
        found.shop.ask("li", "api.sync", name="firm")
    with pytest.raises(NotFound, match="firm"):
        found.shop.ask("root", "api.sync", name="frim")


def test_it_runs_by_itself(firm: Callable[..., Firm]) -> None:
    """As often as the document says; what fails for the moment is tried again before that."""
    found = firm("wecom", every=60)
    found.shop.host.settle()
    found.there.next = [(200, {"errcode": 0, "access_token": found.there.token(), "expires_in": 7200}),
                        (503, {"errcode": "busy"})]  # fmt: skip
    found.shop.clock.advance(timedelta(minutes=61))
    found.shop.host.settle()
    [run] = found.shop.ask("root", "api.syncs", name="firm")["items"]
    assert (None, True) == (run["by"], "503" in run["error"])
    found.shop.clock.advance(timedelta(minutes=16))
    found.shop.host.settle()
    assert ("u-wang" in found.people(), None) == (
        True,
        found.shop.ask("root", "api.syncs", name="firm")["items"][0]["error"],
    )


def test_both_databases(firm: Callable[..., Firm], database_url: str) -> None:
    """Accounts, departments and runs are kept alike."""
    found = firm("feishu", database=database_url)
    found.sync()
    del found.staff.people["u-sun"]
    assert {"person_leaves": 1, "conflicts": 0} == found.sync()["counts"]
    assert {"conflicts": 0} == found.sync()["counts"]
