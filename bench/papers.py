"""Papers as PDF against WeasyPrint on the same content: two pages and a thousand lines, one and many, in processes that
are warm and in new ones.

Ours: the print tree is made from facts and set by a worker process. WeasyPrint: the HTML of the same tree, made
beforehand, in this process. Where WeasyPrint or the libraries it needs are not installed (it has no wheel for them),
its comparisons are left out. LibreOffice kept warm is not measured here: it has to be installed by hand, and the
machines this runs on have none; its figures are those of the research (222 ms for the quotation, 5.5 s for the list).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.harness import Comparison, Size
from lowcode.host import Host
from lowcode.kernel.expressions import Moment
from lowcode.printing.operations.batches import PART
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.html import page
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run import facts_of, paper
from lowcode.printing.run.snapshot import Snapshot

MOMENT = Moment(datetime(2026, 11, 23, 2, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), me=1)
CHARACTERS = "压力变送器流量计阀门仪表控制系统电缆接头法兰垫片螺栓传感器执行机构定位器"
COLD = "import sys, weasyprint; weasyprint.HTML(filename=sys.argv[1]).write_pdf()"


def app() -> dict[str, Any]:
    """A form with lines, and the quotation of the paper on printing: head, eight columns, totals in words, terms."""
    columns = [{"number": True}, *({"value": name} for name in ("code", "name", "brand"))]
    columns += [{"value": name, "align": "right"} for name in ("quantity", "price", "discount", "amount")]
    return {
        "app.json": {"name": "bench", "zone": "Asia/Shanghai", "currency": "CNY", "languages": ["zh-CN", "en"]},
        "forms/quote.json": {
            "name": "quote",
            "fields": [
                {"name": "number", "type": "text"}, {"name": "customer", "type": "text"},
                {"name": "valid_until", "type": "date"}, {"name": "total", "type": "money"},
                {"name": "items", "type": "lines", "fields": [
                    *({"name": name, "type": "text"} for name in ("code", "name", "brand")),
                    {"name": "quantity", "type": "integer"}, {"name": "price", "type": "money"},
                    {"name": "discount", "type": "percent"}, {"name": "amount", "type": "money"},
                ]},
            ],
            "permissions": [],
        },
        "printing/quotation.json": {
            "name": "quotation", "form": "quote", "title": "报价单",
            "page": {"header": [{"type": "text", "text": "上海恒启自动化仪表有限公司"}],
                     "footer": [{"type": "text", "text": "第 {{ page }} 页 / 共 {{ pages }} 页"}]},
            "body": [
                {"type": "text", "text": "报价单", "style": {"size": 20, "bold": True, "align": "center"}},
                {"type": "fields", "items": [{"value": name} for name in ("number", "customer", "valid_until")]},
                {"type": "table", "rows": "items", "columns": columns,
                 "totals": [{"label": "合计", "value": "total", "format": "money", "strong": True,
                             "text": "大写：{{ CNUPPER(total) }}"}]},
                {"type": "text", "text": "付款：预付 30%，发货前 60%，质保金 10%。\n有效期至 {{ valid_until }}。"},
                {"type": "signature", "parties": [
                    {"title": "供方", "items": [{"label": "签字"}],
                     "stamp": {"text": "上海恒启自动化仪表有限公司", "label": "合同专用章", "when": "total > 0"}},
                    {"title": "需方", "items": [{"label": "签字"}]},
                ]},
            ],
        },
    }  # fmt: skip


def facts(lines: int, seed: int = 0) -> dict[str, Any]:
    """One quotation; with another seed, other names, characters and prices in every line."""

    def words(number: int) -> str:
        return "".join(CHARACTERS[(number * 7 + seed * 3 + at) % len(CHARACTERS)] for at in range(6))

    rows: list[dict[str, Any]] = [
        {"code": f"PT-{seed + number:05}", "name": f"{words(number)} {number}", "brand": words(number)[:2],
         "quantity": number % 7 + 1, "price": Decimal(1000 + number + seed), "discount": Decimal("0.1"),
         "amount": Decimal(1000 + number + seed) * (number % 7 + 1)}
        for number in range(1, lines + 1)
    ]  # fmt: skip
    total = sum((row["amount"] for row in rows), Decimal(0))
    return {"number": f"Q{seed:06}", "customer": f"{words(seed)}有限公司", "valid_until": date(2026, 12, 31),
            "total": total, "items": rows}  # fmt: skip


class Press:
    """One template, and the trees of its papers."""

    def __init__(self) -> None:
        self.host = Host(app(), "sqlite://")
        self.plan: TemplatePlan = self.host.app.plans["printing"].templates["quotation"]
        self.fonts = packaged_fonts()
        self.faces = {name: str(path) for name, path in self.fonts.faces.items()}

    def tree(self, lines: int, seed: int = 0) -> Any:
        """What a worker sets."""
        snapshot = Snapshot(facts(lines, seed), MOMENT, "zh-CN", "王伟")
        return paper(self.plan, facts_of(self.plan, snapshot, self.faces))

    def set(self, workers: Workers, lines: int, seed: int = 0) -> bytes:
        """One paper, from facts to PDF."""
        return workers.draw(self.tree(lines, seed), self.fonts.folders, "pdf")[0]


def comparisons(size: Size) -> Iterator[Comparison]:
    """The rows of the table."""
    press = Press()
    one, all_ = Workers(count=1), Workers()
    many, long, some = size.of(1000), size.of(1000), size.of(20)
    try:
        trees = [press.tree(30, seed) for seed in range(many)]

        yield Comparison(
            f"a batch of {many} quotations on all cores, not on one",
            lambda: in_parts(all_, trees, press), lambda: in_parts(one, trees, press),
            1.0 if all_.count == 1 else 1.4, "papers", many,
        )  # fmt: skip
        write = weasyprint()
        if write is None:
            return
        for name, lines, goal in (("a quotation of 30 lines", 30, 10.0), (f"a list of {long} lines", long, 10.0)):
            html = page(press.tree(lines))
            yield Comparison(
                f"{name}, not by WeasyPrint", lambda lines=lines: press.set(one, lines),  # type: ignore[misc]
                lambda html=html: write(html), goal, "papers",  # type: ignore[misc]
            )  # fmt: skip
        pages = [page(press.tree(30, seed)) for seed in range(some)]

        def written() -> None:
            for html in pages:
                write(html)

        yield Comparison(
            f"{some} quotations on all cores, not by WeasyPrint one after the other",
            lambda: in_parts(all_, trees[:some], press), written, 10.0, "papers", some,
        )  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            for name, lines, goal in (("a quotation", 30, 3.0), (f"a list of {long} lines", long, 5.0)):
                file = Path(folder) / f"{lines}.html"
                file.write_text(page(press.tree(lines)), encoding="utf-8")
                yield Comparison(
                    f"{name} in a new process, not by WeasyPrint", partial(cold, press, lines),
                    partial(written_cold, file), goal, "papers",
                )  # fmt: skip
    finally:
        one.close()
        all_.close()
        press.host.close()


def in_parts(workers: Workers, trees: list[Any], press: Press) -> None:
    """A batch as the engine makes it: parts that share their fonts, one for each worker at a time."""
    parts = [trees[start : start + PART] for start in range(0, len(trees), PART)]
    with ThreadPoolExecutor(workers.count) as threads:
        list(threads.map(lambda part: workers.draw_all(part, press.fonts.folders), parts))


def cold(press: Press, lines: int) -> None:
    """A worker that is started for one paper."""
    workers = Workers(count=1)
    press.set(workers, lines)
    workers.close()


def written_cold(file: Path) -> None:
    """WeasyPrint started for one page."""
    subprocess.run([sys.executable, "-c", COLD, str(file)], check=True, capture_output=True)


def weasyprint() -> Callable[[str], bytes] | None:
    """Its way from HTML to PDF, or None where it or a library it needs is missing."""
    try:
        with warnings.catch_warnings():  # it tells of a library that a later version will need
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint as found  # an optional dependency, at its one door
    except (ImportError, OSError):
        return None
    return lambda html: bytes(found.HTML(string=html).write_pdf())
