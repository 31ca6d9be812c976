"""What people do all day in the page, one press at a time: where they stand before it, the press, and what shows the
answer.

The time begins with the event and ends with the second frame after the answer stands there. What is shown is a
selector; `!` before it: it is gone; `|` after it: one with these words stands there.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Locator, Page, TimeoutError

from lowcode.host import Host

ANSWER = """([press, shown]) => new Promise((done, fail) => {
  const gone = shown.startsWith('!');
  const [words, part = ''] = (gone ? shown.slice(1) : shown).split('|');
  const seen = () => [...document.querySelectorAll(words)].some(each => each.textContent.includes(part) && each.checkVisibility());
  const there = () => seen() !== gone;
  const late = setTimeout(() => fail(new Error(`${shown} did not come after ${press}`)), 20000);
  const end = () => { clearTimeout(late); done(null); };
  const look = () => requestAnimationFrame(there() ? () => requestAnimationFrame(end) : look);
  const target = press && document.querySelector(press);
  if (press && !target) { fail(new Error(`${press} is not there`)); return; }
  if (target) target.click();
  look();
})"""  # noqa: E501  a script
JUMP = """share => new Promise((done, fail) => {
  const box = document.querySelector('.lc-sheet');
  box.scrollTop = (box.scrollHeight - box.clientHeight) * share;
  const left = () => document.querySelectorAll('.lc-row-unread').length;
  const there = () => document.querySelector('.lc-row[data-row-key]') && left() === 0;
  const late = setTimeout(() => fail(new Error(`${left()} rows at ${share} of the list did not come`)), 20000);
  const end = () => { clearTimeout(late); done(null); };
  const look = () => requestAnimationFrame(there() ? () => requestAnimationFrame(end) : look);
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
LIST, RECORD, FORM = "#/records/account?view=team", ".lc-table .lc-first", ".lc-form .lc-item"


@dataclass
class Stage:
    """The page somebody sits before, and the host behind it, for what others do meanwhile."""

    page: Page
    address: str
    host: Host

    def at(self, place: str, there: str) -> None:
        """Go to a place, and wait until it stands and nothing is on its way."""
        if self.page.get_by_role("dialog").count():
            self.page.reload()
        self.page.evaluate("place => { location.hash = place; }", place)
        try:
            self.page.locator(there).first.wait_for(timeout=10_000)
        except TimeoutError:  # something of the press before still held the page
            self.page.reload()
            self.page.locator(there).first.wait_for()
        self.page.wait_for_load_state("networkidle")

    def click(self, selector: str, shown: str) -> None:
        """A press with the mouse, and its answer."""
        self.page.evaluate(ANSWER, [selector, shown])

    def turn(self, place: str, shown: str) -> None:
        """What a choice writes into the address, and its answer."""
        self.page.evaluate("place => { location.hash = place; }", place)
        self.page.evaluate(ANSWER, ["", shown])

    def key(self, key: str, shown: str) -> None:
        """A press of a key, and its answer."""
        self.page.keyboard.press(key)
        self.page.evaluate(ANSWER, ["", shown])

    def word(self, word: str, shown: str) -> None:
        """A word that comes at once, as from an input method, and its answer."""
        self.page.keyboard.insert_text(word)
        self.page.evaluate(ANSWER, ["", shown])

    def first(self) -> str:
        """The row that stands first in a list, as a selector."""
        row = self.page.locator(".lc-table tr[data-index='0'][data-row-key]")
        return f".lc-table tr[data-index='0'][data-row-key='{row.get_attribute('data-row-key')}']"


Work = Callable[[], None]


@dataclass(frozen=True)
class Press:
    """One thing that is done: `ready` brings the page to where it is done, untimed; `press` does it."""

    name: str
    ready: Work
    press: Work


def presses(stage: Stage) -> Iterator[Press]:
    """All of them, by somebody who leads a team."""
    yield from _records(stage)
    yield from _lists(stage)
    yield from _forms(stage)
    yield from _boards(stage)
    yield from _work(stage)
    yield from _finding(stage)


def opened(stage: Stage) -> None:
    """A record stands, come to from its list."""
    stage.at(LIST, RECORD)
    stage.page.locator(RECORD).first.click()
    stage.page.locator(".lc-detail h1").wait_for()
    stage.page.wait_for_load_state("networkidle")


def _records(stage: Stage) -> Iterator[Press]:
    yield Press("a record opens", lambda: stage.at(LIST, RECORD), lambda: stage.click(RECORD, ".lc-detail h1"))
    yield Press("the list comes back", lambda: opened(stage), lambda: stage.click(".lc-crumb a", RECORD))
    yield Press(
        "another view of the list",
        lambda: stage.at(LIST, "[data-leaf=team][aria-selected=true]"),
        lambda: stage.click("[data-leaf=all]", "[data-leaf=all][aria-selected=true]"),
    )


def _lists(stage: Stage) -> Iterator[Press]:
    """The same list in another order, with a condition, in groups, and further down."""
    page = stage.page
    held = {"first": ""}
    named = quote('{"conditions": [{"field": "name", "operator": "contains", "value": "泰和"}]}')

    def listed() -> None:
        stage.at(LIST, RECORD)
        held["first"] = stage.first()

    def above() -> None:
        page.goto("about:blank")  # what was read further down is forgotten
        page.goto(f"{stage.address}{LIST}")
        page.locator(RECORD).first.wait_for()
        page.wait_for_load_state("networkidle")

    few = "!.lc-table tr[data-index='4'][data-row-key]"
    heads = ".lc-table th:nth-last-child(1) .lc-head-sort"
    yield Press("a list is sorted", listed, lambda: stage.click(heads, f"!{held['first']}"))
    yield Press("a list is filtered", listed, lambda: stage.turn(f"{LIST}&filter={named}", few))
    yield Press("a list is grouped", listed, lambda: stage.turn(f"{LIST}&group=grade", ".lc-group-head"))
    yield Press("more rows of a list", above, lambda: page.evaluate(JUMP, 0.5))


def _forms(stage: Stage) -> Iterator[Press]:
    page = stage.page
    numbers = itertools.count(100)

    def filled() -> None:
        opened(stage)
        page.locator("[data-shortcut=e]").click()
        page.locator(FORM).first.wait_for()
        page.get_by_role("dialog").get_by_label("电话").fill(f"021-5558{next(numbers):04d}")

    def begun() -> None:
        stage.at("#/records/quote?view=team", RECORD)
        page.locator("[data-shortcut=n]").hover()  # as a hand comes there, what it will press is fetched
        page.wait_for_timeout(400)
        page.wait_for_load_state("networkidle")

    def stands() -> None:
        begun()
        page.locator("[data-shortcut=n]").click()
        page.locator(FORM).first.wait_for()

    def cell() -> Locator:
        heads = page.locator(".lc-table thead th:not(.lc-choose)").all_inner_texts()
        at = [each.strip() for each in heads].index("预计金额")
        return page.locator(f".lc-table tr[data-index='2'] td[data-column='{at}']")

    def typed() -> None:
        stage.at("#/records/opportunity?view=team", RECORD)
        cell().dblclick()
        page.locator(".lc-editor input").first.fill(str(50_000 + next(numbers)))
        page.wait_for_load_state("networkidle")

    yield Press("a form opens", begun, lambda: stage.click("[data-shortcut=n]", FORM))
    yield Press("a form closes", stands, lambda: stage.click(".lc-form-foot button", f"!{FORM}"))
    yield Press("a form is saved", filled, lambda: stage.click(".lc-form-foot .ant-btn-primary", f"!{FORM}"))
    yield Press("a cell is typed", typed, lambda: stage.key("Enter", "!.lc-editor"))


def _boards(stage: Stage) -> Iterator[Press]:
    """A card is let go over the next column."""
    page = stage.page
    held = {"card": ""}

    def lifted() -> None:
        stage.at("#/records/task?view=board", "[data-lane=open] .lc-kanban-card")
        card = page.locator("[data-lane=open] .lc-kanban-card").first
        held["card"] = card.get_attribute("data-record") or ""
        start, end = card.bounding_box(), page.locator("[data-lane=doing] .lc-lane-body").bounding_box()
        assert start is not None and end is not None
        page.mouse.move(start["x"] + 40, start["y"] + 20)
        page.mouse.down()
        page.mouse.move(start["x"] + 60, start["y"] + 30, steps=4)
        page.mouse.move(end["x"] + 60, end["y"] + 60, steps=8)
        page.locator(".lc-lane-over").wait_for()

    def dropped() -> None:
        page.mouse.up()
        page.evaluate(ANSWER, ["", f"[data-lane=doing] [data-record='{held['card']}']:not(.lc-moving)"])

    yield Press("a card is moved", lifted, dropped)


def _work(stage: Stage) -> Iterator[Press]:
    page, host = stage.page, stage.host
    waiting = {"number": ""}

    def asked() -> None:
        seller = host.actor("li.na")
        lines = [{"product": 1, "quantity": 2}]
        values = {"account": 1, "subject": "备件", "items": lines}
        quote = host.ask(seller, "records.create", type="quote", values=values)
        host.ask(seller, "records.update", type="quote", id=quote["id"], values={"stage": "approving"})
        host.deliver()
        waiting["number"] = str(quote["number"])
        page.reload()
        stage.at("#/tasks/open", f".lc-task-chosen:has-text('{quote['number']}')")
        page.locator(".lc-task-panel .ant-btn-primary").wait_for()
        page.wait_for_load_state("networkidle")

    yield Press(
        "the inbox shows what is done",
        lambda: stage.at("#/tasks/open", "[data-leaf=open][aria-selected=true]"),
        lambda: stage.click("[data-leaf=done]", "[data-leaf=done][aria-selected=true]"),
    )
    yield Press(
        "an approval is decided",
        asked,
        lambda: stage.click(".lc-task-panel .ant-btn-primary", f"!.lc-task|{waiting['number']}"),
    )


def _finding(stage: Stage) -> Iterator[Press]:
    page = stage.page

    def alone() -> None:
        page.keyboard.press("Escape")
        stage.at(LIST, RECORD)

    def searching() -> None:
        stage.at(LIST, RECORD)
        box = page.locator(".lc-search input")
        box.fill("")
        page.wait_for_timeout(400)
        page.wait_for_load_state("networkidle")
        box.focus()

    def everywhere() -> None:
        alone()
        page.keyboard.press("Control+k")
        page.locator("#lc-finds").wait_for()
        page.wait_for_timeout(400)

    yield Press(
        "a list is searched", searching, lambda: stage.word("泰和", "!.lc-table tr[data-index='4'][data-row-key]")
    )
    yield Press("the palette opens", alone, lambda: stage.key("Control+k", "#lc-finds"))
    yield Press("everything is searched", everywhere, lambda: stage.word("泰和", "#lc-finds [role=option]|泰和"))
