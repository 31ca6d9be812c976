"""Forms to plans: every expression, name and view of a form, once all forms and formulas are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lowcode.forms import colors
from lowcode.forms.behaviour import asks_for_a_role, behave, hangs, within_sections
from lowcode.forms.cards.compile import check_card
from lowcode.forms.companions import companions, not_unique
from lowcode.forms.definition import (
    ButtonDefinition,
    FormBase,
    PlacedField,
    SectionDefinition,
    TabDefinition,
    ViewDefinition,
    offline_of,
)
from lowcode.forms.diagnostics import MESSAGES
from lowcode.forms.overlapping import compiled
from lowcode.forms.plan import Form, FormsPlan, View
from lowcode.forms.privacy.compile import compile_privacy
from lowcode.forms.public.compile import compile_public
from lowcode.forms.reaching import reached
from lowcode.forms.stages import StageModel
from lowcode.forms.viewing import condition_of_view, needs_of_view
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Report, localized
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.records.fields import Invalid, StateFieldDefinition
from lowcode.kernel.records.linked import forms_named_by
from lowcode.kernel.records.plan import SYSTEM_FIELDS, Check, Field, Permission, RecordType
from lowcode.kernel.scope import Scope

ACTIONS = ("create", "read", "edit", "delete", "export", "import", "approve", "print", "comment", "restore", "reveal",
           "share", "privacy", "purge")  # fmt: skip
BOOLEAN = Type("boolean")


def compile_forms(definitions: Iterable[tuple[FormBase, SourceDocument]], scope: Scope, report: Report) -> FormsPlan:
    """Every form of the app."""
    forms = {}
    for definition, source in definitions:
        record_type = scope.records.get(definition.name)
        if record_type is not None:
            forms[definition.name] = _Form(definition, source, record_type, scope, report).compile()
            report.extend(colors.unknown(source))
    return FormsPlan(forms)


def _roles_of(view: ViewDefinition) -> Iterable[tuple[str, str]]:
    """The roles a view names, each with where it names it."""
    named = {"roles": view.roles, "default": view.default}
    return [(key, role) for key, roles in named.items() if isinstance(roles, list) for role in roles]


LOOKS = (companions, hangs)
"""What is looked at of every field."""


class _Form:
    """The compilation of one form."""

    def __init__(
        self, definition: FormBase, source: SourceDocument, record_type: RecordType, scope: Scope, report: Report
    ) -> None:
        self.definition = definition
        self.source = source
        self.record_type = record_type
        self.scope = scope
        self.report = report

    def compile(self) -> Form:
        record_type, definition = self.record_type, self.definition
        for index, field in enumerate(list(definition.fields)):
            own = record_type.fields.get(field.name)
            if own is not None:
                self._field(record_type, own, f"/fields/{index}")
        self._names()
        record_type.label = self._expression(definition.label or self._first_text(), "/label")
        record_type.checks = tuple(self._checks())
        record_type.without_overlaps = compiled(definition, self.source, record_type, self.report, self._filter)
        record_type.permissions = tuple(self._permissions())
        self._relations()
        self.report.extend(reached(definition, self.source, record_type, self.scope))
        public = dict(compile_public(definition.public, self.source, record_type, self.scope, self.report))
        privacy = compile_privacy(definition.privacy, self.source, record_type, self.scope, self.report)
        return Form(definition, record_type, dict(self._views()), dict(self._sections()), public, privacy)

    def _expression(self, text: str | None, pointer: str, **options: Any) -> Expression | None:
        if text is None:
            return None
        name = options.pop("record", self.record_type.name)
        return self.scope.expression(text, self.source.place(pointer), self.report, record=name, **options)

    def _filter(self, text: str | None, pointer: str) -> Expression | None:
        """A condition that is put to the database."""
        found = self._expression(text, pointer, expect=BOOLEAN)
        rows = dict(self.record_type.rows_below)
        names = set(found.paths) if found is not None else set()
        names |= {f"{way}.{each}" for way, paths in (found.rows.items() if found is not None else ()) for each in paths}
        for path in sorted(names):
            way, _, name = path.rpartition(".")
            owner = rows.get(way) if way else self.record_type
            field = owner.fields.get(name) if owner is not None else None
            if field is not None and field.sealed:
                self.report.add(MESSAGES.diagnostic("sealed-condition", self.source.place(pointer), seen=path))
        return found

    def _first_text(self) -> str | None:
        for wanted in ("name", "title", "subject", "number"):
            if wanted in self.record_type.fields:
                return wanted
        return next((each.name for each in self.record_type.fields.values() if each.type.kind == "text"), None)

    def _field(self, owner: RecordType, field: Field, pointer: str) -> None:
        behave(self._expression, self.scope, self.report, owner, field, pointer)
        if field.rows is not None:
            for index, _ in enumerate(list(field.options.fields)):  # type: ignore[attr-defined]
                inner = list(field.rows.fields.values())
                if index < len(inner):
                    self._field(field.rows, inner[index], f"{pointer}/fields/{index}")
            return
        options = field.options
        self.report.extend(each for look in LOOKS for each in look(self.source, owner, field, pointer))
        if options.default is not None:
            self._default(owner, field, f"{pointer}/default")
        if field.options_type in ("link", "links") and field.target is not None:
            place, loose = self.source.place(f"{pointer}/to"), not options.required
            there = self.scope.find("form", field.target, place, self.report, loose=loose)
            tree = self.scope.records[field.target].tree if there is not None else ""
            if options.widget == "tree" and tree is None:  # type: ignore[attr-defined]
                place = self.source.place(f"{pointer}/widget")
                self.report.add(MESSAGES.diagnostic("no-tree", place, field=field.name, form=field.target))
        asks_for_a_role(self.scope, self.source, self.report, field, pointer)
        if field.options_type == "link_any":
            for index, form in enumerate(options.to):  # type: ignore[attr-defined]
                self.scope.find("form", form, self.source.place(f"{pointer}/to/{index}"), self.report, loose=True)
        if isinstance(options, StateFieldDefinition):
            self._states(owner, field, options, pointer)

    def _default(self, owner: RecordType, field: Field, pointer: str) -> None:
        default = field.options.default
        if isinstance(default, str) and default.startswith("="):
            field.default = self._expression(default[1:], pointer, record=owner.name, expect=field.type)
            return
        assert field.kind is not None
        try:
            field.kind.coerce(default, field.options)
        except Invalid as invalid:
            place = self.source.place(pointer)
            reason = {tag: localized(invalid.message, tag).format_map(dict(invalid.values)) for tag in ("en", "zh-CN")}
            self.report.add(MESSAGES.diagnostic("blank-default", place, seen=default, reason=reason))

    def _states(self, owner: RecordType, field: Field, options: StateFieldDefinition, pointer: str) -> None:
        known = [state.name for state in options.states]

        def check(name: str | None, where: str) -> None:
            if name is not None and name not in known:
                place = self.source.place(where)
                self.report.add(MESSAGES.diagnostic("unknown-state", place, seen=name, field=field.name, known=known))

        check(options.initial, f"{pointer}/initial")
        StageModel(self.source, self.scope, self.report, self._expression).read(owner, field, options, pointer)
        conditions = owner.extras.setdefault("transitions", {})
        for index, transition in enumerate(options.transitions):
            base = f"{pointer}/transitions/{index}"
            check(transition.to, f"{base}/to")
            sources = [transition.source] if isinstance(transition.source, str) else transition.source
            for source in sources:
                check(None if source == "*" else source, f"{base}/from")
            for role in transition.roles or ():
                self.scope.find("role", role, self.source.place(f"{base}/roles"), self.report)
            for position, name in enumerate(transition.required):
                self._known(name, f"{base}/required/{position}")
            if transition.when is not None:
                found = self._expression(transition.when, f"{base}/when", expect=BOOLEAN)
                if found is not None:
                    conditions[(field.name, id(transition))] = found

    def _known(self, name: str, pointer: str, *, relations: bool = False) -> bool:
        record_type = self.record_type
        known = [*record_type.fields, *SYSTEM_FIELDS, *(record_type.relations if relations else ())]
        if name in known:
            return True
        place = self.source.place(pointer)
        self.report.add(MESSAGES.diagnostic("unknown-field", place, seen=name, form=record_type.name, known=known))
        return False

    def _path(self, path: str, pointer: str) -> None:
        if "." in path:
            self._expression(path, pointer)
        else:
            self._known(path, pointer)

    def _names(self) -> None:
        for index, rule in enumerate(self.definition.unique):
            for position, name in enumerate(rule.fields):
                if self._known(name, pointer := f"/unique/{index}/fields/{position}"):
                    self.report.extend(not_unique(self.source, self.record_type.fields.get(name), pointer))
        for index, duplicate in enumerate(self.definition.duplicates):
            for position, name in enumerate(duplicate.fields):
                at = f"/duplicates/{index}/fields/{position}"
                field = self.record_type.fields.get(name) if self._known(name, at) else None
                if duplicate.match == "sounds" and field is not None and field.options.search != "pinyin":
                    self.report.add(MESSAGES.diagnostic("sounds-like-nothing", self.source.place(at), field=name))
        offline = offline_of(self.definition)
        for name in offline.conflicts if offline is not None else ():
            self._known(name, f"/offline/conflicts/{name}")
        check_card(self.definition.business_card, self.record_type, self.source, self.report)
        for position, name in enumerate(self.definition.detail.header):
            self._path(name, f"/detail/header/{position}")

    def _checks(self) -> Iterable[Check]:
        for index, check in enumerate(self.definition.checks):
            place = self.source.place(f"/checks/{index}")
            if check.field is not None:
                self._known(check.field, f"/checks/{index}/field")
            found = self._expression(check.expression, f"/checks/{index}/expression", expect=BOOLEAN, use=Use.EVENT)
            if found is not None:
                yield Check(check.name, found, check.field, check.message, place)

    def _permissions(self) -> Iterable[Permission]:
        if not self.definition.permissions:
            self.report.add(MESSAGES.diagnostic("nobody-permitted", self.source.place(), form=self.definition.name))
        for index, line in enumerate(self.definition.permissions):
            base = f"/permissions/{index}"
            roles = [line.role] if isinstance(line.role, str) else line.role
            for role in roles:
                self.scope.find("role", role, self.source.place(f"{base}/role"), self.report)
            for position, action in enumerate(line.can):
                if action not in ACTIONS:
                    place = self.source.place(f"{base}/can/{position}")
                    self.report.add(MESSAGES.diagnostic("unknown-action", place, seen=action, known=ACTIONS))
            for key in ("hide", "read_only"):
                for position, name in enumerate(getattr(line, key)):
                    if not _is_column(self.record_type, name):
                        self._known(name.split(".")[0], f"{base}/{key}/{position}", relations=True)
            where = self._filter(line.where, f"{base}/where")
            if line.where is not None and where is None:
                continue
            yield Permission(
                frozenset(roles), frozenset(line.can), where, frozenset(line.hide), frozenset(line.read_only),
                self.source.place(base),
            )  # fmt: skip

    def _relations(self) -> None:
        for index, relation in enumerate(self.definition.relations):
            place = self.source.place(f"/relations/{index}/form")
            if self.scope.find("form", relation.form, place, self.report, loose=True) is None:
                continue
            fields = self.scope.records[relation.form].fields
            links = [name for name, each in fields.items() if self.definition.name in forms_named_by(each)]
            if relation.by not in links:
                place, names = self.source.place(f"/relations/{index}/by"), {"known": links} if links else {}
                values: Any = {"seen": relation.by, "form": relation.form, "to": self.definition.name, **names}
                self.report.add(MESSAGES.diagnostic("not-a-link", place, **values))

    def _views(self) -> Iterable[tuple[str, View]]:
        seen: set[str] = set()
        for index, view in enumerate(self.definition.views):
            base = f"/views/{index}"
            if view.name in seen:
                place = self.source.place(f"{base}/name")
                self.report.add(MESSAGES.diagnostic("view-twice", place, seen=view.name, form=self.definition.name))
            seen.add(view.name)
            for position, column in enumerate(view.columns):
                self._path(column if isinstance(column, str) else column.field, f"{base}/columns/{position}")
            for position, name in enumerate(view.sort):
                self._path(name.lstrip("-+"), f"{base}/sort/{position}")
            for position, name in enumerate(view.card):
                self._path(name, f"{base}/card/{position}")
            for key, role in _roles_of(view):
                self.scope.find("role", role, self.source.place(f"{base}/{key}"), self.report)
            self.report.extend(needs_of_view(self.scope, self.source, self.record_type, view, base))
            text = condition_of_view(self.scope, self.record_type, view, self.source, base, self.report)
            yield view.name, View(view, self._filter(text, f"{base}/{'where' if view.where else 'filter'}"), text)

    def _sections(self) -> Iterable[tuple[str, Expression]]:
        found = []
        for pointer, section in self._all_sections():
            for position, placed in enumerate(section.fields):
                at = f"{pointer}/fields/{position}"
                if isinstance(placed, ButtonDefinition):
                    place = self.source.place(f"{at}/button")
                    self.scope.find("rule", placed.button, place, self.report, loose=True)
                elif isinstance(placed, (str, PlacedField)):
                    self._known(placed.field if isinstance(placed, PlacedField) else placed, at)
            condition = self._expression(section.visible_when, f"{pointer}/visible_when", expect=BOOLEAN)
            found.append((pointer, section, condition))
        return within_sections(self.record_type, found, self.source.place, self.report)

    def _all_sections(self) -> Iterable[tuple[str, SectionDefinition]]:
        for index, part in enumerate(self.definition.layout):
            if isinstance(part, TabDefinition):
                for position, section in enumerate(part.sections):
                    yield f"/layout/{index}/sections/{position}", section
            else:
                yield f"/layout/{index}", part


def _is_column(record_type: RecordType, name: str) -> bool:
    """Whether a name is the way to a column of rows: `items.cost`."""
    way, _, column = name.rpartition(".")
    rows = dict(record_type.rows_below).get(way)
    return rows is not None and column in rows.fields
