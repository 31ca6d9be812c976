"""`link` and `unlink`: add records to a field of several links of this record, or give them this record as the one they
belong to; and take them out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import model_validator

from lowcode.kernel.changes import Found, Which
from lowcode.kernel.changes.together import Refused, change, changed
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name, Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.linked import name_in
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.many import MOST, Most, WhichOptions, compile_many
from lowcode.rules.batches.batch import begin, key_of


class LinkOptions(Part):
    """A field of several links, or a relation of the form; and which records: one by an expression, or those for which
    a condition holds (`this` is the record of the rule). Without either, `unlink` takes all out."""

    field: Name | None = None
    relation: Name | None = None
    record: ExpressionText | None = None
    where: ExpressionText | None = None
    most: Most = MOST

    @model_validator(mode="after")
    def _one(self) -> LinkOptions:
        if (self.field is None) == (self.relation is None):
            raise Unfit(
                "name either a 'field' of several links or a 'relation'",
                "请填写多选关联字段 field 或关联列表 relation 之一",
            )
        if self.record is not None and self.where is not None:
            raise Unfit(
                "records are named by 'record' or by 'where', not both", "记录由 record 或 where 指定，不能同时使用"
            )
        return self


@dataclass(frozen=True, slots=True)
class Links:
    """Records to be linked to a record, or no longer; of a relation, in pieces when they are many."""

    action: LinkAction
    found: Found | None
    given: Mapping[str, Any]
    named: Mapping[str, Any]
    batch: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        records = "all" if self.found is None else self.found.told()
        return {self.action.kind: self.action.field or self.action.target, "records": records, **self.batch}

    def apply(self, firing: Firing) -> None:
        """Save what changes, and nothing else."""
        if self.action.field is not None:
            self._apply_field(firing, self.action.field)
        elif self.found is not None and self.found.in_pieces:
            begin(firing, self.action, self.found, self.named, self.given)
        elif self.found is not None and self.found.ids:
            change(firing.context, self.action.target, [(each, self.given) for each in self.found.ids])

    def _apply_field(self, firing: Firing, field: str) -> None:
        """A list of one record is saved as a whole, however long it is."""
        form, record = firing.rule.form, firing.record_id
        before = list(firing.context.ask("records.get", type=form, id=record, fields=(field,)).get(field) or ())
        wanted = None if self.found is None else self.found.ids
        if self.found is not None and self.found.in_pieces:
            wanted = self.action.which.page(firing, self.named, limit=self.found.total)
        if self.action.kind == "link":
            after = list(dict.fromkeys([*before, *(wanted or ())]))
        else:
            gone = set(wanted or ())
            after = [] if wanted is None else [each for each in before if each not in gone]
        if after != before:
            firing.context.ask("records.update", type=form, id=record, values={field: after})


@dataclass(frozen=True, slots=True)
class LinkAction:
    """Which records, and where they are linked."""

    kind: str
    field: str | None
    target: str
    by: str | None
    record: Expression | None
    which: Which
    chosen: bool = True
    """Whether it is said which records are meant; otherwise it is all that are linked."""

    @property
    def needs(self) -> tuple[Any, ...]:
        """What finds the records."""
        return ((self.record,) if self.record is not None else ()) + self.which.needs

    def effect(self, firing: Firing) -> Effect:
        """Find the records."""
        found = None
        if self.record is not None:
            value = firing.value(self.record)
            found = Found((), 0) if value is None else Found((int(value),), 1)
        elif self.chosen:
            found = self.which.found(firing)
        whole = found is None or self.field is not None
        batch = {} if found is None or whole else key_of(firing, found)
        return Links(self, found, self._given(firing), self.which.named(firing), batch)

    def _given(self, firing: Firing) -> dict[str, Any]:
        """What the records of a relation get: this one as the one they belong to, or none."""
        if self.by is None:
            return {}
        owner: int | str | None = None
        if self.kind == "link" and firing.record_id is not None:
            field = firing.context.app.types[self.target].fields[self.by]
            owner = name_in(field, firing.rule.form or "", firing.record_id)
        return {self.by: owner}

    def piece(
        self, firing: Firing, ids: Sequence[int], given: Mapping[str, Any], named: Mapping[str, Any]
    ) -> list[Refused]:
        """Link some of them."""
        return changed(firing.context, self.target, [(each, given) for each in ids])


class LinkKind:
    """The kind `link`, or `unlink`."""

    options = LinkOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def __init__(self, name: str) -> None:
        self.name = name

    def compile(self, options: LinkOptions, site: Site) -> Action | None:
        """The field must hold several links or the relation be one of the form; the records must be of its form."""
        record_type = site.scope.records.get(site.form or "")
        if record_type is None:
            site.refuse("needs-form", "")
            return None
        if options.record is None and options.where is None and self.name == "link":
            site.refuse("links-nothing", "")
            return None
        if options.field is not None:
            links = {name: each.target for name, each in record_type.fields.items() if each.several}
            target, by = links.get(options.field), None
            if target is None:
                site.refuse("no-links", "/field", seen=options.field, form=site.form, known=list(links))
                return None
        else:
            relation = record_type.relations.get(options.relation or "")
            if relation is None:
                known = list(record_type.relations)
                site.refuse("unknown-relation", "/relation", seen=options.relation, form=site.form, known=known)
                return None
            target, by = relation.record_type, relation.by
        return self._compiled(options, site, target, by)

    def _compiled(self, options: LinkOptions, site: Site, form: str, by: str | None) -> Action | None:
        action = LinkAction(self.name, options.field, form, by, None, Which(form), chosen=False)
        if options.record is not None:
            record = site.expression(options.record, "/record", expect=Type("record", record=form))
            return replace(action, record=record) if record is not None else None
        own = self.name == "unlink" and options.relation is not None
        if options.where is None and not own:
            return action
        meant = {"where": options.where, "most": options.most}
        meant |= {"relation": options.relation} if own else {"form": form}
        which = compile_many(WhichOptions(**meant), site)
        return replace(action, which=which, chosen=True) if which is not None else None


LINK, UNLINK = LinkKind("link"), LinkKind("unlink")
