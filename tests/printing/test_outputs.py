"""Papers as files: PDF by the worker, the same bytes each time, ended when it takes too long."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pypdf
import pytest

from lowcode.printing.blocks.drawing.barcode import NotEncodable, symbols_of
from lowcode.printing.blocks.drawing.qrcode import qrcode_svg
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.glyphs import missing_glyphs
from lowcode.printing.outputs.worker.pool import MEGABYTE, TookTooLong, WorkerFailed, Workers
from lowcode.printing.run import paper
from tests.printing.sample import facts, record, understood
from tests.support import pixels

BODY: list[dict[str, Any]] = [
    {"type": "fields", "items": [{"value": "account"}, {"value": "number"}]},
    {"type": "table", "rows": "items",
     "columns": [{"number": True}, *({"value": name} for name in ("code", "name", "amount"))],
     "totals": [{"label": "合计", "value": "total", "text": "{{ CNUPPER(total) }}", "strong": True}]},
    {"type": "columns", "columns": [[{"type": kind, "text": "{{ number }}"}] for kind in ("qrcode", "barcode")]},
    {"type": "html", "html": "<h2>条款</h2><p>第<b>一</b>条</p><ol><li>a</li></ol><table><tr><th>x<td>y</table>"},
    {"type": "line"}, {"type": "space"}, {"type": "page_break"},
    {"type": "keep", "body": [{"type": "signature", "parties": [{"title": "供方", "items": [{"label": "签字"}],
        "stamp": {"text": "上海恒启自动化仪表有限公司", "label": "合同专用章", "when": "stage = \"approved\""}}]}]},
]  # fmt: skip
TEMPLATE = {
    "body": BODY,
    "page": {"footer": [{"type": "text", "text": "第 {{ page }} 页 / 共 {{ pages }} 页"}]},
    "watermark": {"text": "草稿"},
}


def tree_of(count: int = 3, **changed: Any) -> Any:
    """The tree of a paper with every kind of block."""
    plan, report = understood(TEMPLATE)
    assert plan is not None and report.ok, str(report)
    return paper(plan, facts(plan, record(count, **changed)))


@pytest.mark.requirement("T11")
@pytest.mark.requirement("T14")
def test_pdf_says_what_the_tree_says(workers: Workers) -> None:
    """Chinese text can be read back from the file; the head of a table is on each of its pages; pages are counted."""
    (content,) = workers.draw(tree_of(70), packaged_fonts().folders, "pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    assert "苏州博世汽车部件有限公司" in pages[0] and "压力变送器" in pages[0]
    assert len(pages) > 2
    assert all("序号" in page for page in pages[:-2])
    count = len(pages)
    assert all(f"第{n}页/共{count}页" in page.replace(" ", "") for n, page in enumerate(pages, 1))


def test_a_seal_lies_where_its_block_stands(workers: Workers) -> None:
    """Below what comes before it, and over what comes after: not at the top of the page."""
    seal = {"type": "stamp", "text": "上海恒启", "size": 30, "when": 'stage = "approved"'}
    body = [{"type": "space", "height": 60}, seal, {"type": "text", "text": " ", "keep_blank": True}]
    plan, _ = understood({"page": {"size": {"width": 100, "height": 150}, "margin": 10}, "body": body})
    assert plan is not None
    page = pixels.read(workers.draw(paper(plan, facts(plan, record())), packaged_fonts().folders, "png", 50.0)[0])
    inked = [at // page.width / page.height * 150 for at, grey in enumerate(page.grey) if grey < 200]
    assert 65 < min(inked) < 80 and 90 < max(inked) < 112


def test_the_same_tree_gives_the_same_bytes(workers: Workers) -> None:
    """A paper is a pure function of its tree, in this process and in another."""
    tree = tree_of()
    other = Workers(count=1)
    first, second = (pool.draw(tree, packaged_fonts().folders, "pdf")[0] for pool in (workers, other))
    other.close()
    assert first == second


def test_a_worker_that_takes_too_long_is_ended() -> None:
    """The host waits no longer than its limit, and the next request gets a fresh worker."""
    slow = Workers(count=1, seconds=0.05)
    with pytest.raises(TookTooLong):
        slow.expand("{% for i in range(9999) %}{{ i }}{% endfor %}", {})
    slow.seconds = 20.0
    started = time.perf_counter()
    assert slow.expand("{{ a }}", {"a": "x"}) == "x"
    assert time.perf_counter() - started < 10
    slow.close()


def test_a_worker_of_a_large_host_is_kept() -> None:
    """What it took itself decides, and not how large the process is that started it."""
    large = b"x" * (300 * MEGABYTE)
    workers = Workers(count=1, memory=1024 * MEGABYTE)  # ended above a quarter of it
    assert ["1", "1"] == [workers.expand("{{ 1 }}", {}) for _ in range(2)]
    assert 1 == len(workers._idle) and len(large) > 256 * MEGABYTE
    workers.close()


def test_a_hostile_text_is_refused_by_the_worker(workers: Workers) -> None:
    """A refusal comes back as an answer; the worker lives on."""
    with pytest.raises(WorkerFailed, match="range"):
        workers.expand("{% for i in range(99999999) %}x{% endfor %}", {})
    assert workers.expand("{{ 1 + 1 }}", {}) == "2"


def test_the_worker_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, workers: Workers) -> None:
    """The environment of the host does not reach the process that runs templates."""
    monkeypatch.setenv("LOWCODE_TEST_SECRET", "x")
    process = workers._start()
    try:
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()
    assert b"LOWCODE_TEST_SECRET" not in environment


def test_missing_glyphs_are_named() -> None:
    """A character that no face has is reported with its place, not printed as a box in silence."""
    missing = missing_glyphs(tree_of(1, number="甲𪚥乙"), packaged_fonts().faces)
    assert [(each["character"], each["code"]) for each in missing] == [("𪚥", "U+2A6A5")]
    assert missing_glyphs(tree_of(), packaged_fonts().faces) == []


def test_code_128() -> None:
    """Digits go in pairs, letters one by one; the check symbol is the weighted sum modulo 103."""
    assert symbols_of("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]
    assert symbols_of("123456") == [105, 12, 34, 56, 44, 106]
    with pytest.raises(NotEncodable):
        symbols_of("中")


def test_a_qr_code_is_one_path() -> None:
    """A QR code of a Chinese text is drawn."""
    assert qrcode_svg("报价单 Q1").count("<path") == 2
