"""Records that a step changes beside the one its flow is about, in the transaction in which the flow goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import store
from lowcode.kernel.changes import together
from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import Expression, Moment

if TYPE_CHECKING:
    from lowcode.flows.operations.work import InstanceWork


@dataclass(frozen=True, slots=True)
class BesideRecord:
    """The record of a flow, as changes of others are worked out beside it; see `lowcode.kernel.changes.Beside`."""

    context: Context
    form: str
    record_id: int
    facts: Mapping[str, Any]
    moment: Moment
    variables: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False

    def values(self, expressions: Mapping[str, Expression]) -> dict[str, Any]:
        """The values of several expressions over the record, by name."""
        return {name: each.evaluate(self.facts, self.moment, **self.variables) for name, each in expressions.items()}


def _standing(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table.c.deleted_at).where(table.c.id == sa.bindparam("of_id", type_=sa.BigInteger))


class Changing:
    """See `lowcode.flows.nodes.kind.Changes`."""

    simulated = False

    def __init__(self, work: InstanceWork, *, locked: bool) -> None:
        self._work = work
        self._locked = locked

    def beside(self, needs: Iterable[Any]) -> BesideRecord:
        """The record of the flow as it is now, with what these read of it."""
        work = self._work
        wanted = list(needs)
        facts = work.facts(wanted) if wanted else {}
        return BesideRecord(
            work.context, work.record_type, work.record_id, facts, work.moment, work.variables, self.simulated
        )

    def change(self, form: str, sent: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Give records values: all of them. Raises Rejected."""
        self._opened(form, [identity for identity, _ in sent])
        if sent:
            together.change(self._work.context, form, sent)

    def create(self, form: str, sources: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
        """Make a record for each source: all of them. Raises Rejected."""
        if rows:
            together.create(self._work.context, form, sources, rows)

    def delete(self, form: str, ids: Sequence[int]) -> None:
        """Put records away: all of them. Raises Rejected, and Hindered: the record of the flow itself would be gone,
        meant or because it goes with another, and nobody could go on with the flow."""
        if not (form == self._work.record_type and self._work.record_id in ids):
            together.delete(self._work.context, form, ids)
            if self._stands():
                return
        raise Hindered(problem("flows.own-record"))

    def _stands(self) -> bool:
        """Whether the record of the flow is still there."""
        work, host = self._work, self._work.context.host
        asked = host.cached(("flows.stands", work.record_type), lambda: _standing(host.types[work.record_type].table))
        row = work.context.unit.one(asked, of_id=work.record_id)
        return row is not None and row["deleted_at"] is None

    def _opened(self, form: str, ids: Iterable[int]) -> None:
        """The flow is not kept out by the lock it holds itself, where its own record is among those that are meant."""
        if form == self._work.record_type and self._work.record_id in ids:
            self.unlock()

    def unlock(self) -> None:
        """Let the record be changed that the flow keeps closed."""
        if self._locked:
            self._work.context.unit.run(store.UNLOCK, instance_id=self._work.instance_id)
            self._locked = False
