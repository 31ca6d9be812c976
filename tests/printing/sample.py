"""A small app made by hand: a quotation with lines, a customer, an owner; and its facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from lowcode.kernel.definitions import Documents, load, parse
from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.expressions import Moment, Type, compile_expression
from lowcode.kernel.records.fields import built_in
from lowcode.kernel.records.plan import DIRECTORY_SHAPES, Field, RecordType
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope
from lowcode.printing import outputs
from lowcode.printing.blocks import setup
from lowcode.printing.blocks.guarded import render
from lowcode.printing.blocks.kind import BlockKind
from lowcode.printing.blocks.values import Facts
from lowcode.printing.compile import compile_template
from lowcode.printing.definition import template_model
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.kind import Output
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run import facts_of
from lowcode.printing.run.snapshot import Snapshot

MOMENT = Moment(datetime(2026, 11, 23, 2, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), me=1)
STATES = [
    {"name": "draft", "title": {"zh-CN": "草稿", "en": "Draft"}},
    {"name": "approved", "title": {"zh-CN": "已批准", "en": "Approved"}},
]
FORMS: dict[str, list[dict[str, Any]]] = {
    "account": [{"name": "name", "type": "text"}, {"name": "city", "type": "text"}],
    "quote": [
        {"name": "number", "type": "text", "title": {"zh-CN": "编号", "en": "Number"}},
        {"name": "account", "type": "link", "to": "account", "title": {"zh-CN": "客户", "en": "Customer"}},
        {"name": "stage", "type": "state", "states": STATES},
        {"name": "valid_until", "type": "date", "title": {"zh-CN": "有效期至", "en": "Valid until"}},
        {"name": "total", "type": "money"},
        {"name": "remarks", "type": "long_text"},
        {"name": "notes", "type": "rich_text", "title": {"zh-CN": "说明", "en": "Notes"}},
        {"name": "photo", "type": "image", "title": {"zh-CN": "照片", "en": "Photo"}},
        {"name": "hand", "type": "image", "widget": "signature"},
    ],
    "quote.items": [
        {"name": "code", "type": "text", "title": {"zh-CN": "型号", "en": "Model"}},
        {"name": "name", "type": "text"},
        {"name": "quantity", "type": "number", "scale": 2},
        {"name": "price", "type": "money"},
        {"name": "discount", "type": "percent"},
        {"name": "picture", "type": "image"},
        {"name": "amount", "type": "money"},
    ],
}


def scope() -> Scope:
    """A scope with the sample's record types."""
    made = Scope(SimpleNamespace(languages=["zh-CN", "en"], currency="CNY"))
    kinds = built_in()
    for name, written in FORMS.items():
        record = RecordType(name, name, Place())
        for each in written:
            kind = kinds[each["type"]]
            options = kind.options.model_validate_json(json.dumps(each))
            target = getattr(options, "to", None)
            field = Field(each["name"], each["name"], kind, options, kind.type(options), Place(), target=target)
            field.title = options.title or ""
            record.fields[field.name] = field
        made.records[name] = record
        report = Report()
        made.declare("form", name, record, Place(), report)
    rows = Type("rows", record="quote.items")
    lines = made.records["quote.items"]
    held: Any = SimpleNamespace(type="lines", required=False)
    made.records["quote"].fields["items"] = Field("items", "items", None, held, rows, Place(), rows=lines)
    lines.parent = made.records["quote"]
    made.shapes.records.update(DIRECTORY_SHAPES)  # type: ignore[attr-defined]
    made.records["account"].label = compile_expression("name", made.shapes, "account")
    made.records["quote"].label = compile_expression("number", made.shapes, "quote")
    return made


def understood(
    template: Mapping[str, Any], files: Mapping[str, bytes] | None = None
) -> tuple[TemplatePlan | None, Report]:
    """A template compiled against the sample, with what was found."""
    whole = {"name": "paper", "title": "纸", "form": "quote", **template}
    documents: Documents = load({"app.json": {"name": "sample"}, "printing/paper.json": whole})
    report = Report()
    (source,) = documents.of("printing")
    kinds: Registry[BlockKind] = Kinds.of(None, setup)["block"]
    document = parse(template_model(kinds), source, report)
    if document is None:
        return None, report
    known: Registry[Output] = Kinds.of(None, outputs.setup)["output"]
    return compile_template(document, source, scope(), report, kinds, files or {}, known), report


def line(number: int, name: str = "压力变送器 3051") -> dict[str, Any]:
    """One line of the quotation."""
    price = Decimal("8650.00") + number
    return {
        "code": f"PT-{number:04}",
        "name": name,
        "quantity": Decimal(number % 7 + 1),
        "price": price,
        "discount": Decimal("0.1"),
        "amount": price * (number % 7 + 1),
    }


def record(count: int = 3, **changed: Any) -> dict[str, Any]:
    """The facts of one quotation."""
    rows = [line(number) for number in range(1, count + 1)]
    return {
        "number": "Q202611-0001",
        "account": 7,
        "account.name": "苏州博世汽车部件有限公司",
        "account.city": "苏州",
        "owner.name": "李娜",
        "stage": "approved",
        "valid_until": date(2026, 12, 31),
        "total": sum((row["amount"] for row in rows), Decimal("0.00")),
        "remarks": None,
        "items": rows,
        **changed,
    }


def facts(plan: TemplatePlan, values: Mapping[str, Any], language: str = "zh-CN") -> Facts:
    """What a paper is drawn from, with template texts expanded in this process."""
    faces = {name: str(path) for name, path in packaged_fonts().faces.items()}
    return facts_of(plan, Snapshot(values, MOMENT, language, "王伟"), faces, render)
