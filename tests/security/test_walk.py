"""Every operation and address, asked by every role and by outsiders: nothing of what one may not read comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from pprint import pformat
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import Actor
from lowcode.web import routes
from lowcode.web.door import Door
from lowcode.web.messages import Request
from lowcode.web.operations import OWN_DOORS
from tests.security.parameters import calls
from tests.security.planting import OUTSIDER, Planted, planted, told

CRM = "examples/crm_app"
ROLES = tuple(role["name"] for role in json.loads(Path(CRM, "app.json").read_text(encoding="utf-8"))["roles"])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """The CRM with canaries in it."""
    made = planted(CRM, f"sqlite:///{tmp_path_factory.mktemp('canary')}/crm.sqlite3", ROLES)
    yield made
    made.host.close()


class Undo(Exception):
    """Ends a transaction in which something was tried."""


def attempt(found: Planted, actor: Actor, name: str, parameters: dict[str, Any]) -> str:
    """What an operation says to somebody, in its answer or its refusal; whatever it did is undone."""
    said = ""
    try:
        if not found.host.app.operations[name].writes:
            return told(found.host.ask(actor, name, **parameters))
        with found.host.database.transaction() as unit:
            said = told(found.host.context(unit, actor).ask(name, **parameters))
            raise Undo
    except Undo:
        return said
    except Rejected as refused:
        parts = [each.words("zh-CN") + each.pointer + told(each.values) for each in refused.problems]
        return f"{refused} {' '.join(parts)} {told(refused.details)}"


def leaks(forbidden: set[str], said: str) -> set[str]:
    """What of the forbidden is said. Every canary begins alike or is a long number, so a look at these is enough."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", said)
    spoken = set(re.findall(r"cnry[0-9a-f]{16}|[789]\d{8}", plain))
    return forbidden & spoken


@pytest.mark.parametrize("login", [*ROLES, OUTSIDER])
def test_no_operation_says_what_one_may_not_read(found: Planted, login: str) -> None:
    """Each operation of the registry that can be asked from outside, with plausible parameters of every form."""
    actor = found.host.actor(login)
    forbidden = found.forbidden(actor)
    assert forbidden or login in ("director", "administrator")
    wrong: dict[str, Any] = {}
    for name, operation in found.host.app.operations.items():
        if operation.access == "internal":
            continue
        for parameters in calls(found, operation, login):
            try:
                said = attempt(found, actor, name, parameters)
            except Exception as error:
                wrong.setdefault(name, (parameters, f"{type(error).__name__}: {error}"))
                continue
            if found_there := leaks(forbidden, said):
                wrong.setdefault(name, (parameters, where(found, found_there), said[:300]))
    assert not wrong, pformat(wrong, width=200)


def where(found: Planted, tokens: set[str]) -> list[str]:
    """Which field of which record a canary was planted in."""
    return sorted(
        f"{form}/{identity}/{name}"
        for (form, identity), values in found.canaries.items()
        for name, each in values.items()
        if tokens & set(each)
    )


def test_nobody_gets_nothing(found: Planted) -> None:
    """Without a person, every operation is refused except those that are for anyone, and these say nothing."""
    nobody = Actor(id=None)
    everything = {token for values in found.canaries.values() for each in values.values() for token in each}
    for name, operation in found.host.app.operations.items():
        if operation.access == "internal":
            continue
        for parameters in calls(found, operation, OUTSIDER):
            said = attempt(found, nobody, name, parameters)
            assert set() == leaks(everything, said), name
            if operation.access != "anyone":
                assert "ask.sign-in" in said, name


def test_nobody_says_where_they_come_from(found: Planted) -> None:
    """What everybody may ask and counts by network address has a door of its own, which says that address itself."""
    told = {
        name for name, each in found.host.app.operations.items()
        if each.access == "anyone" and "address" in each.params.model_fields
    }  # fmt: skip
    assert {"identity.sign_in", "forms.public_upload"} <= told
    assert set() == told - OWN_DOORS


def addresses(found: Planted, path: str, login: str) -> Iterator[str]:
    """An address of the table with everything its holes could stand for."""
    if "{form}" in path:
        for form, ghost in found.ghosts.items():
            for identity in (ghost, found.own[login, form]):
                yield path.replace("{form}", form).replace("{id:int}", str(identity))
    elif "{template}" in path:
        for template, plan in found.host.app.plans["printing"].templates.items():
            for identity in (found.ghosts[plan.form], found.own[login, plan.form]):
                yield path.replace("{template}", template).replace("{id:int}", str(identity))
    else:
        for identity in range(1, 40):
            yield path.replace("{id:int}", str(identity)).replace("{name}", "x")
            if "{id:int}" not in path:
                return


@pytest.mark.parametrize("login", [*ROLES, OUTSIDER])
def test_no_address_says_what_one_may_not_read(found: Planted, login: str) -> None:
    """Each address that reads, with every form and record put into it."""
    actor = found.host.actor(login)
    forbidden = found.forbidden(actor)
    door = Door(found.host, identity=lambda request: actor)
    wrong: dict[str, Any] = {}
    for method, path, _ in routes.TABLE:
        if method != "GET":
            continue
        for address in addresses(found, path, login):
            for query in ("", "search=cnry&count=true", "format=csv"):
                response = door.handle(Request("GET", address, query))
                said = told(response.body) + told(response.headers)
                found_there = leaks(forbidden, said)
                if found_there or response.status >= 500:
                    wrong.setdefault(
                        f"{path} {query}", (address, response.status, where(found, found_there), said[:300])
                    )
    assert not wrong, pformat(wrong, width=200)
