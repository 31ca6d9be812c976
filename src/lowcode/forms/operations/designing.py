"""What the designer of forms asks: which kinds of fields there are, what each may say, and what a new one begins with.

A form that is designed is the document itself (decision 0095 says so of templates): what is changed is looked at and
published by `app.plan` and `app.publish`, as any other document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any

from lowcode.forms.compile import ACTIONS
from lowcode.forms.operations import checking
from lowcode.forms.viewing import NEEDED
from lowcode.forms.words import CHOICES, GROUPS, KINDS, OPTIONS
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.designing import in_order, palette, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.records.fields import FieldKind
from lowcode.kernel.registry import Registry

FEW = 3
"""Fields that a new measure of completeness counts."""
TWO: tuple[dict[str, Any], ...] = (
    {"name": "option_1", "title": {"zh-CN": "选项一", "en": "Option 1"}},
    {"name": "option_2", "title": {"zh-CN": "选项二", "en": "Option 2"}},
)
STATES: tuple[dict[str, Any], ...] = (
    {"name": "open", "title": {"zh-CN": "进行中", "en": "Open"}},
    {"name": "done", "title": {"zh-CN": "已完成", "en": "Done"}},
)
COLUMN = {"name": "item", "type": "text", "title": {"zh-CN": "项目", "en": "Item"}}


class PaletteParameters(Parameters):
    """A form that is designed; none for a new one."""

    form: str | None = None


class CheckDocument(Parameters):
    """A form as it would be."""

    document: dict[str, Any]


class Designing:
    """The operations of the designer."""

    def __init__(self, model: Any, kinds: Registry[FieldKind]) -> None:
        self._model = model
        self._field_kinds = kinds

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return schema_of(self._model)

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        yield Operation(
            "forms.palette", self.palette, PaletteParameters, "administrator", writes=False,
            summary={"en": "Fields for the designer", "zh-CN": "设计器字段"},
        )  # fmt: skip
        yield Operation(
            "forms.check_document", self.check, CheckDocument, "administrator", writes=False,
            summary={"en": "What is wrong with a form", "zh-CN": "检查表单定义"},
        )  # fmt: skip

    def palette(
        self, context: Context, params: PaletteParameters
    ) -> Annotated[dict[str, Any], has(schema=dict, kinds=list[dict], words=dict)]:
        """Every kind of field with what a new one says, the schema of what may be written, the words for all of it, and
        the forms, roles and functions there are. `verbs` are what a role may be permitted to do, `views` the fields
        that a kind of view is drawn by, as key, types of fields, and whether it must be there."""
        forms = sorted(context.app.scope.names("form"))
        return {
            "schema": self._schema,
            "kinds": [self._kind(context, name, params.form, forms) for name in self._names],
            "words": {"groups": GROUPS, "options": OPTIONS, "choices": CHOICES},
            "forms": forms,
            "verbs": list(ACTIONS),
            "views": {kind: [list(each) for each in needed] for kind, needed in NEEDED.items()},
            **palette(context),
        }  # fmt: skip

    def check(
        self, context: Context, params: CheckDocument
    ) -> Annotated[dict[str, Any], has(findings=list[dict], elsewhere=bool, faces=list)]:
        """Everything that is wrong with a form, held against the app as it stands (decision 0130). `elsewhere`: other
        documents may speak of what it no longer says; `app.plan` looks at them. `faces`: its public forms, told."""
        found = checking.check(context, self._model, self._field_kinds, params.document)
        findings = told(found.report, context.actor.locale)
        return {"findings": findings, "elsewhere": found.elsewhere, "faces": list(found.faces)}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """Every type a field may have: the kinds that are registered, and lines, which are fields of their own. Usual
        ones come first, those of plug-ins last."""
        return tuple(in_order(self._schema["properties"]["fields"]["items"]["discriminator"]["mapping"], KINDS))

    def _kind(self, context: Context, name: str, form: str | None, forms: list[str]) -> dict[str, Any]:
        group, title = KINDS.get(name, ("other", name))
        begin = {"type": name, "title": title, **self._begun(context, name, form, forms)}
        return {"name": name, "title": title, "group": group, "begin": begin}

    def _begun(self, context: Context, name: str, form: str | None, forms: list[str]) -> Mapping[str, Any]:
        """What a new field has to say besides its name."""
        record_type = context.app.types.get(form or "")
        fields = list(record_type.fields) if record_type is not None else []
        relations = list(record_type.relations) if record_type is not None else []
        other = next((each for each in forms if each != form), form)
        match name:
            case "boolean":
                return {"default": False}  # what its switch looks like
            case "select" | "multi_select" | "cascade":
                return {"options": list(TWO)}
            case "state":
                return {"states": list(STATES)}
            case "link" | "links":
                return {"to": other}
            case "link_any":
                return {"to": forms[:2]}
            case "lines":
                return {"fields": [COLUMN]}
            case "formula":
                return {"expression": "TODAY()"}
            case "rollup":
                return {"expression": f"COUNT({relations[0]})" if relations else ""}
            case "completeness":
                return {"of": fields[:FEW]}
            case "serial":
                return {"pattern": "N{0000}"}
        return {}
