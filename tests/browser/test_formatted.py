"""Formatted text is written as it will be read, and kept as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.served import served

FORM: dict[str, Any] = {
    "name": "note", "label": "name", "title": {"zh-CN": "说明", "en": "Note"},
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "text", "type": "rich_text", "title": {"zh-CN": "正文", "en": "Text"}},
    ],
    "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
}  # fmt: skip
CASES = json.loads(Path(__file__).with_name("formatted.json").read_text(encoding="utf-8"))
"""Sources that are written as they were, sources and how they are written, and what is pasted and how that is."""
COUNT = len(CASES["kept"]) + 2 * len(CASES["rewritten"]) + 2 * len(CASES["pasted"])
CASE_FORM = {
    **FORM, "name": "case",
    "fields": [*FORM["fields"], *({"name": f"c{at}", "type": "rich_text", "title": f"c{at}"} for at in range(COUNT))],
}  # fmt: skip
PICTURES = re.compile("正文中不能放图片|A text holds no pictures")
TYPE = (
    "(node, word) => { node.focus(); getSelection().collapse(node.firstChild.firstChild, 0);"
    "document.execCommand('insertText', false, word) }"
)
PASTE = (
    "(node, markup) => { node.focus(); const data = new DataTransfer(); data.setData('text/html', markup);"
    "node.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }"
)
MARKDOWN = """### Steps

Ask **who** decides and *when*, see [the guide](https://example.com/guide_1).
A second line with 2 \\* 3 \\< 7 and \\[brackets\\].

- one
  - within
- two, ~~not three~~

1. first
2. second

> a quote

| a | b |
| --- | --- |
| 1 | `x` |

```
code <b>
```"""


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[tuple[Host, str]]:
    documents = {
        "app.json": {"name": "notes", "roles": [{"name": "sales"}]},
        "forms/note.json": FORM,
        "forms/case.json": CASE_FORM,
    }
    with Host(documents, f"sqlite:///{tmp_path / 'notes.sqlite3'}", files=str(tmp_path / "files")) as host:
        host.publish()
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
        with served(host) as address:
            yield host, address


def opened(
    page: Page, notes: tuple[Host, str], text: str | dict[str, str] | None, form: str = "note"
) -> tuple[int, Locator]:
    """A record, and where its text is edited."""
    host, address = notes
    values = {"name": "n", **(text if isinstance(text, dict) else {"text": text})}
    made = host.ask(host.actor("ann"), "records.create", type=form, values=values)["id"]
    page.goto("about:blank")  # signing in anew ends the session of what stands open
    assert page.context.request.post(f"{address}api/session", data={"login": "ann"}).ok
    page.goto(f"{address}#/records/{form}/{made}")
    page.get_by_role("button", name="编辑").or_(page.get_by_role("button", name="Edit")).first.click()
    return made, page.get_by_role("dialog").get_by_role("textbox", name="正文").or_(
        page.get_by_role("dialog").get_by_role("textbox", name="Text", exact=True)
    )


def saved(page: Page, notes: tuple[Host, str], note: int, form: str = "note") -> str:
    page.get_by_role("button", name="保存", exact=True).or_(page.get_by_role("button", name="Save", exact=True)).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    return str(notes[0].ask(APP, "records.get", type=form, id=note)["text"])


@pytest.mark.requirement("SF01", "SF02")
def test_what_was_written_is_read_and_kept(page: Page, notes: tuple[Host, str]) -> None:
    """Opened and touched, nothing of it changes but the touch; what is read has the same parts."""
    note, text = opened(page, notes, MARKDOWN)
    expect(text.locator("h5")).to_have_text("Steps")
    expect(text.locator("strong")).to_have_text("who")
    expect(text.locator("li li")).to_have_text("within")
    text.locator("blockquote").click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    assert saved(page, notes, note) == MARKDOWN.replace("> a quote", "> a quote!")
    read = page.locator(".lc-facts .lc-markdown")
    expect(read.locator("a")).to_have_attribute("href", "https://example.com/guide_1")
    expect(read).to_contain_text("2 * 3 < 7 and [brackets]")
    expect(read).to_contain_text("Ask who decides and when, see")  # with the blanks beside the marks


@pytest.mark.requirement("SF01", "SP12")
def test_it_is_formatted_by_buttons_and_keys(browser_context: OpenContext, notes: tuple[Host, str]) -> None:
    """On a phone, in English: bold, underlined, a heading, a list, a link."""
    page = browser_context(viewport=PHONE, locale="en-GB").new_page()
    note, text = opened(page, notes, None)
    assert fits(page)
    text.click()
    page.keyboard.type("Title")
    page.get_by_role("button", name="Heading").click()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("bold")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type(" plain # 1")
    page.get_by_role("button", name="Underline").click()
    page.keyboard.type("under")
    page.get_by_role("button", name="Underline").click()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bulleted list").click()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two ")
    page.get_by_role("button", name="Link").click()
    page.get_by_role("textbox", name="Address of the link").fill("https://example.com/a")
    page.keyboard.press("Enter")
    assert saved(page, notes, note) == "# Title\n\n**bold** plain # 1<u>under</u>\n\n- one\n- two https://example.com/a"


def test_what_is_pasted_cannot_run(page: Page, notes: tuple[Host, str]) -> None:
    """Of a page of others come words and what formats them; HTML that a program sent is read the same."""
    markup = (
        '<p style="color:red" onclick="alert(1)">Hi <b>there</b><script>alert(2)</script>'
        '<img src=x onerror=alert(3)> <a href="javascript:alert(4)">run</a></p><ul><li>a<li>b</ul>'
    )
    note, text = opened(page, notes, None)
    text.click()
    text.evaluate(PASTE, markup)
    kept = "Hi **there** run\n\n- a\n- b"
    expect(page.locator(".ant-message")).to_contain_text(PICTURES)  # one was among it
    assert text.evaluate("node => node.querySelectorAll('script, img, [style], [onclick], a').length") == 0
    assert saved(page, notes, note) == kept
    other, text = opened(page, notes, markup)
    expect(text.locator("strong")).to_have_text("there")
    page.get_by_role("dialog").get_by_role("textbox").first.fill("renamed")
    assert saved(page, notes, other) == markup  # what nobody touched stays as it was sent
    expect(page.locator(".lc-facts .lc-markdown li")).to_have_count(2)


def test_a_picture_is_refused_with_a_word(page: Page, notes: tuple[Host, str]) -> None:
    """A picture that is pasted is not lost in silence: where it can be kept is said."""
    note, text = opened(page, notes, "a")
    text.evaluate(
        "node => { const data = new DataTransfer(); data.items.add(new File(['x'], 'x.png', {type: 'image/png'}));"
        "node.focus(); node.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true,"
        "cancelable: true})) }"
    )
    expect(page.locator(".ant-message")).to_contain_text(PICTURES)
    text.locator("p").click()
    page.keyboard.type("b")
    assert saved(page, notes, note) in ("ab", "ba")


@pytest.mark.requirement("SF01")
def test_what_nobody_touched_stays(page: Page, notes: tuple[Host, str]) -> None:
    """Entered and left, or edited and taken back, a text is as it was, however it was written."""
    note, text = opened(page, notes, "* a\n* b")
    text.focus()
    page.keyboard.press("Tab")
    text.locator("li").first.click()
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.get_by_role("dialog").get_by_role("textbox").first.fill("renamed")
    assert saved(page, notes, note) == "* a\n* b"


@pytest.mark.requirement("SF01")
def test_a_text_begins_with_what_is_underlined(page: Page, notes: tuple[Host, str]) -> None:
    """The sign of underlining is Markdown here, also at the very beginning; another tag right in it makes it HTML."""
    source = "<u>Note</u>: see **this**\n\n- one\n- two"
    note, text = opened(page, notes, source)
    expect(text.locator("u")).to_have_text("Note")
    expect(text.locator("strong")).to_have_text("this")
    text.locator("li").last.click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    assert saved(page, notes, note) == f"{source}!"
    expect(page.locator(".lc-facts .lc-markdown li")).to_have_count(2)
    _, text = opened(page, notes, "<u><b>Note</b></u><p>one</p>")
    expect(text.locator("u strong")).to_have_text("Note")
    expect(text.locator("p").last).to_have_text("one")


def test_forms_of_markdown(page: Page, notes: tuple[Host, str]) -> None:
    """Of a text whose first line is edited the rest is as it was; what was pasted is read as it was written."""
    written = [pair[1] for pair in CASES["rewritten"] + CASES["pasted"]]
    sources = [*([case, case] for case in CASES["kept"] + written), *CASES["rewritten"]]
    values = {f"c{at}": f"Q\n\n{source}" for at, (source, _) in enumerate(sources)}
    expected = {f"c{at}": f"ZQ\n\n{end}" for at, (_, end) in enumerate(sources)}
    pasted = {f"c{at}": pair for at, pair in enumerate(CASES["pasted"], len(sources))}
    case, _ = opened(page, notes, values, "case")
    texts = page.locator("[role=dialog] .lc-rich-page")
    for name in values:
        texts.and_(page.locator(f"[aria-label={name}]")).evaluate(TYPE, "Z")
    for name, (markup, end) in pasted.items():
        texts.and_(page.locator(f"[aria-label={name}]")).evaluate(PASTE, markup)
        expected[name] = end
    saved(page, notes, case, "case")
    kept = notes[0].ask(APP, "records.get", type="case", id=case)
    wrong = {name: (kept[name], end) for name, end in expected.items() if kept[name] != end}
    assert not wrong, "\n".join(f"{name}: {seen!r} instead of {end!r}" for name, (seen, end) in wrong.items())


def test_an_address_is_asked_until_it_is_one(page: Page, notes: tuple[Host, str]) -> None:
    note, text = opened(page, notes, None)
    text.click()
    page.keyboard.type("see ")
    link = page.get_by_role("button", name="链接").or_(page.get_by_role("button", name="Link", exact=True))
    box = page.locator(".lc-rich-link input")
    link.click()
    for wrong in ("https://", "javascript:alert(1)", "example"):
        box.fill(wrong)
        page.keyboard.press("Enter")
        expect(box).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(text).to_be_focused()
    link.click()
    box.fill("/a_b(c)")
    page.keyboard.press("Enter")
    expect(text.locator("a")).to_have_attribute("href", "/a_b(c)")
    assert saved(page, notes, note) == "see [/a_b(c)](/a_b%28c%29)"
