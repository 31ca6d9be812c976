"""`link` and `unlink`: add records to a field of several links of this record, or give them this record as the one they
belong to; and take them out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name, Part
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.linked import name_in
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.update import UpdateAction, WhichOptions, compile_which


class LinkOptions(Part):
    """A field of several links, or a relation of the form; and which records: one by an expression, or those for which
    a condition holds (`this` is the record of the rule). Without either, `unlink` takes all out."""

    field: Name | None = None
    relation: Name | None = None
    record: ExpressionText | None = None
    where: ExpressionText | None = None

    @model_validator(mode="after")
    def _one(self) -> LinkOptions:
        if (self.field is None) == (self.relation is None):
            raise ValueError("name either a 'field' of several links or a 'relation'")
        if self.record is not None and self.where is not None:
            raise ValueError("records are named by 'record' or by 'where', not both")
        return self


@dataclass(frozen=True, slots=True)
class Links:
    """Records to be linked to a record, or no longer."""

    word: str
    field: str | None
    form: str
    by: str | None
    ids: tuple[int, ...] | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {self.word: self.field or self.form, "records": "all" if self.ids is None else list(self.ids)}

    def apply(self, firing: Firing) -> None:
        """Save what changes, and nothing else."""
        if self.field is not None:
            self._apply_field(firing, self.field)
            return
        by = self.by or ""
        owner: int | str | None = None
        if self.word == "link" and firing.record_id is not None:
            field = firing.context.app.types[self.form].fields[by]
            owner = name_in(field, firing.rule.form or "", firing.record_id)
        for identity in self.ids or ():
            firing.context.ask("records.update", type=self.form, id=identity, values={by: owner})

    def _apply_field(self, firing: Firing, field: str) -> None:
        form, record = firing.rule.form, firing.record_id
        before = list(firing.context.ask("records.get", type=form, id=record, fields=(field,)).get(field) or ())
        if self.word == "link":
            after = list(dict.fromkeys([*before, *(self.ids or ())]))
        else:
            after = [] if self.ids is None else [each for each in before if each not in self.ids]
        if after != before:
            firing.context.ask("records.update", type=form, id=record, values={field: after})


@dataclass(frozen=True, slots=True)
class LinkAction:
    """Which records, and where they are linked."""

    kind: str
    field: str | None
    form: str
    by: str | None
    record: Expression | None
    which: UpdateAction | None

    @property
    def needs(self) -> tuple[Any, ...]:
        """What finds the records."""
        return ((self.record,) if self.record is not None else ()) + (self.which.needs if self.which else ())

    def effect(self, firing: Firing) -> Effect:
        """Find the records."""
        ids: tuple[int, ...] | None = None
        if self.record is not None:
            value = firing.value(self.record)
            ids = () if value is None else (int(value),)
        elif self.which is not None:
            ids = self.which.found(firing)
        return Links(self.kind, self.field, self.form, self.by, ids)


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
            links = {name: each.target for name, each in record_type.fields.items() if each.options_type == "links"}
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
        action = LinkAction(self.name, options.field, form, by, None, None)
        if options.record is not None:
            record = site.expression(options.record, "/record", expect=Type("record", record=form))
            return replace(action, record=record) if record is not None else None
        own = self.name == "unlink" and options.relation is not None
        if options.where is None and not own:
            return action
        chosen = WhichOptions(relation=options.relation, where=options.where) if own else None
        which = compile_which(chosen or WhichOptions(form=form, where=options.where), site)
        return replace(action, which=which) if which is not None else None


LINK, UNLINK = LinkKind("link"), LinkKind("unlink")
