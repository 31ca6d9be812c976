"""What the policies of a step have to know of the people it finds: who is there, who stands in for whom, who agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lowcode.flows.nodes.asking.roster import People
from lowcode.flows.operations.agreeing import agreed_to_this
from lowcode.kernel.contract import Context
from lowcode.kernel.identity import ADMINISTRATOR
from lowcode.kernel.identity.directory import Directory

if TYPE_CHECKING:
    from lowcode.flows.plan import FlowPlan
    from lowcode.flows.run import State, Token


def known_people(
    context: Context,
    directory: Directory,
    plan: FlowPlan,
    row: Mapping[str, Any],
    state: State,
    token: Token | None,
    found: Iterable[int],
    deduplicated: bool,
) -> People:
    """Of these people, the starter of an instance and the administrators; with `deduplicated` who agreed to the record
    as it is now."""
    starter: int | None = row["starter"]
    administrators = tuple(user.id for user in directory.with_role(ADMINISTRATOR))
    managers = directory.managers
    agents: dict[int, int] = {}
    away: set[int] = set()
    here: set[int] = set()
    if directory.knows_absences:
        concerned = {*found, *administrators, *((starter,) if starter is not None else ())}
        concerned.update(managers[person] for person in tuple(concerned) if person in managers)
        now: datetime = context.now()
        for person in concerned:
            absence = directory.absence_of(person, now, f"flow:{plan.name}")
            if absence is not None:
                away.add(person)
                here.update({person} if absence.only else ())
                if absence.agent is not None:
                    agents[person] = absence.agent
    user = directory.users.get(starter) if starter is not None else None
    department = directory.departments.get(user.department) if user is not None and user.department else None
    agreed, just_before = state.agreed, token.agreed if token else frozenset()
    if deduplicated and agreed | just_before:
        agreed = agreed_to_this(context, row, agreed | just_before)
    return People(
        starter=starter,
        active=directory.active,
        agents=agents,
        away=frozenset(away),
        away_here=frozenset(here),
        managers=managers,
        starter_head=department.head if department is not None else None,
        administrators=administrators,
        agreed=agreed,
        agreed_just_before=just_before & agreed,
    )
