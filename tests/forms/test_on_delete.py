"""What becomes of records when one that they are linked to is deleted: as their links say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from tests.forms.firm import EVERYTHING, START, Firm, firm

WORLD = json.loads(Path(__file__).with_name("on_delete.json").read_text())
MAY = [{"role": "supervisor", "can": [*EVERYTHING, "restore", "purge", "privacy"]}]
NAME: dict[str, Any] = {"name": "name", "type": "text"}


def form(name: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form of records with names, for the supervisor unless something else is said."""
    return {"name": name, "label": "name", "fields": [NAME, *fields], "permissions": MAY, **more}


def link(name: str, to: str, on_delete: str | None = None) -> dict[str, Any]:
    """A link to a form."""
    return {"name": name, "type": "link", "to": to, **({"on_delete": on_delete} if on_delete else {})}


SALES = {"role": "sales", "can": ["read", "delete", "edit"]}
LAW = {"purpose": "sales", "basis": "contract"}
FORMS = (
    form(
        "firm", {"name": "phone", "type": "phone", "privacy": LAW}, link("over", "firm"),
        permissions=[*MAY, SALES], privacy={"identify": ["phone"]},
    ),
    form("visit", link("firm", "firm", "cascade")),
    form("report", link("visit", "visit", "cascade"), link("earlier", "report", "cascade")),
    form("bill", link("firm", "firm", "restrict")),
    form(
        "memo", link("firm", "firm", "clear"),
        {"name": "all", "type": "links", "to": "firm", "on_delete": "clear"},
        {"name": "about", "type": "link_any", "to": ["firm", "bill"], "on_delete": "clear"},
        {"name": "parts", "type": "lines", "fields": [
            link("of", "firm", "clear"),
            {"name": "inner", "type": "lines", "fields": [link("by", "firm", "clear")]},
        ]},
    ),
)  # fmt: skip


def filled(value: Any, ids: dict[str, int]) -> Any:
    """What a case says with the ids of this run."""
    match value:
        case dict():
            return {key: filled(each, ids) for key, each in value.items()}
        case list():
            return tuple(filled(each, ids) for each in value)
        case str() if value.startswith("@"):
            return ids[value[1:]]
        case str() if "/@" in value:
            return f"{value.partition('/')[0]}/{ids[value.partition('@')[2]]}"
    return value


def made(app: Firm) -> dict[str, int]:
    """The world of the cases."""
    ids: dict[str, int] = {}
    for name, word, values in WORLD["made"]:
        ids[word] = app.create("boss", name, **filled(values, ids))
    return ids


def gone(app: Firm, ids: dict[str, int]) -> list[str]:
    """Which of them are not there."""
    found = {}
    for name, word, _ in WORLD["made"]:
        found[word] = app.ask("boss", "records.list", type=name, ids=(ids[word],))["items"]
    return sorted(word for word, items in found.items() if not items)


@pytest.mark.requirement("SF06", "SF28")
@pytest.mark.parametrize("case", WORLD["cases"], ids=[each["name"] for each in WORLD["cases"]])
def test_a_deletion_means_what_the_links_say(database_url: str, case: dict[str, Any]) -> None:
    """Kept, refused, emptied in fields and rows, or deleted with it, however far; in whatever way it goes and comes."""
    with firm(database_url, *FORMS, clock=FrozenClock(START)) as app:
        ids = made(app)
        *before, last = [(name, filled(asked, ids)) for name, asked in case["do"]]
        for name, asked in before:
            app.ask("boss", name, **asked)
        if "refused" in case:
            with pytest.raises(Rejected) as refused:
                app.ask("boss", last[0], **last[1])
            told = refused.value.problems[0].words("en")
            assert (told.partition(" and ")[0], gone(app, ids)) == (case["refused"], [])
            return
        answer = app.ask("boss", last[0], **last[1])
        assert gone(app, ids) == sorted(case["gone"])
        assert (answer or {}).get("refused") in (None, [], 0)
        if "memo" in case:
            memo = app.ask("boss", "records.get", type="memo", id=ids["memo"])
            parts = tuple((row["of"], tuple(one["by"] for one in row["inner"])) for row in memo["parts"])
            seen = {name: memo[name] for name in ("firm", "all", "about")} | {"parts": parts}
            assert {**seen, "all": tuple(seen["all"])} == filled(case["memo"], ids)
            told = app.ask("boss", "records.history", type="memo", id=ids["memo"])[0]
            assert (told["kind"], "firm" in told["changes"] or "all" in told["changes"]) == ("updated", True)
        if "branch" in case:
            branch = app.ask("boss", "records.get", type="firm", id=ids["branch"])
            assert branch["over"] == filled(case["branch"], ids)
