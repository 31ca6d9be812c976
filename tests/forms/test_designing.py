"""What the designer of forms is told: every kind of field in words, and a beginning that can be published as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.forms.words import KINDS, OPTIONS
from lowcode.host import Host
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity import APP
from lowcode.kernel.records.fields import KINDS as FIELDS
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


NAMED_BY_THE_DESIGNER = {"id", "name", "type"}


def test_every_option_of_a_field_has_words() -> None:
    """Also those of its parts: of options, stages, the moves between them."""
    options = [each.options.model_json_schema() for each in FIELDS]
    parts = [part for each in options for part in (each, *each.get("$defs", {}).values())]
    keys = {key for part in parts for key in part.get("properties", {})}
    assert {"copied", "when", "from"} < keys
    assert set() == keys - OPTIONS.keys() - NAMED_BY_THE_DESIGNER
    assert all({"zh-CN", "en"} == set(each) for each in OPTIONS.values())


def test_every_part_of_a_form_has_words(host: Host) -> None:
    """What roles may do, the kinds of views, and what views, permissions, checks and relations say: in both languages.
    What a view is drawn by is said of every kind that needs fields."""
    palette = host.ask(APP, "forms.palette", form="account")
    parts = ("ViewDefinition", "PermissionDefinition", "RelationDefinition", "DuplicateDefinition",
             "WithoutOverlapsDefinition")  # fmt: skip
    known = palette["schema"]["$defs"]
    keys = {key for part in parts for key in known[part]["properties"]}
    assert set() == keys - OPTIONS.keys() - NAMED_BY_THE_DESIGNER
    choices = {*palette["verbs"], *known["ViewDefinition"]["properties"]["type"]["enum"]}
    assert set() == choices - palette["words"]["choices"].keys()
    assert ["by", ("select", "state"), True] in palette["views"]["kanban"]


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


def changed(document: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A form with other values at the top, and its first field otherwise: `first` lies over it, `more` comes last."""
    first, more = keys.pop("first", {}), keys.pop("more", [])
    fields = [{**document["fields"][0], **first}, *document["fields"][1:], *more]
    return {**document, "fields": fields, **keys}


WRONG: dict[str, dict[str, Any]] = {
    "an unknown key": {"first": {"requierd": True}},
    "an unknown type": {"more": [{"name": "new", "type": "texxt"}]},
    "all else": {
        "more": [
            {"name": "owner", "type": "member"},
            *[{"name": "same", "type": "text"}] * 2,
            {"name": "to_nowhere", "type": "link", "to": "acount"},
            {"name": "itself", "type": "formula", "expression": "itself + 1"},
            {"name": "broken", "type": "formula", "expression": "1 +"},
            {"name": "elsewhere", "type": "formula", "expression": "owner.nothing"},
            {"name": "begun", "type": "integer", "default": "=TODAY()"},
            {"name": "rows", "type": "lines", "fields": [{"name": "a", "type": "formula", "expression": "b"}]},
        ],
        "checks": [{"name": "c", "expression": "nothing > 1"}, {"name": "d", "expression": "1 + 1"}],
        "permissions": [{"role": "nobody", "can": ["read"]}, {"role": "sales", "can": ["fly"]}],
        "relations": [{"name": "new", "form": "contact", "by": "nothing"}],
    },
}


@pytest.mark.requirement("SF04")
@pytest.mark.parametrize("how", WRONG)
def test_a_check_says_what_publishing_says(host: Host, how: str) -> None:
    """Of the form itself, the same findings at the same places; and nothing is left behind."""
    path, uses = "forms/account.json", len(host.app.scope.uses)
    types = {name: list(each.fields) for name, each in host.app.types.items()}
    document = json.loads(host.ask(APP, "app.documents")["documents"][path])
    assert {"findings": [], "elsewhere": False, "faces": []} == host.ask(APP, "forms.check_document", document=document)
    wrong = changed(document, **WRONG[how])
    own = host.ask(APP, "forms.check_document", document=wrong)
    whole = host.ask(APP, "app.plan", documents={path: wrong})["findings"]
    told = {(each["code"], each["pointer"]) for each in own["findings"] if each["severity"] == "error"}
    assert told == {(each["code"], each["pointer"]) for each in whole if each["document"] == path}
    assert told
    assert uses == len(host.app.scope.uses)
    assert types == {name: list(each.fields) for name, each in host.app.types.items()}


def test_a_check_says_when_others_may_miss_something(host: Host) -> None:
    """A field that is gone or holds something else, a relation, a view; a title or a new field concerns nobody else."""
    document = json.loads(host.ask(APP, "app.documents")["documents"]["forms/account.json"])

    def elsewhere(other: dict[str, Any]) -> bool:
        found = host.ask(APP, "forms.check_document", document=other)
        return bool(found["elsewhere"])

    assert not elsewhere(changed(document, title="Firm", more=[{"name": "new", "type": "text", "title": "New"}]))
    assert not elsewhere(changed(document, first={"title": "Called", "help": "As on the seal"}))
    assert not elsewhere({**document, "name": "another"})
    assert elsewhere({**document, "fields": document["fields"][1:]})
    assert elsewhere(changed(document, first={"type": "long_text"}))
    assert elsewhere({**document, "relations": []})
    assert elsewhere({**document, "views": document["views"][:-1]})
    assert elsewhere(changed(document, more=[{"name": "new", "type": "formula", "expression": "TODAY()"}]))
    with pytest.raises(Forbidden):
        host.ask(host.actor("li.na"), "forms.check_document", document=document)


@pytest.mark.requirement("F24")
def test_a_check_tells_the_public_side_as_it_is_designed(host: Host) -> None:
    """Fields by their titles, the words of the draft and not of the app; a face that names a field which is not there
    says nothing, and its mistake is among the findings."""
    document = json.loads(host.ask(APP, "app.documents")["documents"]["forms/event_registration.json"])
    face = {**document["public"][0], "closes": "2031-05-01", "limit_total": 700}
    found = host.ask(APP, "forms.check_document", document={**document, "public": [face]})
    (told,) = found["faces"]
    said = {each["what"]: each["words"] for each in told["told"]}
    assert ("register", face["title"]) == (told["name"], told["title"])
    assert {"en": "it closes at 2031-05-01", "zh-CN": "2031-05-01 止"} == said["closes"]
    assert "合计 700 次" in said["guard"]["zh-CN"]
    assert "填写：活动*、姓名*、公司*" in said["asks"]["zh-CN"]
    assert said["asks"]["en"].startswith("it asks for Event*, Name*, Company*")
    broken = host.ask(APP, "forms.check_document", document={**document, "public": [{**face, "fields": ["gone"]}]})
    assert [] == broken["faces"][0]["told"]
    assert "/public/0/fields/0" in {each["pointer"] for each in broken["findings"]}
