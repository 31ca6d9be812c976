"""How soon the page answers: from the press to the first picture that shows it, in a real browser over the example CRM.

The other side is the clock: a tenth of a second, below which people feel that they did it themselves (Miller 1968,
Nielsen 1993). The time is taken inside the page, from the event to the second frame after what was asked for stands
there, so a slow driver is not counted as a slow page. Beside it stands the processor time of the page's own thread,
which a machine that is busy with other things does not change. Where there is no browser, its rows are left out.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench.harness import Comparison, Size
from bench.presses import ANSWER, JUMP, Press, Stage, presses
from lowcode.host import Host
from lowcode.seeding import seed
from lowcode.web import asgi_app
from lowcode.web.assets import STATIC
from tools import browser as machine

CRM = Path(__file__).parents[1] / "examples" / "crm_app"
AT_ONCE = 0.1
LONG = 1_000_000
SOON = 0.5
"""Who lets go of the bar far away has a moment's patience; 0.1 s of it waits for the hand to stop."""
IS_FINE = ".lc-design-bar .anticon-check-circle"
LOOK = """text => new Promise((done, fail) => {
  const data = new DataTransfer(); data.setData('text/plain', text);
  const given = {clipboardData: data, bubbles: true, cancelable: true};
  const fine = () => document.querySelector('.lc-design-bar .anticon-check-circle') !== null;
  const late = setTimeout(() => fail(new Error('the table was not looked at')), 20000);
  const end = () => { clearTimeout(late); done(null); };
  const until = () => requestAnimationFrame(fine() ? () => requestAnimationFrame(end) : until);
  const begun = () => requestAnimationFrame(fine() ? begun : until);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', given));
  begun();
})"""
PASTE = """text => {
  const data = new DataTransfer(); data.setData('text/plain', text);
  const given = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", given));
}"""
FRAMES = 120
WHEEL = """frames => new Promise((done, fail) => {
  const box = document.querySelector('.lc-sheet');
  let left = frames;
  const late = setTimeout(() => fail(new Error(`${left} of ${frames} frames did not come`)), 60000);
  const next = () => {
    if (left === 0) { clearTimeout(late); done(null); return; }
    requestAnimationFrame(() => { box.scrollTop += 60; left -= 1; next(); });
  };
  next();
})"""
TABLE_ROWS = 1_000
REST = 0.4
"""The page looks at a table when nobody has typed for so long."""
CHECKED = 0.3


def comparisons(size: Size) -> Iterator[Comparison]:
    """One row for each thing that people do all day."""
    found = machine.find()
    if found is None or not (STATIC / "index.html").is_file():
        return
    surroundings: dict[str, str | float | bool] = {**os.environ, **found.environment}
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder)) as (host, address),
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=found.binary, args=list(found.arguments), env=surroundings, headless=True
        )
        page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce")
        page.goto(address)
        page.locator(".lc-people button", has_text="林雪梅").click()
        page.locator(".lc-who").wait_for()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        for each in presses(Stage(page, address, host)):
            press = _Worked(each, devtools)
            yield Comparison(f"{each.name}, in 0.1 s", press.press, _clock, 1.0, "presses", before=press.ready)
            name = f"{each.name}, 0.1 s of the page's processor"
            yield Comparison(name, press.median, lambda: AT_ONCE * 1000, 1.0, "ms", gauge=True)
        page.close()
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        yield from _sheet(context, address, max(20, size.of(TABLE_ROWS)))
        other = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce")
        other.request.post(f"{address}api/session", data={"login": "chen.guodong"})  # the director, who sees all of it
        frames = max(10, size.of(FRAMES))
        yield from _long(other.new_page(), address, Path(folder) / "demo.sqlite3", size.of(LONG), frames)
        chromium.close()


class _Worked:
    """A press, and what the page's own thread worked for it, whoever else has the machine: in milliseconds."""

    def __init__(self, press: Press, devtools: CDPSession) -> None:
        self.of, self.devtools = press, devtools
        self.began, self.spent = 0.0, list[float]()

    def ready(self) -> None:
        self.of.ready()
        self.began = self._so_far()

    def press(self) -> None:
        self.of.press()
        self.spent.append(self._so_far() - self.began)

    def median(self) -> float:
        return statistics.median(self.spent)

    def _so_far(self) -> float:
        found = self.devtools.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in found if each["name"] == "TaskDuration") * 1000


def _long(page: Page, address: str, database: Path, rows: int, frames: int) -> Iterator[Comparison]:
    """One list of very many rows: anywhere in it at once, and as smooth as the screen."""
    _fill(database, rows)
    page.goto(f"{address}#/records/follow_up?view=team")
    page.locator(".lc-row[data-row-key]").first.wait_for()
    page.wait_for_function(f"() => document.querySelector('[role=grid]').ariaRowCount > {rows}")
    places = itertools.cycle((0.5, 0.13, 0.87, 0.31, 0.69, 1.0, 0.42, 0.95, 0.24, 0.77, 0.06))

    def jump() -> None:
        page.evaluate(JUMP, next(places))

    name = f"a list of {rows:,} rows, anywhere in it in 0.5 s"
    yield Comparison(name, jump, lambda: time.sleep(SOON), 1.0, "jumps")

    def wheel() -> None:
        page.evaluate(WHEEL, frames)

    smooth = frames / 60
    yield Comparison(
        f"{frames} frames down the wheel in it, at 60 a second",
        wheel,
        lambda: time.sleep(smooth),
        0.9,
        "frames",
        frames,
    )


def _sheet(context: BrowserContext, address: str, rows: int) -> Iterator[Comparison]:
    """A decision table of very many rows is changed: its cell shows it at once, and it is looked at as a whole."""
    context.request.post(f"{address}api/session", data={"login": "wu.xiaofeng"})
    page = context.new_page()
    page.goto(f"{address}#/tables/lead_assignment")
    page.locator("#lc-cell-0-0").click()
    page.evaluate(PASTE, _rows(rows))
    page.locator("#lc-cell-0-2").click()
    page.keyboard.type(">= 7")
    page.keyboard.press("Enter")
    page.locator(IS_FINE).wait_for()
    undo, redo = (f".lc-design-bar button:has(.anticon-{name})" for name in ("undo", "redo"))
    changed = "#lc-cell-0-2[title='>= 7']"

    def shown() -> None:
        page.evaluate(ANSWER, [redo, changed])

    def undone() -> None:
        if page.locator(changed).count():
            page.evaluate(ANSWER, [undo, f"!{changed}"])

    name = f"a cell of a decision table of {rows:,} rows is changed, in 0.1 s"
    yield Comparison(name, shown, _clock, 1.0, "changes", before=undone)

    page.locator("#lc-cell-0-2").click()
    numbers = itertools.count(8)

    def looked() -> None:
        for _ in range(2):
            page.evaluate(LOOK, f">= {next(numbers)}")

    yield Comparison(
        f"a decision table of {rows:,} rows is looked at after a rest of 0.4 s, in 0.3 s each",
        looked, lambda: time.sleep(2 * (REST + CHECKED)), 1.0, "looks", 2,
    )  # fmt: skip


def _rows(count: int) -> str:
    """Rows as a spreadsheet gives them: a province, an industry, a stretch of the budget, and who answers for it."""
    provinces = (
        "shanghai",
        "jiangsu",
        "zhejiang",
        "anhui",
        "shandong",
        "fujian",
        "guangdong",
        "hunan",
        "hubei",
        "henan",
    )
    lines = []
    for row in range(count):
        least = row // len(provinces) * 1000
        lines.append(f'"{provinces[row % len(provinces)]}"\t\t[{least}..{least + 1000})\t"li.na"')
    return "\n".join(lines)


def _fill(database: Path, rows: int) -> None:
    """What people wrote down of their visits, over and over, a minute apart."""
    with sqlite3.connect(database, timeout=60) as connection:
        names = [each[1] for each in connection.execute("PRAGMA table_info(follow_up)") if each[1] != "id"]
        earlier = "strftime('%Y-%m-%dT%H:%M:%S', at, '-' || n || ' minutes') || substr(at, 20)"
        taken = ", ".join(earlier if name == "at" else f'"{name}"' for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        (there,) = connection.execute("SELECT count(*) FROM follow_up").fetchone()
        missing = max(0, rows - there + 1)
        connection.execute(
            f"INSERT INTO follow_up ({columns}) WITH RECURSIVE times(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times "
            f"WHERE n <= {rows // there + 1}) SELECT {taken} FROM times CROSS JOIN follow_up LIMIT {missing}"
        )
        connection.execute("ANALYZE")


def _clock() -> None:
    time.sleep(AT_ONCE)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Host, str]]:
    """The CRM with its seed, on a socket of this machine."""
    documents = str(shutil.copytree(CRM, folder / "app"))
    host = Host(documents, f"sqlite:///{folder / 'demo.sqlite3'}", files=str(folder / "files"))
    host.publish()
    seed(host, passwords=False)
    config = uvicorn.Config(asgi_app(host, demo=True), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield host, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)
    host.close()
