"""What the designer of forms is told: every kind of field in words, and a beginning that can be published as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.forms.words import KINDS
from lowcode.host import Host
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.crypto import SECRET, new_key
from lowcode.seeding import seed

CRM = Path(__file__).parents[2] / "examples" / "crm_app"


@pytest.fixture(scope="module")
def host() -> Any:
    """The CRM."""
    with Host(str(CRM), secrets={SECRET: new_key()}) as found:
        found.publish()
        seed(found)
        yield found


def test_every_kind_has_words_and_a_place_in_the_palette(host: Host) -> None:
    """In both languages, in a group that has a name; options that only authors of JSON know may keep their names."""
    palette = host.ask(APP, "forms.palette", form="account")
    assert {kind["name"] for kind in palette["kinds"]} == set(KINDS)
    for kind in palette["kinds"]:
        assert {"zh-CN", "en"} == set(kind["title"])
        assert kind["group"] in palette["words"]["groups"]
    assert "campaign" in palette["forms"]


@pytest.mark.requirement("SF04")
def test_whatever_is_dragged_on_can_be_published(host: Host) -> None:
    """A field of every kind, as it begins, in one form that was published before, and in one that is new."""
    actor = next(host.actor(user.login) for user in host.directory().users.values() if "administrator" in user.roles)
    documents = host.ask(actor, "app.documents")["documents"]
    account = json.loads(documents["forms/account.json"])
    palette = host.ask(actor, "forms.palette", form="account")
    account["fields"] += [{"name": f"new_{kind['name']}", **kind["begin"]} for kind in palette["kinds"]]
    plan = host.ask(actor, "app.plan", documents={"forms/account.json": account})
    assert [] == plan["findings"]
    assert plan["plan"] is not None
    fresh = host.ask(actor, "forms.palette")
    fields = [{"name": "name", "type": "text"}] + [
        {"name": f"new_{kind['name']}", **kind["begin"]}
        for kind in fresh["kinds"]
        if kind["name"] not in ("rollup", "completeness")  # what they count there is none of yet
    ]
    new = {"name": "fresh", "title": "Fresh", "fields": fields, "permissions": [{"role": "sales", "can": ["read"]}]}
    assert [] == host.ask(actor, "app.plan", documents={"forms/fresh.json": new})["findings"]


def test_what_this_host_cannot_keep_is_said_before_it_is_published() -> None:
    """An encrypted field on a host without keys: a finding, not a failure."""
    with Host(str(CRM)) as bare:
        bare.publish()
        contact = json.loads(bare.ask(APP, "app.documents")["documents"]["forms/contact.json"])
        contact["fields"].append({"name": "hidden_word", "type": "secret"})
        plan = bare.ask(APP, "app.plan", documents={"forms/contact.json": contact})
        assert (plan["plan"], [each["code"] for each in plan["findings"]]) == (None, ["app.no-keys"])
        assert SECRET in plan["findings"][0]["message"]


def test_only_administrators_design(host: Host) -> None:
    """Nobody else is told what the app is made of."""
    with pytest.raises(Forbidden):
        host.ask(host.actor("li.na"), "forms.palette")
