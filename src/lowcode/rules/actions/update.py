"""`update`: change other records: the one this links to, those of a relation of this one, or those of a form for which
a condition holds.

The values are expressions over the record of the rule; all of them get the same. What `lines` says is done to rows
in them: each gets what its own expressions come to (`rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.changes import Found, Met, RowChanges, RowsOptions, Which, compile_rows
from lowcode.kernel.changes.together import Refused, change, changed
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.show import plain as as_json
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.many import WhichOptions, compile_many
from lowcode.rules.batches.batch import begin, key_of
from lowcode.rules.told import plain


class UpdateOptions(WhichOptions):
    """Which records, and expressions by their fields."""

    values: dict[str, ExpressionText] = Field(default_factory=dict)
    lines: dict[str, RowsOptions] = Field(
        default_factory=dict,
        description="Rows of lines in the records, by their field; those in lines by the way to them, such as "
        "`deliveries.items`. Names belong to the row, `parent` is what it lies in, `this` the record of the rule.",
    )

    @model_validator(mode="after")
    def _something(self) -> UpdateOptions:
        if not {"values", "lines"} & self.model_fields_set:
            raise Unfit(
                "say what changes: 'values' of the records, 'lines' for rows in them, or both",
                "请说明修改什么：记录的字段 values、其中的明细行 lines，或两者",
            )
        return self


@dataclass(frozen=True, slots=True)
class Updates:
    """Records of a form, and the values they get."""

    action: UpdateAction
    found: Found
    values: Mapping[str, Any]
    rows: Mapping[int, Met]
    """The rows that change in each, as long as they are changed at once."""
    named: Mapping[str, Any]
    batch: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        told = {"update": self.action.which.form, "records": self.found.told(), "values": plain(self.values)}
        lines: dict[str, list[Any]] = {}
        for ways in self.rows.values():
            for way, rows in ways.items():
                lines.setdefault(way, []).extend({"id": identity, **plain(each)} for identity, each in rows.items())
        return {**told, **({"lines": lines} if lines else {}), **self.batch}

    def apply(self, firing: Firing) -> None:
        """Save them, in one go or in pieces."""
        if self.found.in_pieces:
            begin(firing, self.action, self.found, self.named, as_json(self.values))
        else:
            sent = self.action.rows.sent(firing, self.found.ids, self.values, self.rows)
            change(firing.context, self.action.target, sent)


@dataclass(frozen=True, slots=True)
class UpdateAction:
    """Which records, and expressions by their fields."""

    which: Which
    expressions: Mapping[str, Expression]
    rows: RowChanges
    kind: str = "update"

    @property
    def target(self) -> str:
        """The form whose records are changed."""
        return self.which.form

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read, and what finds the records."""
        return (*self.expressions.values(), *self.which.needs)

    def effect(self, firing: Firing) -> Effect:
        """Find the records, and the values."""
        found, named = self.which.found(firing), self.which.named(firing)
        rows = self.rows.met(firing, found.ids, named)
        return Updates(self, found, firing.values(self.expressions), rows, named, key_of(firing, found))

    def piece(
        self, firing: Firing, ids: Sequence[int], given: Mapping[str, Any], named: Mapping[str, Any]
    ) -> list[Refused]:
        """Save some of them."""
        return changed(
            firing.context, self.which.form, self.rows.sent(firing, ids, given, self.rows.met(firing, ids, named))
        )


class UpdateKind:
    """The kind `update`."""

    name = "update"
    options = UpdateOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: UpdateOptions, site: Site) -> Action | None:
        """The records' form must be known, the condition must be one of theirs, the values and the lines must fit."""
        which = compile_many(options, site)
        if which is None:
            return None
        values = site.values(options.values, which.form, "/values")
        rows = compile_rows(options.lines, which.form, site)
        if values is None or rows is None:
            return None
        named = tuple(sorted({*which.of_this, *rows.of_this}))
        return UpdateAction(replace(which, of_this=named), values, rows)


UPDATE = UpdateKind()
