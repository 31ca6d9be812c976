"""From a template and a record to the print tree, in two languages."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.printing.outputs.html import page
from lowcode.printing.run import PAGE, PAGES, file_name, paper
from lowcode.printing.run.snapshot import Snapshot, from_json
from tests.printing.sample import MOMENT, facts, record, understood


def drawn(
    body: list[dict[str, Any]], values: dict[str, Any] | None = None, language: str = "zh-CN", **more: Any
) -> Any:
    """The body of the tree of a small template."""
    plan, report = understood({"body": body, **more})
    assert plan is not None and report.ok, str(report)
    return paper(plan, facts(plan, values or record(), language))["body"]


def test_words_with_values() -> None:
    """A choice is shown by its title, a link by the field that names the record, a day as the language writes it."""
    block = {
        "type": "text",
        "text": {
            "zh-CN": "{{ account }}：{{ stage }}，{{ valid_until }} 前有效",
            "en": "{{ stage }} until {{ valid_until }}",
        },
    }
    (chinese,) = drawn([block])
    (english,) = drawn([block], language="en")
    assert chinese["text"] == "苏州博世汽车部件有限公司：已批准，2026年12月31日 前有效"
    assert english["text"] == "Approved until 31 Dec 2026"


def test_a_table_with_totals() -> None:
    """Rows are numbered, numbers stand right, titles come from the form, the total in words stands beside the sum."""
    columns = [{"number": True}, {"value": "code"}, {"value": "amount", "format": "money"}]
    total = {"label": "合计", "value": "total", "format": "money", "text": "{{ CNUPPER(total) }}", "strong": True}
    (table,) = drawn([{"type": "table", "rows": "items", "columns": columns, "totals": [total]}], record(2))
    assert [column["title"] for column in table["columns"]] == ["序号", "型号", ""]
    assert [column["align"] for column in table["columns"]] == ["center", "left", "right"]
    assert table["rows"] == [["1", "PT-0001", "¥17,302.00"], ["2", "PT-0002", "¥25,956.00"]]
    amount = {"value": "43258.00", "format": "money"}
    assert table["totals"] == [
        {"label": "合计", "value": "¥43,258.00", "text": "肆万叁仟贰佰伍拾捌元整", "strong": True, "amount": amount}
    ]


def test_blank_rows_fill_a_table() -> None:
    """A form of fixed height is filled with blank lines."""
    (table,) = drawn([{"type": "table", "rows": "items", "minimum": 4, "columns": [{"value": "code"}]}], record(1))
    assert table["rows"] == [["PT-0001"], [""], [""], [""]]


def test_rows_and_columns_have_conditions() -> None:
    """`where` chooses rows, a column's `when` speaks of the record."""
    columns = [{"value": "code"}, {"value": "price", "when": 'stage = "draft"'}]
    (table,) = drawn([{"type": "table", "rows": "items", "where": "quantity > 2", "columns": columns}], record(3))
    assert table["rows"] == [["PT-0002"], ["PT-0003"]]


def test_conditions_choose_blocks() -> None:
    """A block whose condition is blank or false is not printed; `when` has another side."""
    body: list[dict[str, Any]] = [
        {"type": "text", "text": "a", "when": 'remarks = "x"'},
        {
            "type": "when",
            "when": "total > 1",
            "body": [{"type": "text", "text": "b"}],
            "otherwise": [{"type": "text", "text": "c"}],
        },
        {"type": "each", "rows": "items", "body": [{"type": "text", "text": "{{ line }} {{ code }}"}]},
    ]
    assert [node["text"] for node in drawn(body, record(2))] == ["b", "1 PT-0001", "2 PT-0002"]


def test_clauses_are_counted_as_they_are_printed() -> None:
    """A clause that is left out leaves no gap, points begin again in each, and the signs are those of the language."""
    keep = {"type": "keep", "body": [{"type": "text", "text": "质保", "numbered": "clause"}]}
    body: list[dict[str, Any]] = [
        {"type": "text", "text": "标的", "numbered": "clause"},
        {"type": "text", "text": "甲", "numbered": "point"},
        {"type": "text", "text": "{{ notes }}", "numbered": "point"},
        {"type": "text", "text": "交货：{{ remarks }}", "numbered": "clause", "when": "remarks is not blank"},
        {"type": "columns", "columns": [[keep], [{"type": "text", "text": "乙", "numbered": "point"}]]},
        {"type": "text", "text": "总则", "numbered": "article"},
    ]

    def said(nodes: list[Any]) -> list[Any]:
        return [
            said([each for column in node["columns"] for each in column]) if node["type"] == "columns"
            else said(node["body"]) if node["type"] == "keep"
            else node["content"] if node["type"] == "rich"
            else node["text"]
            for node in nodes
        ]  # fmt: skip

    bold = [{"tag": "p", "content": ["2. ", {"tag": "strong", "content": ["乙"]}]}]
    assert said(drawn(body, record(notes="**乙**"))) == [
        "一、标的", "1. 甲", bold, [["二、质保"], "1. 乙"], "第一条　总则",
    ]  # fmt: skip
    assert said(drawn(body, record(notes=None, remarks="x"), language="en")) == [
        "1. 标的", "1. 甲", "2. 交货：x", [["3. 质保"], "1. 乙"], "Article 1. 总则",
    ]  # fmt: skip


def test_a_paper_says_its_currency() -> None:
    """By its code, and by its name in Chinese; that of the template goes before that of the app."""
    block = {"type": "text", "text": {"zh-CN": "{{ currency_name }}（{{ currency }}）", "en": "in {{ currency_name }}"}}
    assert [drawn([block])[0]["text"], drawn([block], language="en")[0]["text"]] == ["人民币（CNY）", "in CNY"]
    assert drawn([block], currency="HKD")[0]["text"] == "港元（HKD）"
    assert drawn([block], currency="NOK")[0]["text"] == "NOK（NOK）"


def test_the_seal_needs_its_condition() -> None:
    """On a draft there is no seal, in no output."""
    stamp = {"type": "stamp", "text": "上海恒启自动化仪表有限公司", "when": 'stage = "approved"'}
    plan, _ = understood({"body": [stamp, {"type": "text", "text": "x"}]})
    assert plan is not None
    sealed, draft = (paper(plan, facts(plan, record(stage=stage))) for stage in ("approved", "draft"))
    assert [node["type"] for node in sealed["body"]] == ["stamp", "text"]
    assert [node["type"] for node in draft["body"]] == ["text"]
    assert "data:image/svg+xml" in page(sealed) and "data:image/svg+xml" not in page(draft)


def test_a_watermark_by_state() -> None:
    """The first watermark whose condition holds is drawn."""
    marks = [{"text": "草稿", "when": 'stage = "draft"'}, {"text": "副本 {{ copy }}", "when": "copy > 1"}]
    plan, _ = understood({"body": [{"type": "text", "text": "x"}], "watermark": marks})
    assert plan is not None
    assert paper(plan, facts(plan, record(stage="draft")))["watermark"]["text"] == "草稿"
    assert paper(plan, facts(plan, record()))["watermark"] is None


def test_html_is_self_contained_and_safe() -> None:
    """Nothing a record holds becomes markup; no script, no address is in the page."""
    values = record(1, number="<script>alert(1)</script>", remarks="\"'><img src=x onerror=y>")
    plan, _ = understood(
        {"body": [{"type": "text", "text": "{{ number }} {{ remarks }}"}], "file_name": "{{ number }}"}
    )
    assert plan is not None
    written = page(paper(plan, facts(plan, values)))
    assert "<script" not in written and "<img" not in written and "http" not in written.replace("http://www.w3.org", "")
    assert "&lt;script&gt;" in written


def test_page_numbers_cannot_be_forged() -> None:
    """The characters that stand for page numbers are taken out of the data."""
    footer = [{"type": "text", "text": "第 {{ page }} / {{ pages }} 页 {{ number }}"}]
    plan, _ = understood({"body": [{"type": "text", "text": "x"}], "page": {"footer": footer}})
    assert plan is not None
    tree = paper(plan, facts(plan, record(number=f"a{PAGE}b")))
    assert tree["footer"][0]["text"] == f"第 {PAGE} / {PAGES} 页 ab"


def test_file_names_are_safe() -> None:
    """What no file system takes is replaced."""
    plan, _ = understood({"body": [{"type": "space"}], "file_name": "报价 {{ number }}"})
    assert plan is not None
    assert file_name(plan, facts(plan, record(number="../a:b")), "pdf") == "报价 .._a_b.pdf"


def test_a_template_text_sees_only_what_it_is_given() -> None:
    """The context of an html block is what the block lists, already formatted."""
    block = {
        "type": "html",
        "html": "<ul>{% for row in lines %}<li>{{ row.code }} {{ row.amount }}</li>{% endfor %}</ul>{{ who }}",
        "values": {"who": "account"},
        "rows": {"lines": {"rows": "items", "values": {"code": "code", "amount": "amount"}}},
    }
    (node,) = drawn([block], record(1))
    assert node["content"] == [
        {"tag": "ul", "content": [{"tag": "li", "content": ["PT-0001 ¥17,302.00"]}]},
        "苏州博世汽车部件有限公司",
    ]


def test_a_snapshot_is_kept_whole() -> None:
    """What was read comes back as it was, and equal snapshots are equal texts."""
    snapshot = Snapshot(record(2), MOMENT, "en", "王伟", 3)
    again = from_json(snapshot.as_json())
    assert again.as_json() == snapshot.as_json()
    assert again.record == snapshot.record


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"body": [{"type": "text", "text": "{{ numbr }}"}]}, "expressions.unknown-field"),
    ({"body": [{"type": "table", "rows": "account", "columns": [{"value": "name"}]}]}, "printing.not-rows"),
    ({"body": [{"type": "fields", "items": [{"label": "x"}]}]}, "printing.value-or-text"),
    ({"body": [{"type": "image", "file": "templates/logo.png"}]}, "printing.no-file"),
    ({"body": [{"type": "stamp", "text": "x"}]}, "printing.always-sealed"),
    ({"body": [{"type": "html", "html": "{{ other }}", "values": {"who": "number"}}]}, "printing.unknown-value"),
    ({"body": [{"type": "html", "html": "{% include 'x' %}"}]}, "printing.template"),
    ({"body": [{"type": "columns", "widths": [1], "columns": [[], []]}]}, "printing.widths"),
    ({"body": [{"type": "when", "body": []}]}, "printing.no-condition"),
    ({"body": [{"type": "space"}], "languages": ["fr"]}, "printing.unknown-language"),
    ({"body": [{"type": "table", "rows": "items", "columns": [{"value": "code", "width": "wide"}]}]}, "printing.width"),
    (
        {"body": [{"type": "each", "rows": "items", "body": [{"type": "each", "rows": "items", "body": []}]}]},
        "printing.rows-in-rows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("template", "code"), WRONG, ids=[code for _, code in WRONG])
def test_what_is_wrong_is_found(template: dict[str, Any], code: str) -> None:
    """Each mistake is a finding with a place and a cure."""
    _, report = understood(template)
    assert code in [finding.code for finding in report], str(report)
    assert all(finding.place.pointer for finding in report)
