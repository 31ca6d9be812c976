"""Guards: a rule that goes in circles, or fires more often than it may, is stopped; the third time it is paused.

What is stopped stands in the run log with the chain of causes; the administrators are told when a rule is paused, and
one of them resumes it when it is mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.identity import org
from lowcode.rules import diagnostics as words
from lowcode.rules import reasons
from lowcode.rules import tables as t

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.rules.plan import Rule

STOPS = 3
"""How often a rule is stopped within `WITHIN` before it is paused."""

WITHIN = timedelta(hours=1)
LATELY = timedelta(days=30)
"""How far back a page looks for what a rule did."""

PAUSED = sa.select(t.pause).where(t.pause.c.rule == sa.bindparam("rule"))
ALL_PAUSED = sa.select(t.pause).order_by(t.pause.c.rule)
RESUME = sa.delete(t.pause).where(t.pause.c.rule == sa.bindparam("of_rule"))
COUNT = sa.select(sa.func.count().label("count")).where(
    t.run.c.rule == sa.bindparam("rule"),
    t.run.c.outcome == sa.bindparam("outcome"),
    t.run.c.at > sa.bindparam("since", type_=t.run.c.at.type),
)


def _pause(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {name: sa.bindparam(name, type_=t.pause.c[name].type) for name in ("rule", "at", "by", "reason")}
    return insert(t.pause).values(values).on_conflict_do_nothing()


PAUSE = {dialect: _pause(dialect) for dialect in ("sqlite", "postgresql")}


def paused(context: Context, rule: Rule) -> Text | None:
    """Why a rule does not fire now; None when it does."""
    found = context.unit.one(PAUSED, rule=rule.name)
    return reasons.recalled(found["reason"]) if found is not None else None


def over_limit(context: Context, rule: Rule) -> Text | None:
    """What speaks against one more firing: the rule has fired as often as it may."""
    if rule.limit is None:
        return None
    fired = _count(context, rule, "done", rule.limit.per)
    if fired < rule.limit.most:
        return None
    return reasons.filled(reasons.OFTEN, fired=fired, within=rule.limit.per, most=rule.limit.most)


def stopped(context: Context, rule: Rule, reason: Text) -> None:
    """A rule was stopped; the third time within an hour it is paused, and the administrators are told."""
    if _count(context, rule, "stopped", WITHIN) >= STOPS and pause(context, rule, reason):
        key = f"paused:{rule.name}:{context.now().isoformat()}"
        tell_administrators(context, _filled(words.PAUSED, rule), key, reason)


def tell_administrators(context: Context, title: Mapping[str, str], key: str, text: Text = "") -> None:
    """Something is wrong with a rule that only they can mend; once per key."""
    people = [each.id for each in org.users_with_role(context, "administrator")]
    if people:
        context.as_app().ask("notifications.send", to=people, title=dict(title), text=text, key=key)


def pause(context: Context, rule: Rule, reason: Text) -> bool:
    """Keep a rule from firing; False when it was paused already."""
    unit = context.unit
    values = {"rule": rule.name, "at": context.now(), "by": context.actor.id, "reason": reasons.kept(reason)}
    return unit.run(PAUSE[unit.database.dialect_name], **values) > 0


def resume(context: Context, rule: Rule) -> bool:
    """Let a rule fire again; False when it was not paused."""
    return context.unit.run(RESUME, of_rule=rule.name) > 0


def _count(context: Context, rule: Rule, outcome: str, within: timedelta) -> int:
    found = context.unit.one(COUNT, rule=rule.name, outcome=outcome, since=context.now() - within)
    return int(found["count"]) if found else 0


def _filled(text: dict[str, str], rule: Rule) -> dict[str, str]:
    return {language: each.format(rule=rule.name) for language, each in text.items()}
