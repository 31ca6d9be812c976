"""Which records an action is about: the one this record links to, those of a relation of it, or those of a form for
which a condition holds.

In `where`, names belong to the records looked at; `this` is the record the rule fires for, `this.stage` a field of it.
As many as one transaction holds are done in the firing; more are worked through in pieces after it (`batches`), and
more than the action may mean are not touched at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression, Type, nodes
from lowcode.kernel.records.facts import Needs
from lowcode.rules.actions.kind import Firing, Site, TooMany
from lowcode.rules.selecting import Below, count_records, select_records

AT_ONCE = 1000
"""Records that are done in the transaction of the firing; of more, so many are done in each piece."""

MOST = 10_000
"""Records an action may mean that says nothing else: a condition that is true of everything is a slip, not a wish."""

Most = Annotated[
    int,
    Field(
        ge=1,
        le=10_000_000,
        description="More records than these are taken for a slip: nothing is done, and the rule is stopped and says "
        "how many they are. More than 1000 are worked through in pieces after the firing.",
    ),
]

Options = TypeVar("Options", bound="WhichOptions")


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
    most: Most = MOST

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
    """How many the action may mean, when these are more: only a simulation sees that."""

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
    """The fields of the record of the rule that the condition (or what is done) names."""
    most: int = MOST

    @property
    def needs(self) -> tuple[Any, ...]:
        """What is read of the record of the rule."""
        own = frozenset(self.of_this) | (frozenset({self.link}) if self.link is not None else frozenset())
        return (Needs(own, frozenset()),)

    def named(self, firing: Firing) -> dict[str, Any]:
        """What the condition may name of the record of the rule."""
        return {"this": firing.record_id, **{f"this.{name}": firing.facts.get(name) for name in self.of_this}}

    def found(self, firing: Firing) -> Found:
        """The records meant. Raises TooMany when they are more than the action may mean."""
        if self.link is not None:
            ids = self._of_link(firing)
            return Found(ids, len(ids))
        named = self.named(firing)
        ids = self.page(firing, named, limit=AT_ONCE + 1)
        if len(ids) <= AT_ONCE:
            total, last = len(ids), ids[-1] if ids else 0
        else:
            total, last = count_records(firing.context, self._key(firing), self.form, **self._asked(firing, named))
        if total > self.most and not firing.simulated:
            raise TooMany(self.form, total, self.most)
        beyond = self.most if total > self.most else None
        return Found(ids if len(ids) <= AT_ONCE else (), total, last, beyond)

    def page(
        self, firing: Firing, named: Mapping[str, Any], *, after: int = 0, last: int | None = None, limit: int = AT_ONCE
    ) -> tuple[int, ...]:
        """The next of them in the order of their ids."""
        found = select_records(
            firing.context, self._key(firing), self.form, page=limit, after=after, **self._asked(firing, named)
        )
        ids = (row["id"] for row in islice(found, limit))
        return tuple(each for each in ids if last is None or each <= last)

    def _key(self, firing: Firing) -> tuple[Any, ...]:
        return ("which", firing.rule.form, self.form, self.relation, self.where.text if self.where else None)

    def _asked(self, firing: Firing, named: Mapping[str, Any]) -> dict[str, Any]:
        below = Below(firing.rule.form or "", self.relation, firing.record_id or 0) if self.relation else None
        return {"when": self.where, "variables": named, "moment": firing.moment, "below": below}

    def _of_link(self, firing: Firing) -> tuple[int, ...]:
        linked = firing.facts.get(self.link or "")
        if linked is None or self.where is None:
            return () if linked is None else (int(linked),)
        facts, named = firing.context.facts(self.form, [int(linked)], [self.where]), self.named(firing)
        return tuple(each for each in facts if self.where.test(facts[each], firing.moment, **named))


def compile_which(options: WhichOptions, site: Site) -> Which | None:
    """Which records are meant; None when that cannot be understood, which is in the report then."""
    form = _form(options, site)
    if form is None:
        return None
    if options.where is None:
        return Which(form, None, options.relation, options.link, (), options.most)
    where = site.expression(options.where, "/where", form=form, more=this_record(site), expect=Type("boolean"))
    if where is None:
        return None
    return Which(form, where, options.relation, options.link, fields_of_this(where), options.most)


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
    """The form a link of the record of the rule leads to; what is none is a finding."""
    record_type = site.scope.records.get(site.form or "")
    if record_type is None:
        site.refuse("needs-form", "/link")
        return None
    links = {name: each.target for name, each in record_type.fields.items() if each.options_type == "link"}
    if link not in links:
        site.refuse("not-a-link", "/link", seen=link, form=site.form, known=list(links))
    return links.get(link)
