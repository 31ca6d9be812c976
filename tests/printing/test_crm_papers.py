"""The papers of the CRM as page images, compared with those that were looked at; `LOWCODE_DRAW=1` draws them anew."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from lowcode.host import Host
from lowcode.kernel.expressions import Moment
from lowcode.printing.blocks.guarded import render
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.glyphs import missing_glyphs
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.outputs.xlsx import workbook
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run import facts_of, paper
from lowcode.printing.run.snapshot import Snapshot
from tests.support import pixels

CRM = Path(__file__).parents[2] / "examples/crm_app"
GOLDEN = Path(__file__).parents[1] / "conformance/printing/papers"
MOMENT = Moment(datetime(2026, 11, 23, 2, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), me=1)
APART = 0.001
"""So much of a page may differ: faces are the same everywhere, rounding of edges is not."""
STAGES = {"quote": "approved", "contract": "signed", "payment": "confirmed", "invoice_request": "issued"}
WORDS: dict[str, Any] = {
    "name": "苏州博世汽车部件有限公司", "english_name": "Suzhou Bosch Automotive Ltd.", "number": "Q202611-0001",
    "account.name": "苏州博世汽车部件有限公司", "contact.name": "陈静", "owner.name": "李娜", "mobile": "13855501234",
    "account.owner.name": "李娜", "account.phone": "0512-66778899", "contact.mobile": "13855501234",
    "content": "确认十二台变频器的交期。",
    "account.address": "苏州工业园区星龙街 455 号", "subject": "泵站变频改造", "title": "苏州博世汽车部件有限公司",
    "email": "chen.jing@bosch.example", "description": None, "product.name": "变频器 22 kW", "product.code": "NV-D022",
    "product.brand": "恒启", "product.unit": "piece", "payment_terms": "three_six_one", "kind": None, "method": "visit",
    "delivery_terms": "含税含运费，送货至需方指定地点", "instalment": "预付款", "need": "泵站电机改变频",
    "opportunity.name": "泵站变频改造", "contract.number": "HT202611-0001", "account.number": "C00214",
    "next_plan": "寄送样机", "quote.number": "Q202611-0001", "has_left": False, "lead.name": None, "lead.company": None,
    "cooperating_since": date(2021, 5, 4), "product.english_name": "Inverter 22 kW",
}  # fmt: skip
NAMES = {"contact": "陈静", "opportunity": "泵站变频改造", "contract": "泵站变频改造", "follow_up": "拜访"}
NUMBERS = {"money": "143640.00", "number": "12", "integer": "3", "percent": "0.13"}


@pytest.fixture(scope="module")
def plans() -> Iterator[dict[str, TemplatePlan]]:
    """The templates of the CRM."""
    host = Host(str(CRM), "sqlite://")
    yield dict(host.app.plans["printing"].templates)
    host.close()


def value(path: str, name: str, number: int = 1) -> Any:
    """A value that fits the name of a field: the same for every run."""
    for known in (path, ".".join(path.split(".")[-2:]), name):
        if known in WORDS:
            return WORDS[known]
    if name.endswith("_on") or name in ("valid_until", "birthday", "cooperating_since"):
        return date(2026, 11, number)
    if name.endswith("_at") or name == "at":
        return datetime(2026, 11, 20, 6, number, tzinfo=UTC)
    kinds = {
        "money": ("amount", "price", "total", "subtotal", "receivable", "credit_limit", "tax"),
        "percent": ("discount", "share", "tax_rate", "order_discount"),
        "integer": ("weeks", "months", "days", "minutes"), "number": ("quantity",),
    }  # fmt: skip
    for kind, endings in kinds.items():
        if name.endswith(endings):
            return Decimal(NUMBERS[kind]) * (number if kind == "money" else 1)
    return None


def record(plan: TemplatePlan) -> dict[str, Any]:
    """Facts for everything the template reads."""
    facts = {path: value(path, path.rpartition(".")[2]) for path in plan.needs.paths}
    if plan.form in NAMES and "name" in facts:
        facts["name"] = NAMES[plan.form]
    facts["stage"] = STAGES.get(plan.form, "active")
    for link in ("contact", "account", "quote", "opportunity", "contract"):
        facts[link] = facts.get(link) or 7
    for relation, children in plan.needs.rows:
        facts[relation] = [
            {**{child: value(f"{relation}.{child}", child.rpartition(".")[2], row) for child in children},
             "stage": {"contracts": "signed", "payments": "confirmed"}.get(relation, "sent"), "id": row}
            for row in range(1, 6)
        ]  # fmt: skip
    for way, by in plan.ties.items():
        facts[way.rpartition(".")[0]] = facts[way.rpartition(".")[0]][:2]
        for number, row in enumerate(facts[way]):
            row[by] = 1 + number // 3
    return facts


PAPERS = sorted(
    path.stem
    for path in (CRM / "printing").glob("*.json")
    if json.loads(path.read_text(encoding="utf-8")).get("outputs") != ["xlsx"]  # its pages are Excel's
)


@pytest.mark.requirement("ST01", "ST03", "ST06", "ST07", "T1", "T8", "T11")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_looks_as_it_did(plans: dict[str, TemplatePlan], workers: Workers, name: str, language: str) -> None:
    """Every paper in both languages: its first page is the one that was looked at, and no character is a box."""
    plan = plans[name]
    faces = {key: str(path) for key, path in packaged_fonts().faces.items()}
    tree = paper(plan, facts_of(plan, Snapshot(record(plan), MOMENT, language, "王伟"), faces, render))
    if tree["background"] is not None:
        tree["background"]["shown"] = True
    assert missing_glyphs(tree, packaged_fonts().faces) == []
    page = pixels.read(workers.draw(tree, packaged_fonts().folders, "png", 36.0)[0])
    golden = GOLDEN / f"{name}.{language}.png"
    if "LOWCODE_DRAW" in os.environ:
        golden.write_bytes(pixels.write(page))
    apart = page.apart(pixels.read(golden.read_bytes()))
    assert apart < APART, f"{apart:.2%} of {golden.name} differ"


@pytest.mark.requirement("T3")
def test_a_workbook_of_ones_own_has_the_language_of_the_paper(plans: dict[str, TemplatePlan], workers: Workers) -> None:
    """The sheet in Excel is the file made for the language: its own words, the customer's and the product's names."""
    plan = plans["quotation_sheet"]
    found = {}
    for language in ("zh-CN", "en"):
        tree = paper(plan, facts_of(plan, Snapshot(record(plan), MOMENT, language, "王伟"), {}))
        content = workbook(tree, lambda made, form: workers.draw(made, packaged_fonts().folders, form))
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.active
        assert sheet is not None
        found[language] = [sheet["A1"].value, sheet["B4"].value, sheet["C9"].value, sheet.oddFooter.right.text]
    assert found == {
        "zh-CN": ["报价明细表", "苏州博世汽车部件有限公司", "变频器 22 kW", "第 &P 页 / 共 &N 页"],
        "en": ["Quotation sheet", "Suzhou Bosch Automotive Ltd.", "Inverter 22 kW", "Page &P of &N"],
    }


def test_a_page_that_differs_is_seen() -> None:
    """Another language, another paper, or a page without its seal is further apart than what is allowed."""
    pages = {path.name: pixels.read(path.read_bytes()) for path in sorted(GOLDEN.glob("*.png"))}
    assert pages["quotation.zh-CN.png"].apart(pages["quotation.en.png"]) > APART
    assert pages["delivery_note.zh-CN.png"].apart(pages["sales_order.zh-CN.png"]) > APART
    whole = pages["payment_receipt.zh-CN.png"]
    upper = whole.grey[: len(whole.grey) // 2]
    assert whole.apart(pixels.Pixels(whole.width, whole.height, upper + bytes([255]) * len(upper))) > APART
