"""What keeps somebody out of a page: found by a program (axe), and by walking through it with the Tab key."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.support.browser import still

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOK = """([values, type, inside, like]) => axe
  .run({include: [inside], exclude: like}, {
    runOnly: {type, values}, resultTypes: ['violations'], selectors: false,
    rules: {
      'target-size': {enabled: type === 'tag' || values.includes('target-size')},
      'label-content-name-mismatch': {enabled: type === 'tag'},
    },
  })
  .then(found => found.violations.map(({id, nodes}) => [id, nodes.slice(0, 3).map(each => each.html.slice(0, 160))]))"""
LIKE = [
    "tr.lc-row:nth-of-type(n+8)", ".lc-card:nth-of-type(n+5)", ".lc-kanban-card:nth-of-type(n+5)",
    ".lc-calendar-row:nth-of-type(n+4)", ".lc-bars-row:nth-of-type(n+6)", ".lc-tree li:nth-of-type(n+6)",
    ".lc-map-list > li:nth-of-type(n+6)", ".lc-plain tbody tr:nth-of-type(n+6)", ".lc-map-many", ".lc-map-mark",
]  # fmt: skip
"""Of what stands on a page many times alike the first few are looked at, and nothing of what stands where it is on a
map (WCAG 2.5.8: its place is essential; the list beside it has the same); colours are held by their own test
(tests/architecture/test_looks.py), whatever a row shows."""
OPENED = ".ant-drawer, .ant-popover, .ant-dropdown, .ant-modal, #lc-finds"
TURNED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
"""The page has heard of another look and begun to turn: only then is there anything to wait for."""
WAITING = ".lc-waiting:visible, .lc-sketch:visible, .ant-spin-spinning:visible"
LOOKS: dict[str, list[Any]] = {
    "light": [RULES, "tag"],
    "dark": [["color-contrast"], "rule"],
    "touch": [["target-size"], "rule"],
}


def barriers(
    page: Page, inside: str = "html", looks: tuple[str, ...] = ("light", "dark"), *, back: bool = True
) -> list[tuple[str, Any]]:
    """What of WCAG 2 A and AA a program finds violated on the page or in what opened on it, once it stands: by day
    everything, by night what another look can change, by touch the size of what is touched. `back`: the page is by day
    again afterwards."""
    found: list[tuple[str, Any]] = []
    page.wait_for_function(
        "where => [...document.querySelectorAll(where)].some(it => it.checkVisibility())", arg=inside
    )
    for look in looks:
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.evaluate(TURNED)
        expect(page.locator(WAITING)).to_have_count(0)
        still(page)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found += [(f"{look}: {rule}", nodes) for rule, nodes in page.evaluate(LOOK, [*LOOKS[look], inside, LIKE])]
    if back:
        page.emulate_media(color_scheme="light")
    return found


WALK = """() => {
  const parts = [null, '::before', '::after'];
  const looks = each => parts.map(part => {
    const now = getComputedStyle(each, part);
    const line = now.outlineStyle === 'none' ? '' : now.outline;
    return [line, now.boxShadow, now.borderColor, now.backgroundColor, now.textDecoration, now.opacity].join();
  }).join();
  const around = each => {
    const found = [];
    for (let up = each; up && up !== document.body && found.length < 5; up = up.parentElement) found.push(up);
    return each.nextElementSibling ? [...found, each.nextElementSibling] : found;
  };
  const hit = (each, box) => {
    const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
    const [right, bottom] = [Math.min(innerWidth, box.right), Math.min(innerHeight, box.bottom)];
    if (right - left < 1 || bottom - top < 1) return 'out of sight';
    const own = [each, ...(each.labels ?? []), each.closest('.ant-select, .ant-picker, label')].filter(Boolean);
    const met = [[.5, .5], [.1, .2], [.9, .8], [.1, .8], [.9, .2]].map(([x, y]) =>
      document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y));
    if (met.some(there => there && (there.contains(each) || own.some(one => one.contains(there))))) return '';
    return `covered by ${met[0]?.outerHTML.slice(0, 90)}`;
  };
  const style = document.createElement('style');
  style.textContent = '*, *::before, *::after { transition: none !important }';
  document.head.append(style);
  const met = new Set();
  let last = null;
  window.stopped = () => {
    const at = document.activeElement;
    const wrong = [];
    if (last) {
      const within = each => each.contains(at) && at !== document.body;
      const same = ([each, was], place) => (place > 0 && within(each)) || (each.isConnected && looks(each) === was);
      if (!last.chosen && last.looks.every(same)) wrong.push(`not seen: ${last.name}`);
    }
    last = null;
    if (!at || at === document.body) return {end: true, wrong};
    const name = at.outerHTML.slice(0, 150);
    if (met.has(at)) return {end: true, wrong: [...wrong, `goes round: ${name}`]};
    met.add(at);
    // What is chosen by being stopped at stays chosen, and looks so.
    const chosen = at.getAttribute('aria-current') === 'true';
    last = {name, chosen, looks: around(at).map(each => [each, looks(each)])};
    let box = at;
    while (box.parentElement && (box.offsetWidth ?? 2) < 2) box = box.parentElement;
    const hidden = hit(box, box.getBoundingClientRect());
    return {end: false, wrong: hidden ? [...wrong, `${hidden}: ${name}`] : wrong};
  };
}"""
MOST = 80
"""Longer ways are through lists, whose rows are alike."""


def walk(page: Page) -> list[str]:
    """What is wrong on the way through a page by Tab alone, from the link that skips the menu to its end: a stop that
    cannot be seen, lies out of sight or under something, or leads round in a circle."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    skip = page.locator(".lc-skip")
    skip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.evaluate(WALK)
    wrong: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate("stopped()")
        wrong += stop["wrong"]
        if stop["end"]:
            break
    return wrong


CALLED = """() => {
  const flat = (text) => text.trim().split(/\\s+/).join(' ');
  const heads = [...document.querySelectorAll('h1')].filter((each) => each.checkVisibility() && flat(each.innerText));
  return heads.length === 1 && flat(document.title).includes(flat(heads[0].innerText));
}"""
SOON = 5_000
"""A page that has just come, or speaks another language now, has its name within so many milliseconds."""


def named(page: Page) -> list[str]:
    """What is wrong with how a page is called: one heading of the first level, and the window has its name."""
    with suppress(TimeoutError):
        page.wait_for_function(CALLED, timeout=SOON)
    headings = [each for each in page.locator("h1:visible").all_inner_texts() if each.strip()]
    if len(headings) != 1:
        return [f"first headings: {headings}"]
    title = page.title()
    return [] if " ".join(headings[0].split()) in " ".join(title.split()) else [f"the window is called {title!r}"]


HERE = "each => each === document.activeElement || each.contains(document.activeElement)"
UNSEEN = """() => {
  let at = document.activeElement;
  if (at === document.body) return ''; // beyond the last stop: the browser itself
  const name = at.outerHTML.slice(0, 160);
  for (let up = 0; at && up < 4; up += 1, at = at.parentElement) {
    const looks = getComputedStyle(at);
    if ((looks.outlineStyle !== 'none' && parseFloat(looks.outlineWidth) > 0) || looks.boxShadow !== 'none') return '';
  }
  return name;
}"""


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Walk to something with one key; each stop on the way can be seen."""
    expect(target).to_be_visible()
    for _ in range(120):
        if target.evaluate(HERE):
            return
        page.keyboard.press(key)
        unseen = page.evaluate(UNSEEN)
        assert unseen == "", f"the focus cannot be seen on {unseen}"
    pytest.fail(f"{target} is not reached by {key}")


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    page.keyboard.press("Enter")
