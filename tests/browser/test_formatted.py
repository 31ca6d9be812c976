"""Formatted text is written as it will be read, and kept as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.served import served

FORM = {
    "name": "note", "label": "name", "title": {"zh-CN": "说明", "en": "Note"},
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "text", "type": "rich_text", "title": {"zh-CN": "正文", "en": "Text"}},
    ],
    "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
}  # fmt: skip
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
    documents = {"app.json": {"name": "notes", "roles": [{"name": "sales"}]}, "forms/note.json": FORM}
    with Host(documents, f"sqlite:///{tmp_path / 'notes.sqlite3'}", files=str(tmp_path / "files")) as host:
        host.publish()
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
        with served(host) as address:
            yield host, address


def opened(page: Page, notes: tuple[Host, str], text: str | None) -> tuple[int, Locator]:
    """A note, and where its text is edited."""
    host, address = notes
    made = host.ask(host.actor("ann"), "records.create", type="note", values={"name": "n", "text": text})["id"]
    assert page.context.request.post(f"{address}api/session", data={"login": "ann"}).ok
    page.goto("about:blank")
    page.goto(f"{address}#/records/note/{made}")
    page.get_by_role("button", name="编辑").or_(page.get_by_role("button", name="Edit")).first.click()
    return made, page.get_by_role("dialog").get_by_role("textbox", name="正文").or_(
        page.get_by_role("dialog").get_by_role("textbox", name="Text", exact=True)
    )


def saved(page: Page, notes: tuple[Host, str], note: int) -> str:
    page.get_by_role("button", name="保存", exact=True).or_(page.get_by_role("button", name="Save", exact=True)).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    return str(notes[0].ask(APP, "records.get", type="note", id=note)["text"])


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
    """On a phone, in English: bold, a heading, a list, a link."""
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
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bulleted list").click()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two ")
    page.get_by_role("button", name="Link").click()
    page.get_by_role("textbox", name="Address of the link").fill("https://example.com/a")
    page.keyboard.press("Enter")
    assert saved(page, notes, note) == "# Title\n\n**bold** plain # 1\n\n- one\n- two https://example.com/a"


def test_what_is_pasted_cannot_run(page: Page, notes: tuple[Host, str]) -> None:
    """Of a page of others come words and what formats them; HTML that a program sent is read the same."""
    markup = (
        '<p style="color:red" onclick="alert(1)">Hi <b>there</b><script>alert(2)</script>'
        '<img src=x onerror=alert(3)> <a href="javascript:alert(4)">run</a></p><ul><li>a<li>b</ul>'
    )
    note, text = opened(page, notes, None)
    text.click()
    text.evaluate(
        "(node, markup) => { const data = new DataTransfer(); data.setData('text/html', markup);"
        "node.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }",
        markup,
    )
    kept = "Hi **there** run\n\n- a\n- b"
    assert text.evaluate("node => node.querySelectorAll('script, img, [style], [onclick], a').length") == 0
    assert saved(page, notes, note) == kept
    other, text = opened(page, notes, markup)
    expect(text.locator("strong")).to_have_text("there")
    page.get_by_role("dialog").get_by_role("textbox").first.fill("renamed")
    assert saved(page, notes, other) == markup  # what nobody touched stays as it was sent
    expect(page.locator(".lc-facts .lc-markdown li")).to_have_count(2)
