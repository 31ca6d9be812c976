"""Which records are meant beside one: the one this record links to, those of a relation of it, or those of a form for
which a condition holds.

In `where`, names belong to the records looked at; `this` is the record they are looked for beside, `this.stage` a field
of it. As many as one transaction holds are named one by one; of more it is known how many they are, so that they can be
done in pieces, and more than an author means are not touched at all.

They are found in whose name they are changed: what acts for a person means only records which that person may read, and
a linked record that they may not read is refused. What is worked out over them reads everything, as all that an author
computes does (decision 0026).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from pydantic import model_validator

from lowcode.kernel.changes.site import Beside, Site
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression, Type, nodes
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.selecting import Below, count_records, select_records

AT_ONCE = 1000
"""Records that are done in one transaction; of more, so many are done in each piece."""

Options = TypeVar("Options", bound="WhichOptions")


class TooMany(Exception):
    """More records are meant than may be: nothing is done to any of them."""

    def __init__(self, form: str, count: int, most: int) -> None:
        self.form, self.count, self.most = form, count, most
        super().__init__(f"{count} records of '{form}', and may {most}")


def one_way(options: Options) -> Options:
    """The options, when they say in one way which records are meant. Raises ValueError."""
    if [options.link, options.relation, options.form].count(None) != 2:
        raise Unfit(
            "name one of a 'link' of this record, a 'relation' of it, or a 'form'",
            "请只写一项：此记录的关联字段 link、关联列表 relation，或表单 form",
        )
    if options.form is not None and options.where is None:
        raise Unfit("'form' needs 'where': which of its records are meant", "使用 form 时须用 where 说明是哪些记录")
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


@dataclass(frozen=True, slots=True)
class Found:
    """The records that are meant: all of them, or `total` and the last one where they are done in pieces."""

    ids: tuple[int, ...]
    total: int
    last: int = 0
    beyond: int | None = None
    """How many may be meant, when these are more: only a simulation sees that."""

    @property
    def in_pieces(self) -> bool:
        """Whether they are too many for one transaction."""
        return self.total > len(self.ids)

    def told(self) -> list[int] | int:
        """Them, or how many they are."""
        return self.total if self.in_pieces or self.beyond is not None else list(self.ids)


@dataclass(frozen=True, slots=True)
class Which:
    """Which records of a form."""

    form: str
    where: Expression | None = None
    relation: str | None = None
    link: str | None = None
    of_this: tuple[str, ...] = ()
    """The fields of the record it stands beside that the condition (or what is done) names."""
    most: int = AT_ONCE

    @property
    def needs(self) -> tuple[Any, ...]:
        """What is read of the record it stands beside."""
        own = frozenset(self.of_this) | (frozenset({self.link}) if self.link is not None else frozenset())
        return (Needs(own, frozenset()),)

    def named(self, beside: Beside) -> dict[str, Any]:
        """What the condition may name of the record it stands beside."""
        return named_of_this(beside, self.of_this)

    def found(self, beside: Beside) -> Found:
        """The records meant. Raises TooMany when they are more than may be meant, and Rejected when whoever it is done
        for may read none of the form, or not the one that is linked."""
        if self.link is not None:
            ids = self._of_link(beside)
            return Found(ids, len(ids))
        named = self.named(beside)
        ids = self.page(beside, named, limit=AT_ONCE + 1)
        if len(ids) <= AT_ONCE:
            total, last = len(ids), ids[-1] if ids else 0
        else:
            total, last = count_records(beside.context, self._key(beside), self.form, **self._asked(beside, named))
        if total > self.most and not beside.simulated:
            raise TooMany(self.form, total, self.most)
        beyond = self.most if total > self.most else None
        return Found(ids if len(ids) <= AT_ONCE else (), total, last, beyond)

    def page(
        self, beside: Beside, named: Mapping[str, Any], *, after: int = 0, last: int | None = None, limit: int = AT_ONCE
    ) -> tuple[int, ...]:
        """The next of them in the order of their ids."""
        found = select_records(
            beside.context, self._key(beside), self.form, page=limit, after=after, **self._asked(beside, named)
        )
        ids = (row["id"] for row in islice(found, limit))
        return tuple(each for each in ids if last is None or each <= last)

    def _key(self, beside: Beside) -> tuple[Any, ...]:
        return ("which", beside.form, self.form, self.relation, self.where.text if self.where else None)

    def _asked(self, beside: Beside, named: Mapping[str, Any]) -> dict[str, Any]:
        below = Below(beside.form or "", self.relation, beside.record_id or 0) if self.relation else None
        return {"when": self.where, "variables": named, "moment": beside.moment, "below": below, "readable": True}

    def _of_link(self, beside: Beside) -> tuple[int, ...]:
        linked = beside.facts.get(self.link or "")
        if linked is None:
            return ()
        if not beside.context.actor.is_app:
            beside.context.ask("records.get", type=self.form, id=int(linked), fields=("id",))
        if self.where is None:
            return (int(linked),)
        facts, named = beside.context.facts(self.form, [int(linked)], [self.where]), self.named(beside)
        return tuple(each for each in facts if self.where.test(facts[each], beside.moment, **named))


def compile_which(options: WhichOptions, site: Site, most: int) -> Which | None:
    """Which records are meant, `most` of them; None when that cannot be understood, which is in the report then."""
    form = _form(options, site)
    if form is None:
        return None
    if options.where is None:
        return Which(form, None, options.relation, options.link, (), most)
    where = site.expression(options.where, "/where", form=form, more=this_record(site), expect=Type("boolean"))
    if where is None:
        return None
    return Which(form, where, options.relation, options.link, fields_of_this(where), most)


def this_record(site: Site) -> dict[str, Type]:
    """What an expression over other records may name of the record it stands beside: `this`, and `this.<field>`."""
    if site.form is None:
        return {}
    fields = site.scope.shapes.records[site.form].fields.items()
    own = {f"this.{name}": shape.type for name, shape in fields if shape.type.kind != "rows"}
    return {"this": Type("record", record=site.form), **own}


def named_of_this(beside: Beside, fields: Iterable[str]) -> dict[str, Any]:
    """The record that expressions over other records stand beside, and fields of it, by the names they have there."""
    return {"this": beside.record_id, **{f"this.{name}": beside.facts.get(name) for name in fields}}


def needs_of_this(fields: Iterable[str]) -> Needs:
    """What is read of that record for it."""
    return Needs(frozenset(fields), frozenset())


def fields_of_this(*expressions: Expression) -> tuple[str, ...]:
    """The fields of the record it stands beside that expressions name."""
    named = {node.name for each in expressions for node in nodes.walk(each.tree) if isinstance(node, nodes.Variable)}
    return tuple(sorted(name.removeprefix("this.") for name in named if name.startswith("this.")))


def _form(options: WhichOptions, site: Site) -> str | None:
    if options.form is not None:
        return options.form if site.knows("form", options.form, "/form") else None
    if options.link is not None:
        return linked_form(options.link, site)
    record_type = site.scope.records.get(site.form or "")
    if record_type is None:
        site.refuse("needs-form", "/relation")
        return None
    relation = record_type.relations.get(options.relation or "")
    if relation is None:
        known = list(record_type.relations)
        site.refuse("unknown-relation", "/relation", seen=options.relation, form=site.form, known=known)
        return None
    return relation.record_type


def linked_form(link: str, site: Site) -> str | None:
    """The form a link of the record it stands beside leads to; what is none is a finding."""
    record_type = site.scope.records.get(site.form or "")
    if record_type is None:
        site.refuse("needs-form", "/link")
        return None
    links = {name: each.target for name, each in record_type.fields.items() if each.options_type == "link"}
    if link not in links:
        site.refuse("not-a-link", "/link", seen=link, form=site.form, known=list(links))
    return links.get(link)
