"""A score card, understood: every expression read, the fields for the result checked, the bands put in order."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions.types import BOOLEAN, NUMBER
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope
from lowcode.rules.actions.kind import known
from lowcode.rules.diagnostics import MESSAGES
from lowcode.rules.scores.card import (
    Attribute,
    Band,
    Behaviour,
    Bounds,
    Case,
    Evenly,
    Fade,
    HalfLife,
    Learned,
    ScoreCard,
    Within,
)
from lowcode.rules.scores.documents import (
    AttributeDocument,
    BehaviourDocument,
    BoundedDocument,
    FadeDocument,
    LearnedDocument,
    ScoreCardDocument,
)
from lowcode.rules.scores.scorers.kind import ScorerKind


def compile_score(
    document: ScoreCardDocument, source: SourceDocument, scope: Scope, report: Report, scorers: Registry[ScorerKind]
) -> ScoreCard | None:
    """The card, or None with findings."""
    return _Compiling(document, source, scope, report, scorers).card()


class _Compiling:
    """One card on its way from document to plan."""

    def __init__(
        self, document: ScoreCardDocument, source: SourceDocument, scope: Scope, report: Report,
        scorers: Registry[ScorerKind],
    ) -> None:  # fmt: skip
        self.document, self.source, self.scope, self.report = document, source, scope, report
        self.scorers = scorers

    def refuse(self, key: str, pointer: str, **values: Any) -> None:
        """Note a finding."""
        self.report.add(MESSAGES.diagnostic(key, self.source.place(pointer), **values))

    def card(self) -> ScoreCard | None:
        """The card, or None when something in it is wrong."""
        document, errors = self.document, len(self.report.errors)
        if not known(self.scope, "form", document.form, self.source.place("/form"), self.report):
            return None
        scale = self._check_field()
        self._check_band_field()
        self._check_names()
        when = self._expression(document.when, "/when", document.form, BOOLEAN) if document.when is not None else None
        attributes = [self._attribute(each, f"/attributes/{at}") for at, each in enumerate(document.attributes)]
        behaviours = [self._behaviour(each, f"/behaviours/{at}") for at, each in enumerate(document.behaviours)]
        learned = self._learned(document.learned) if document.learned is not None else None
        if len(self.report.errors) > errors:
            return None
        found = tuple(each for each in attributes if each is not None)
        events = tuple(each for each in behaviours if each is not None)
        own = [*(each for part in found for each in part.expressions), *([when] if when is not None else [])]
        bands = sorted(document.bands, key=lambda each: _number(each.from_) or Decimal("-Infinity"), reverse=True)
        return ScoreCard(
            name=document.name,
            title=document.title or document.name,
            form=document.form,
            field=document.field,
            band_field=document.band_field,
            when=when,
            average=document.combine == "average",
            likelihood=document.combine == "likelihood",
            attributes=found,
            behaviours=events,
            learned=learned,
            least=_number(document.least),
            most=_number(document.most),
            bands=tuple(Band(each.name, each.title, _number(each.from_)) for each in bands),
            scale=scale,
            version=_version(self.source.data),
            watched=frozenset(path.split(".")[0] for each in own for path in (*each.paths, *each.rows)),
            relations=frozenset(relation for each in own for relation in each.rows)
            | frozenset(each.relation for each in events),
            daily=any(each.volatile or any("." in path for path in each.paths) for each in own),
        )

    def _check_field(self) -> int:
        shape = self._shape(self.document.field, "/field")
        if shape is None:
            return 0
        if shape.type.kind != "number":
            self.refuse("score-not-a-number", "/field", seen=self.document.field, type=shape.type.text)
        return shape.type.scale or 0

    def _check_band_field(self) -> None:
        name = self.document.band_field
        if name is None:
            return
        shape = self._shape(name, "/band_field")
        options = shape.type.options if shape is not None else None
        if shape is not None and shape.type.kind not in ("choice", "text"):
            self.refuse("band-not-a-choice", "/band_field", seen=name, type=shape.type.text)
        for at, band in enumerate(self.document.bands):
            if options is not None and band.name not in options:
                self.refuse("band-unknown", f"/bands/{at}/name", seen=band.name, field=name, known=list(options))

    def _shape(self, name: str, pointer: str) -> Any | None:
        shape = self.scope.shapes.records.get(self.document.form)
        if shape is None:
            return None
        if name not in shape.fields:
            self.refuse("unknown-field", pointer, seen=name, form=self.document.form, known=list(shape.fields))
            return None
        plan = self.scope.records[self.document.form].fields.get(name)
        if plan is None or plan.computed:
            self.refuse("computed-field", pointer, seen=name, form=self.document.form)
            return None
        return shape.fields[name]

    def _check_names(self) -> None:
        seen: set[str] = set()
        for part in ("attributes", "behaviours", "bands"):
            for at, each in enumerate(getattr(self.document, part)):
                if each.name in seen:
                    self.refuse("twice-in-card", f"/{part}/{at}/name", seen=each.name)
                seen.add(each.name)
            if part == "behaviours":
                seen = set()

    def _expression(self, text: str, pointer: str, form: str, expect: Type) -> Expression | None:
        return self.scope.expression(text, self.source.place(pointer), self.report, record=form, expect=expect)

    def _attribute(self, written: AttributeDocument, pointer: str) -> Attribute | None:
        form = self.document.form
        points = None
        if written.points is not None:
            points = self._expression(written.points, f"{pointer}/points", form, NUMBER)
        cases = []
        for at, each in enumerate(written.cases):
            when = self._expression(each.when, f"{pointer}/cases/{at}/when", form, BOOLEAN)
            if when is not None:
                cases.append(Case(when, _exact(each.points), each.note))
        return Attribute(
            written.name,
            written.title or written.name,
            _bounds(written),
            tuple(cases),
            _exact(written.otherwise),
            points,
        )

    def _learned(self, written: LearnedDocument) -> Learned | None:
        form, scorer = self.document.form, self.scorers.get(written.scorer)
        if scorer is None:
            known_scorers = list(self.scorers.names)
            self.refuse("unknown-scorer", "/learned/scorer", seen=written.scorer, known=known_scorers)
        outcome = self._expression(written.outcome, "/learned/outcome", form, BOOLEAN)
        settled = self._expression(written.settled, "/learned/settled", form, BOOLEAN)
        if scorer is None or outcome is None or settled is None:
            return None
        title, points = written.title or written.name, _exact(written.points)
        return Learned(written.name, title, _bounds(written), outcome, settled, points, scorer)

    def _behaviour(self, written: BehaviourDocument, pointer: str) -> Behaviour | None:
        record_type = self.scope.records[self.document.form]
        relation = record_type.relations.get(written.relation)
        if relation is None:
            self.refuse(
                "unknown-relation", f"{pointer}/relation", seen=written.relation, form=self.document.form,
                known=list(record_type.relations),
            )  # fmt: skip
            return None
        at = self._expression_of_time(written.at, f"{pointer}/at", relation.record_type)
        when = None
        if written.when is not None:
            when = self._expression(written.when, f"{pointer}/when", relation.record_type, BOOLEAN)
        points = self._expression(written.points, f"{pointer}/points", relation.record_type, NUMBER)
        if not at or points is None or (written.when is not None and when is None):
            return None
        return Behaviour(
            written.name, written.title or written.name, _bounds(written), written.relation, written.at, when, points,
            _fade(written.fade),
        )  # fmt: skip

    def _expression_of_time(self, name: str, pointer: str, form: str) -> bool:
        shape = self.scope.shapes.records[form].fields.get(name)
        if shape is None:
            known_fields = list(self.scope.shapes.records[form].fields)
            self.refuse("unknown-field", pointer, seen=name, form=form, known=known_fields)
            return False
        if shape.type.kind not in ("date", "datetime"):
            self.refuse("not-a-time", pointer, type=shape.type.text)
            return False
        return True


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


def _number(value: Any) -> Decimal | None:
    return None if value is None else _exact(value)


def _bounds(written: BoundedDocument) -> Bounds:
    return Bounds(_number(written.floor), _number(written.cap), _exact(written.weight))


def _fade(written: FadeDocument | None) -> Fade | None:
    if written is None:
        return None
    if written.half_life is not None:
        return HalfLife(written.half_life)
    return Evenly(written.over) if written.over is not None else Within(written.within or 1)


def _version(data: Any) -> str:
    """A short word for what a card says: words for people do not change it."""
    said = {name: value for name, value in data.items() if name not in ("title", "help", "$schema", "format")}
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=6).hexdigest()
