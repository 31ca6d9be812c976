"""`decide`: ask a decision table for all records of its form, or those that meet a condition, and write its answers.

It is about a set: a rule by schedule grades every customer anew by night, a button does it when the table has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name, Part
from lowcode.kernel.expressions import NotPushable, Type
from lowcode.kernel.expressions.types import same_family
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.decisions.statement import NotOneStatement
from lowcode.rules.decisions.table import OUTPUT_TYPES, DecisionTable
from lowcode.rules.decisions.writing import Wish, count_changes, follows, write_at_once
from lowcode.rules.diagnostics import A_LIST


class DecideOptions(Part):
    """The table, which of its form's records are meant (all, without `where`), and the outputs by the fields they are
    written into."""

    table: Name
    where: ExpressionText | None = None
    into: dict[str, str] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Answers of a table to be written; `records` is how many would change, where one statement can tell."""

    wish: Wish
    records: int | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        said: dict[str, Any] = {"decide": self.wish.table.name, "into": dict(self.wish.into)}
        return said if self.records is None else {**said, "records": self.records}

    def apply(self, firing: Firing) -> None:
        """At once where nothing follows, and else page by page after this transaction."""
        context, wish = firing.context.as_app(), self.wish
        if self.records == 0:
            return
        if follows(context.app, wish.form, wish.into) is None:
            try:
                write_at_once(context, wish)
                return
            except (NotOneStatement, NotPushable):
                pass
        context.later(
            "rules.apply_page", table=wish.table.name, into=dict(wish.into),
            where=wish.where.text if wish.where is not None else None,
            key=f"decide:{firing.variables.get('@key')}:0",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecideAction:
    """A table and where its answers go."""

    wish: Wish
    kind: str = "decide"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Effect:
        """Count what would change."""
        return Decisions(self.wish, count_changes(firing.context.as_app(), self.wish))


class DecideKind:
    """The kind `decide`."""

    name = "decide"
    options = DecideOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: DecideOptions, site: Site) -> Action | None:
        """The table must be about a form, the outputs and fields be known, and the answers fit the fields."""
        if not site.knows("table", options.table, "/table"):
            return None
        table = site.tables.get(options.table)
        if table is None:
            return None
        if table.form is None:
            site.refuse("table-without-form", "/table", seen=table.name)
            return None
        where = None
        if options.where is not None:
            where = site.expression(options.where, "/where", form=table.form, expect=Type("boolean"))
            if where is None:
                return None
        fits = [_fits(site, table, name, output) for name, output in options.into.items()]
        return DecideAction(Wish(table, dict(options.into), where)) if all(fits) else None


def _fits(site: Site, table: DecisionTable, name: str, output: str) -> bool:
    """Whether an output can be written into a field."""
    outputs = {each.name: each for each in table.outputs}
    below = f"/into/{name}"
    if output not in outputs:
        site.refuse("unknown-output", below, seen=output, table=table.name, known=list(outputs))
        return False
    shape = site.field(table.form, name, below)
    if shape is None:
        return False
    kind = OUTPUT_TYPES[outputs[output].type] or Type("user", record="user")
    lists = table.hit in ("RULE ORDER", "OUTPUT ORDER") or (table.hit == "COLLECT" and table.aggregate == "LIST")
    if lists or not same_family(shape.type, kind):
        said = A_LIST if lists else kind.text
        site.refuse("answer-does-not-fit", below, seen=output, kind=said, field=name, type=shape.type.text)
        return False
    known = shape.type.options
    answers = [each.answers.get(output) for each in table.rows] + [table.otherwise.get(output)]
    for answer in answers:
        if known is not None and isinstance(answer, str) and answer not in known:
            site.refuse("answer-is-no-option", below, seen=answer, field=name, known=list(known))
            return False
    return True


DECIDE = DecideKind()
