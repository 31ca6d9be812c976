"""What the designers of message templates and pools ask: the document as it would be is looked at and tried, and
nothing of it is done."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.rules.messages.documents import MessageDocument, VariantDocument
from lowcode.rules.pools.documents import ClaimDocument, PoolDocument, ReclaimDocument
from tests.rules.apps import Trial, rule, trial
from tests.rules.test_pools import POOL, lead

GREETING: dict[str, Any] = {
    "name": "greeting", "type": "message", "title": {"en": "Greeting", "zh-CN": "问候"}, "form": "lead",
    "group": "Greetings", "subject": "Hello {{ company }}",
    "text": {"en": "Grade {{ grade }}", "zh-CN": "等级 {{ grade }}"},
    "variants": [{"when": 'grade = "A"', "text": "Dear {{ company }}, {{ note }}"}],
}  # fmt: skip
SENDS = rule("greets", {"created": True}, {"mail": {"to": "email", "message": "greeting"}}, title="Greets")
BY_ITSELF = {"type", "name", "schema_", "format", "part"}
"""What the designer knows without being told."""


@pytest.fixture
def app(database_url: str) -> Iterator[Trial]:
    """An app with a template, what sends it, a pool, and somebody who designs."""
    with trial(database_url, GREETING, SENDS, POOL) as made:
        made.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        made.host.forget_directory()
        yield made


def pointers(found: dict[str, Any]) -> list[str]:
    """Where something is wrong."""
    return [each["pointer"] for each in found["findings"]]


@pytest.mark.requirement("ST05", "ST06")
def test_a_message_template_is_looked_at_and_read_for_a_record(app: Trial) -> None:
    """What is wrong is said at its place; it reads in every language of the app with the values of a record, the words
    whose condition holds first, and what is blank is named; who sends it is told. Nothing is sent."""
    good, best = app.create(company="Hengqi", grade="B", email="a@b.cn"), app.create(company="Hengqi", grade="A")
    assert app.ask("root", "rules.check_message", document=GREETING) == {"findings": [], "elsewhere": False}
    wrong = {**deepcopy(GREETING), "text": "{{ compny }}", "roles": ["saless"]}
    assert pointers(app.ask("root", "rules.check_message", document=wrong)) == ["/roles/0", "/text"]
    assert app.ask("root", "rules.check_message", document={**GREETING, "form": "account"})["elsewhere"]
    with pytest.raises(Rejected) as refused:
        app.ask("root", "rules.try_message", document=wrong, record=good)
    assert [each.pointer for each in refused.value.problems] == ["/document/roles/0", "/document/text"]
    assert app.ask("root", "rules.try_message", document=GREETING, record=good) == {
        "variant": None, "blank": [],
        "words": {"zh-CN": {"subject": "Hello Hengqi", "text": "等级 B"},
                  "en": {"subject": "Hello Hengqi", "text": "Grade B"}},
    }  # fmt: skip
    other = {**GREETING, "subject": "Hi {{ company }}"}
    assert app.ask("root", "rules.try_message", document=other, record=best) == {
        "variant": 0, "blank": ["note"],
        "words": {each: {"subject": "Hi Hengqi", "text": "Dear Hengqi, "} for each in ("zh-CN", "en")},
    }  # fmt: skip
    (told,) = app.ask("root", "rules.message_templates")["items"]
    assert (told["message"], told["form"], told["variants"]) == ("greeting", "lead", 1)
    assert told["used_by"] == [{"kind": "rules", "name": "greets", "title": "Greets"}]


@pytest.mark.requirement("R23", "X8")
def test_a_pool_is_looked_at_and_tried(app: Trial) -> None:
    """What is wrong is said at its place, in what it does when it takes a record back as well. Other limits and other
    spans say at once who would go back when and what a person might still claim, while the pool as it is published
    holds; records stay where they are."""
    assert app.ask("root", "rules.check_pool", document=POOL) == {"findings": [], "elsewhere": False}
    wrong = {**deepcopy(POOL), "members": ["saless"]}
    wrong["reclaim"][0]["warn"][0]["actions"][0]["notify"]["title"] = "{{ compny }}"
    assert pointers(app.ask("root", "rules.check_pool", document=wrong)) == ["/members/0"]
    wrong["members"] = ["sales"]
    assert pointers(app.ask("root", "rules.check_pool", document=wrong)) == ["/reclaim/0/warn/0/actions/0/notify/title"]
    assert app.ask("root", "rules.check_pool", document={**POOL, "reclaim": []})["elsewhere"]
    fresh = {**POOL, "name": "new_one"}
    assert app.ask("root", "rules.check_pool", document=fresh) == {"findings": [], "elsewhere": False}
    lies = lead(app, province="beijing")
    mine = [lead(app, "ann", province="beijing", company=f"Lead {number}") for number in range(2)]
    for each in mine:
        app.update(each, assigned_at=app.clock.now())
    lead(app, "ann", province="beijing", grade="A")
    tried = app.ask("root", "rules.try_pool", document=POOL, login="ann")
    assert (tried["lying"]["count"]["value"], tried["lying"]["items"][0]["record"]) == (1, lies)
    assert (tried["held"]["value"], tried["looked_at"], tried["overdue"], tried["week"]) == (3, 3, 0, 2)
    assert [(each["record"], each["label"], each["owner"], each["at"]) for each in tried["going"]] == [
        (each, f"Lead {number}", "Ann", app.clock.now() + timedelta(days=7)) for number, each in enumerate(mine)
    ]
    assert tried["person"] == {
        "member": True, "manager": False, "claimed_today": 0, "per_day": 2, "held": 3, "holding": 3,
        "viewed_today": 0, "views_per_day": 2, "reached": ["holding"],
    }  # fmt: skip
    other = deepcopy(POOL)
    other["claim"] = {"per_day": 2, "holding": 3, "holding_where": 'grade = "A"'}
    other["reclaim"] = [{"name": "idle", "inactive": {"since": "assigned_at", "for": {"days": 20}}}]
    tried = app.ask("root", "rules.try_pool", document=other, login="ann")
    assert (tried["week"], tried["month"], tried["person"]["held"], tried["person"]["reached"]) == (0, 2, 1, [])
    assert app.ask("root", "rules.try_pool", document=POOL, login="ann")["person"]["held"] == 3
    assert app.ask("root", "rules.try_pool", document=POOL, login="boss")["person"]["reached"] == []
    with pytest.raises(NotFound, match="ann"):
        app.ask("root", "rules.try_pool", document=POOL, login="anne")
    assert {app.get(each)["owner"] for each in mine} == {app.person("ann")}


def test_only_administrators_design(app: Trial) -> None:
    """A draft may name every field of a form."""
    for operation, asked in (
        ("rules.message_palette", {}), ("rules.message_templates", {}), ("rules.check_message", {"document": GREETING}),
        ("rules.try_message", {"document": GREETING, "record": 1}), ("rules.pool_palette", {}),
        ("rules.check_pool", {"document": POOL}), ("rules.try_pool", {"document": POOL}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            app.ask("boss", operation, **asked)


def test_everything_they_may_say_is_offered_with_words(app: Trial) -> None:
    """Each option of the models has words, and a place on the desk: none is only there for authors of JSON."""
    desks = Path(__file__).parent.parent.parent / "web" / "packages" / "designer" / "src"
    for operation, models, folder in (
        ("rules.message_palette", (MessageDocument, VariantDocument), "messages"),
        ("rules.pool_palette", (PoolDocument, ClaimDocument, ReclaimDocument), "pools"),
    ):
        palette = app.ask("root", operation)
        page = "".join(each.read_text("utf-8") for each in sorted((desks / folder).glob("*.tsx")))
        for name in {name for each in models for name in each.model_fields} - BY_ITSELF:
            assert name in palette["words"]["options"] and f'"{name}"' in page, (folder, name)
    assert palette["kinds"] == app.ask("root", "rules.rule_palette")["kinds"]
