"""Any other database that a copy is kept in: what the standard says of all of them, and nothing else.

Filters, sums and counts of numbers, texts, choices, days and links; of time, what can be compared. What else is asked
the database itself answers (see `reports.mirror`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import bindparam, case, func, literal

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.rewrite import rewrite
from lowcode.kernel.expressions.sql.duckdb import DuckdbLowering
from lowcode.kernel.expressions.sql.storage_types import storage_type
from lowcode.kernel.expressions.sql.truth import Element
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import Type

ORDERED_APART = frozenset({"text", "choice"})


class PortableLowering(DuckdbLowering):
    """Lowers what every database answers alike."""

    dialect = "portable"

    def zone(self) -> Element:
        raise NotPushable(say("no-zones"))

    def inside(self, element: Element, options: n.Node) -> Element:
        if not isinstance(options, n.Now) or options.name == "roles":
            raise NotPushable(say("mirror-sets"))
        people = bindparam(f"moment_{options.name}", type_=storage_type(Type("record"), "portable"), expanding=True)
        return element.in_(people)

    def sides(self, node: n.Compare) -> tuple[Element, Element] | None:
        """Which of two texts comes first depends on the database."""
        if node.op not in ("=", "<>") and node.left.type.kind in ORDERED_APART:
            raise NotPushable(say("own-order"))
        return super().sides(node)

    def ordered(self, element: Element, kind: Type) -> Element:
        if kind.kind in ORDERED_APART:
            raise NotPushable(say("own-order"))
        return super().ordered(element, kind)

    def call(self, node: n.Call) -> Element:
        if node.function != "ABS":
            raise NotPushable(say("not-asked", function=node.function))
        return super().call(node)

    def measure(self, node: n.Aggregate) -> Element:
        """A measure under a condition takes the values of the rows that meet it; not every database has `FILTER`."""
        if node.condition is None:
            return super().measure(node)
        if node.function not in REDUCED:
            raise NotPushable(say("not-asked-under-condition", function=node.function))
        value = literal(1) if node.value is None else self.value(node.value)
        if node.value is not None and node.function in ("MIN", "MAX"):
            value = self.ordered(value, node.value.type)
        met = case((self.condition(rewrite(node.condition), True), value))
        return self.finished(node, REDUCED[node.function](met))


REDUCED: Mapping[str, Callable[[Element], Element]] = {
    "SUM": func.sum, "COUNT": func.count, "MIN": func.min, "MAX": func.max,
    "COUNTUNIQUE": lambda element: func.count(element.distinct()),
}  # fmt: skip
