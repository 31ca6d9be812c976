"""Rules tell people on their devices: by the channel, in its hours, and of a batch as of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.rules.apps import LEAD, Trial, rule, trial
from tests.support.push import Browser, PushService, push_service

__all__ = ["push_service"]
pytestmark = pytest.mark.requirement("SA14", "SW18")
ALL = ["create", "read", "edit", "delete", "import"]
OTHERS = {"forms/lead.json": {**LEAD, "permissions": [{"role": ["sales", "supervisor"], "can": ALL}]}}
WON = rule(
    "won",
    {"becomes": 'stage = "won"'},
    {
        "notify": {
            "to": ["owner"], "title": "Won: {{ company }}", "channels": ["push"], "urgency": "high",
            "quiet": {"from": "21:00", "until": "08:00"},
        }
    },
)  # fmt: skip
GIVEN = rule(
    "given",
    {"becomes": "owner is not blank"},
    {"notify": {"to": ["owner"], "title": "New: {{ company }}", "many": "{count} leads were given to you"}},
)


def device(app: Trial, login: str, service: PushService, notices: str) -> Browser:
    browser = Browser(service, app.ask(login, "push.devices")["key"])
    app.ask(login, "push.subscribe", **browser.subscription, notices=notices)
    return browser


def options(service: PushService) -> dict[str, Any]:
    return {"others": OTHERS, "secrets": {"PUSH_SERVICES": service.host}, "allow_private": True}


def test_a_rule_tells_a_device(push_service: PushService) -> None:
    """Where the rule names the channel also one that shows little, as urgent as it says, and in no quiet hour."""
    with trial("sqlite://", WON, GIVEN, **options(push_service)) as app:
        browser = device(app, "ann", push_service, "chosen")
        lead = app.create("boss", company="Ling", owner=app.person("ann"))
        app.settle()
        assert ([], ["New: Ling"]) == (browser.shown, app.notices("ann"))
        app.advance(hours=14)
        app.update(lead, stage="won")
        app.settle()
        assert [] == browser.shown
        app.advance(hours=12)
        [said], [message] = browser.shown, browser.messages
        assert ("Won: Ling", f"#/records/lead/{lead}", "high") == (
            said["title"],
            said["go"],
            message.headers["urgency"],
        )
        assert ["New: Ling", "Won: Ling"] == app.notices("ann")


def test_a_batch_is_one_message(push_service: PushService) -> None:
    """What an import brings comes to a device as one notice that leads to the list; whoever has no device costs no
    job."""
    with trial("sqlite://", GIVEN, **options(push_service)) as app:
        browser = device(app, "ann", push_service, "all")
        rows = "\n".join(["company,owner", *(f"C{at},{login}" for at in range(5) for login in ("ann", "ben"))])
        app.ask("boss", "forms.import", form="lead", name="a.csv", content=rows.encode())
        app.settle()
        app.advance(seconds=3)
        [said] = browser.shown
        place, _, query = said["go"].partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        assert ("5 leads were given to you", "#/records/lead", said["title"]) == (said["title"], place, asked["title"])
        mine = app.ask("ann", "records.list", type="lead", where=asked["where"])["items"]
        assert {app.person("ann")} == {each["owner"] for each in mine} and 5 == len(mine)
        assert ["5 leads were given to you"] == app.notices("ben")
