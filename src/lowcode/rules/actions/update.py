"""`update`: change other records: the one this links to, those of a relation of this one, or those of a form for which
a condition holds.

In `where`, names belong to the records looked at; `this` is the record the rule fires for, `this.stage` a field of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, TypeVar

from pydantic import model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.expressions import Expression, Type, nodes
from lowcode.kernel.records.facts import Needs
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain
from lowcode.rules.selecting import select_records

LIMIT = 1000
"""Records one firing changes at most: a condition that is true of everything is a slip, not a wish."""


Which = TypeVar("Which", bound="WhichOptions")


def one_way(options: Which) -> Which:
    """The options, when they say in one way which records are meant. Raises ValueError."""
    if [options.link, options.relation, options.form].count(None) != 2:
        raise ValueError("name one of a 'link' of this record, a 'relation' of it, or a 'form'")
    if options.form is not None and options.where is None:
        raise ValueError("'form' needs 'where': which of its records are meant")
    return options


class WhichOptions(Part):
    """Which records: the one a link points at, those of a relation, or those of a form for which a condition holds."""

    link: str | None = None
    relation: str | None = None
    form: str | None = None
    where: ExpressionText | None = None

    @model_validator(mode="after")
    def _one(self) -> WhichOptions:
        return one_way(self)


class UpdateOptions(WhichOptions):
    """Which records, and expressions by their fields."""

    values: dict[str, ExpressionText]


@dataclass(frozen=True, slots=True)
class Updates:
    """Records of a form, and the values they get."""

    form: str
    ids: tuple[int, ...]
    values: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"update": self.form, "records": list(self.ids), "values": plain(self.values)}

    def apply(self, firing: Firing) -> None:
        """Save each of them."""
        for identity in self.ids:
            firing.context.ask("records.update", type=self.form, id=identity, values=dict(self.values))


@dataclass(frozen=True, slots=True)
class UpdateAction:
    """Records and expressions by their fields."""

    form: str
    relation: str | None
    where: Expression | None
    expressions: Mapping[str, Expression]
    link: str | None = None
    of_this: tuple[str, ...] = ()
    """The fields of the record of the rule that the condition names."""
    kind: str = "update"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read, and the rows of the relation."""
        read = (*self.expressions.values(), Needs(frozenset(self.of_this), frozenset()))
        if self.link is not None:
            return (*read, Needs(frozenset({self.link}), frozenset()))
        if self.relation is None:
            return read
        below = frozenset({"id"}) | (self.where.paths if self.where is not None else frozenset())
        return (*read, Needs(frozenset(), frozenset({(self.relation, below)})))

    def named(self, firing: Firing) -> dict[str, Any]:
        """What the condition may name of the record of the rule."""
        return {"this": firing.record_id, **{f"this.{name}": firing.facts.get(name) for name in self.of_this}}

    def effect(self, firing: Firing) -> Effect:
        """Find the records, and the values."""
        return Updates(self.form, self.found(firing), firing.values(self.expressions))

    def found(self, firing: Firing) -> tuple[int, ...]:
        """The ids of the records meant, up to the limit."""
        if self.link is not None:
            ids = self._of_link(firing)
        else:
            ids = self._of_relation(firing) if self.relation is not None else self._of_form(firing)
        return tuple(ids[:LIMIT])

    def _of_link(self, firing: Firing) -> list[int]:
        linked = firing.facts.get(self.link or "")
        if linked is None or self.where is None:
            return [] if linked is None else [int(linked)]
        facts, named = firing.context.facts(self.form, [int(linked)], [self.where]), self.named(firing)
        return [each for each in facts if self.where.test(facts[each], firing.moment, **named)]

    def _of_relation(self, firing: Firing) -> list[int]:
        rows = firing.facts.get(self.relation or "") or []
        named = self.named(firing)
        return [row["id"] for row in rows if self.where is None or self.where.test(row, firing.moment, **named)]

    def _of_form(self, firing: Firing) -> list[int]:
        where = self.where
        assert where is not None
        key = ("update", firing.rule.name, self.form, where.text)
        found = select_records(firing.context, key, self.form, when=where, variables=self.named(firing))
        return [row["id"] for row in islice(found, LIMIT)]


class UpdateKind:
    """The kind `update`."""

    name = "update"
    options = UpdateOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: UpdateOptions, site: Site) -> Action | None:
        """The records' form must be known, the condition must be one of theirs, the values must fit."""
        which = compile_which(options, site)
        if which is None:
            return None
        values = site.values(options.values, which.form, "/values")
        return replace(which, expressions=values) if values is not None else None


def compile_which(options: WhichOptions, site: Site) -> UpdateAction | None:
    """Which records are meant; without values."""
    form = _form(options, site)
    if form is None:
        return None
    if options.where is None:
        return UpdateAction(form, options.relation, None, {}, options.link)
    where = site.expression(options.where, "/where", form=form, more=this_record(site), expect=Type("boolean"))
    if where is None:
        return None
    return UpdateAction(form, options.relation, where, {}, options.link, fields_of_this(where))


def this_record(site: Site) -> dict[str, Type]:
    """What an expression over other records may name of the record of the rule: `this`, and `this.<field>`."""
    if site.form is None:
        return {}
    fields = site.scope.shapes.records[site.form].fields.items()
    own = {f"this.{name}": shape.type for name, shape in fields if shape.type.kind != "rows"}
    return {"this": Type("record", record=site.form), **own}


def fields_of_this(*expressions: Expression) -> tuple[str, ...]:
    """The fields of the record of the rule that expressions name."""
    named = {node.name for each in expressions for node in nodes.walk(each.tree) if isinstance(node, nodes.Variable)}
    return tuple(sorted(name.removeprefix("this.") for name in named if name.startswith("this.")))


def _form(options: WhichOptions, site: Site) -> str | None:
    if options.form is not None:
        return options.form if site.knows("form", options.form, "/form") else None
    record_type = site.scope.records.get(site.form or "")
    if record_type is None:
        site.refuse("needs-form", "/link" if options.link is not None else "/relation")
        return None
    if options.link is not None:
        links = {name: each.target for name, each in record_type.fields.items() if each.options_type == "link"}
        if options.link not in links:
            site.refuse("not-a-link", "/link", seen=options.link, form=site.form, known=list(links))
        return links.get(options.link)
    relation = record_type.relations.get(options.relation or "")
    if relation is None:
        site.refuse(
            "unknown-relation",
            "/relation",
            seen=options.relation,
            form=site.form,
            known=list(record_type.relations),
        )
        return None
    return relation.record_type


UPDATE = UpdateKind()
