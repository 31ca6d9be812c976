"""The scope of one compilation: every name of the app that documents may refer to, and how expressions are read.

All engines `declare` into it first; then all `compile` against it, so no engine depends on the order of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Catalogue, Diagnostic, Message, Place, Report
from lowcode.kernel.expressions import (
    Expression,
    ExpressionError,
    Function,
    Shapes,
    catalogue,
    compile_expression,
    lookups,
    unset,
)
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.texts import Said, TextTemplate, split_template

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import Field, RecordType

NAMED = {
    "form": "表单", "role": "角色", "flow": "流程", "table": "决策表", "rule": "规则", "card": "评分卡", "pool": "公海",
    "message": "消息模板", "template": "打印模板", "report": "报表", "dashboard": "看板", "connector": "连接器",
    "field": "字段", "user": "人员", "department": "部门", "calendar": "日历", "intake": "接收口",
    "score card": "评分卡", "dataset": "数据集", "view": "视图",
}  # fmt: skip
"""What authors name, as it is called in Chinese."""
MESSAGES = Catalogue(
    "names",
    {
        "unknown": Message("there is no {what} '{seen}'", "A document names something that no document declares."),
        "twice": Message(
            "there are two of the {what} '{seen}'; the other is at {other}",
            "Two documents declare the same name.",
            "Rename one of them.",
        ),
        "unknown-output": Message(
            "the decision table '{table}' has no output '{seen}'",
            "What is looked up is named by the second value of LOOKUPTABLE: an output of the table.",
        ),
        "no-output": Message(
            "this does not say which output of the decision table '{table}' is looked up",
            "The second value of LOOKUPTABLE names an output in quotes; the values to look up stand behind it.",
            'Write LOOKUPTABLE("{table}", "{first}", …); outputs: {outputs}; values to look up: {inputs}.',
        ),
        "too-many-inputs": Message(
            "the decision table '{table}' decides by {count} values, and {seen} are given",
            "What is given beyond the inputs of a table would never be looked at.",
            "Give one value for each input: {inputs}.",
        ),
        "not-false": Message(
            "'{seen}' is blank until somebody says yes or no, and blank is not taken for no here",
            "A boolean that nobody touched is blank, which is not false, though its switch looks as if it were off.",
            'Write {seen} <> true, or give the field "default": false, which new records then have.',
            "warning",
        ),
        "open-braces": Message(
            "'{seen}' begins a value that does not end",
            "What stands between {{{{ and }}}} in a text is worked out; without the end it is shown as it is written.",
            "Close it with }}}}.",
            "warning",
        ),
    },
    {
        "unknown": ("没有名为“{seen}”的{what}", ""),
        "twice": ("有两个{what}都叫“{seen}”，另一个在 {other}", "请给其中一个改名。"),
        "unknown-output": ("决策表“{table}”没有输出“{seen}”", ""),
        "no-output": (
            "没有写明要查决策表“{table}”的哪个输出",
            '请写作 LOOKUPTABLE("{table}", "{first}", …)；输出：{outputs}；要查的值：{inputs}。',
        ),
        "too-many-inputs": (
            "决策表“{table}”按 {count} 个值判断，却给了 {seen} 个",
            "请为每个输入各给一个值：{inputs}。",
        ),
        "not-false": (
            "“{seen}”在有人填写之前为空，此处不把空当作“否”",
            '请写作 {seen} <> true，或给该字段加上 "default": false（对新记录生效）。',
        ),
        "open-braces": ("“{seen}”开始了一个值，却没有结束", "请用 }}}} 结束。"),
    },
    NAMED,
)


def warn_of_open_braces(words: str, place: Place, report: Report) -> None:
    """Words of a text in which a value begins and does not end, and is shown as it is written."""
    begun = words.find("{{")
    if begun >= 0:
        report.add(MESSAGES.diagnostic("open-braces", place, seen=words[begun : begun + SHOWN]))


SHOWN = 24


class Scope:
    """Names declared by all engines, and the one way to compile an expression of a document."""

    def __init__(self, app: Any, digest: str = "", functions: Mapping[str, Function] | None = None) -> None:
        self.functions = catalogue() if functions is None else functions
        """The functions expressions may call: those of the host, plug-ins included."""
        self.app = app
        """The app.json document (pydantic model)."""
        self.digest = digest
        self.records: dict[str, RecordType] = {}
        self.uses: list[tuple[Place, frozenset[str]]] = []
        """Where documents read which fields (`form.field`): every expression of the app, in the order of compiling."""
        self.tables: dict[str, lookups.Lookup] = {}
        """The decision tables that expressions may look something up in."""
        self.named: list[tuple[str, str, Place]] = []
        """Which names documents speak of, and where: the sort, the name, the place. For whoever asks what something is
        used by."""
        self.loose: set[Place] = set()
        """Where what is named may be missing while its part is switched off: it goes from there, and the rest stays."""
        self.former = False
        """Whether what is read may say options by their former names."""
        self.matters: set[str] = set()
        """The sorts of what somebody may be away for: an engine asks who stands in for one of these by its name."""
        self._names: dict[str, dict[str, tuple[Any, Place]]] = {}
        self._shapes: Shapes | None = None

    def declare(self, what: str, name: str, value: Any, place: Place, report: Report) -> None:
        """Make a name known: `what` is the word an author uses for it ('form', 'role', 'flow', 'table' …)."""
        names = self._names.setdefault(what, {})
        if name in names:
            report.add(MESSAGES.diagnostic("twice", place, what=what, seen=name, other=names[name][1]))
            return
        names[name] = (value, place)

    def declared_at(self, what: str, name: str) -> Place:
        """Where a known name was declared."""
        return self._names[what][name][1]

    def beside(
        self, what: str, name: str, value: Any, records: Mapping[str, RecordType] | None = None
    ) -> Scope:  # fmt: skip
        """The same names with another thing under one of them, and with other record types where they are given: for a
        document that is looked at and not published. What is read with it leaves no trace here."""
        found = self.traceless()
        if records is not None:
            found.records, found._shapes = dict(records), None
        known = self._names.get(what, {})
        found._names = {**self._names, what: {**known, name: (value, Place())}}
        return found

    def declared_in(self, paths: Collection[str]) -> dict[str, frozenset[str]]:
        """The names that some documents declare, by sort."""
        if not paths:
            return {}
        return {
            what: found
            for what, names in self._names.items()
            if (found := frozenset(name for name, (_, place) in names.items() if place.document in paths))
        }

    def traceless(self) -> Scope:
        """The same; what is read with it leaves no trace here."""
        found = copy(self)
        found.uses, found.named, found.loose = [], [], set()
        return found

    def written_before(self) -> Scope:
        """The same for documents of an earlier version that go on: where they say an option by its former name, they
        mean the one of now, which the records hold. What is read with it leaves no trace here."""
        found = self.traceless()
        found.former = True
        return found

    def names(self, what: str) -> Mapping[str, Any]:
        """All declared names of a sort, with what was declared."""
        return {name: value for name, (value, _) in self._names.get(what, {}).items()}

    def find(
        self, what: str, name: str, place: Place, report: Report, also: Iterable[str] = (), *, loose: bool = False
    ) -> Any | None:  # fmt: skip
        """What was declared under a name; an unknown one becomes a finding with the nearest name, and None. `also` may
        be written there besides, which whoever asks has looked for already. `loose`: the document stands without it
        (`loose` of the scope)."""
        known = self._names.get(what, {})
        if name in known:
            self.named.append((what, name, place))
            if loose:
                self.loose.add(place)
            return known[name][0]
        report.add(MESSAGES.diagnostic("unknown", place, what=what, seen=name, known=[*also, *known]))
        return None

    def note_records(self, name: str, place: Place) -> None:
        """A document asks about a known record type: it speaks of the form whose records they are."""
        self.named.append(("form", self.records[name].root.name, place))

    @property
    def shapes(self) -> Shapes:
        """Every record type as expressions see it; complete once all engines have declared."""
        if self._shapes is None:
            from lowcode.kernel.records.plan import DIRECTORY_SHAPES  # built on this module

            own = {name: record.shape for name, record in self.records.items()}
            self._shapes = Shapes({**DIRECTORY_SHAPES, **own})
        return self._shapes

    def changed_shape(self, record: str) -> None:
        """See one record type anew after a field of it changed (formula types become known one by one)."""
        if self._shapes is not None:
            self._shapes = Shapes({**self._shapes.records, record: self.records[record].shape})

    def expression(
        self,
        text: str,
        where: Place,
        report: Report,
        *,
        record: str | None,
        use: Use = Use.READ,
        variables: Mapping[str, Any] | None = None,
        expect: Any | None = None,
    ) -> Expression | None:
        """Compile an expression of a document; what is wrong becomes findings at its place, and None is returned."""
        try:
            found = compile_expression(
                text, self.shapes, record, place=use, variables=variables or {}, expect=expect,
                functions=self.functions, former=self.former,
            )  # fmt: skip
        except ExpressionError as error:
            for problem in error.problems:
                (said, cure), chinese = (problem.in_text(text, locale) for locale in ("en", "zh-CN"))
                values = {"expression": text, **problem.values}
                report.add(Diagnostic(problem.code, said, where, cure, "error", values, chinese))
            return None
        self.uses.append((where, found.reads))
        for key, values in lookups.wrong(found, self.tables):
            report.add(MESSAGES.diagnostic(key, where, **values))
        for path in unset.taken_for_false(found.tree):
            field = self.field(record, path) if record is not None else None
            if field is not None and field.options_type == "boolean" and field.options.default is None:
                report.add(MESSAGES.diagnostic("not-false", where, seen=path))
        return found

    def template(
        self, text: Any, where: Place, report: Report, *, record: str | None, variables: Mapping[str, Any] | None = None
    ) -> TextTemplate:
        """Compile a text with `{{ expression }}` parts, in every language it has."""
        by_locale = text if isinstance(text, Mapping) else {"": text or ""}
        compiled = {}
        for locale, words in by_locale.items():
            parts: list[str | Said] = []
            for is_expression, part in split_template(str(words)):
                if not is_expression:
                    warn_of_open_braces(part, where, report)
                    parts.append(part)
                    continue
                expression = self.expression(part, where, report, record=record, variables=variables)
                if expression is not None:
                    parts.append(self._said(expression, record, where, report, variables))
            compiled[locale] = tuple(parts)
        return TextTemplate(compiled)

    def _said(
        self, expression: Expression, record: str | None, where: Place, report: Report,
        variables: Mapping[str, Any] | None,
    ) -> Said:  # fmt: skip
        """How a value of a text is said: as the field is read, when it is one."""
        path = expression.tree.path if isinstance(expression.tree, n.Field) else None
        field = self.field(record, path) if record is not None and path is not None else None
        if field is None or path is None:
            return Said(expression, {})
        if not field.money:
            return Said(expression, field.titles, field.percent)
        currency_of, beside = None, getattr(field.options, "currency_from", None)
        if beside:
            named = f"{path.rpartition('.')[0]}.{beside}".lstrip(".")
            currency_of = self.expression(named, where, report, record=record, variables=variables)
        currency = getattr(field.options, "currency", None) or self.app.currency
        return Said(expression, {}, currency=currency, currency_of=currency_of)

    def field(self, record: str, path: str) -> Field | None:
        """The field at the end of a path, where it is a form's own."""
        *links, name = path.split(".")
        owner = self.records.get(record)
        for link in links:
            by = owner.fields.get(link) if owner is not None else None
            owner = self.records.get(by.target or "") if by is not None else None
        return owner.fields.get(name) if owner is not None else None
