"""When a public form is open: from its first moment to its last, and until it has as many submissions as it takes."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from lowcode.forms.public.definition import closing
from lowcode.forms.public.plan import Public
from lowcode.forms.public.words import problem
from lowcode.forms.tables import submission
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, Rejected, localized

TAKEN = ("received", "kept", "filled", "linked", "waiting")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything was sent."""
_FIRST = (
    sa.select(submission.c.id)
    .where(
        submission.c.form == sa.bindparam("of_form"),
        submission.c.public == sa.bindparam("of_public"),
        submission.c.at >= sa.bindparam("since"),
        submission.c.state.in_(TAKEN),
    )
    .limit(sa.bindparam("most", type_=sa.Integer))
    .subquery()
)
COUNT = sa.select(sa.func.count().label("count")).select_from(_FIRST)
"""How many were taken in since then; whoever asks whether it is full need not know of more than fill it."""


def why_closed(context: Context, face: Public) -> Problem | None:
    """Why nothing is taken in now; None when it is open. What the form itself says of it comes first."""
    found = _reason(context, face)
    if found is None or not localized(face.definition.closed):
        return found
    return Problem(found.code, face.definition.closed)


def ensure_open(context: Context, face: Public) -> None:
    """Raise Rejected when nothing is taken in now."""
    found = why_closed(context, face)
    if found is not None:
        raise Rejected(found)


def _reason(context: Context, face: Public) -> Problem | None:
    definition = face.definition
    now = context.now().astimezone(context.app.zone).replace(tzinfo=None)
    if definition.opens is not None and now < datetime.fromisoformat(definition.opens):
        return problem("not-open-yet", at=definition.opens.replace("T", " "))
    if definition.closes is not None and now >= closing(definition.closes):
        return problem("no-longer-open")
    if definition.most is not None:
        taken = {"of_form": face.form, "of_public": definition.name, "since": _since(context, definition.opens)}
        row = context.unit.one(COUNT, **taken, most=definition.most)
        if row is not None and row["count"] >= definition.most:
            return problem("public-full")
    return None


def _since(context: Context, opens: str | None) -> datetime:
    """From when on submissions count: what was sent when it was open before is none of this time's."""
    if opens is None or (start := datetime.fromisoformat(opens)).year <= BEGINNING.year:
        return BEGINNING
    return start.replace(tzinfo=context.app.zone).astimezone(UTC)
