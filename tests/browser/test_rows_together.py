"""Two people at the rows of one quote: what goes together is saved without a word; where it collides, rows are shown
from both sides and chosen one by one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, OpenContext, Watched

WORDS = {
    "zh-CN": {
        "edit": "编辑", "save": "保存", "title": "这条记录刚被其他人修改过", "row": "第 {} 行",
        "quantity": "数量 第 {} 行", "price": "单价 第 {} 行", "theirs": "用对方的", "choose": "按所选保存",
        "both": "双方都改了", "gone": "您改了，对方已删除",
    },
    "en": {
        "edit": "Edit", "save": "Save", "title": "Someone else has just changed this record", "row": "Row {}",
        "quantity": "Quantity Row {}", "price": "Unit price Row {}", "theirs": "Theirs", "choose": "Save as chosen",
        "both": "both changed it", "gone": "you changed it, they removed it",
    },
}  # fmt: skip


def quoted(demo: Host) -> dict[str, Any]:
    """A quote of three rows."""
    li = demo.actor("li.na")
    [account] = demo.ask(li, "records.list", type="account", limit=1)["items"]
    products = demo.ask(li, "records.list", type="product", limit=3, sort=("id",))["items"]
    items = [{"product": each["id"], "quantity": 1, "price": "100"} for each in products]
    made = demo.ask(
        li, "records.create", type="quote", values={"subject": "两人", "account": account["id"], "items": items}
    )
    found: dict[str, Any] = demo.ask(li, "records.get", type="quote", id=made["id"])
    return found


def rows(demo: Host, quote: dict[str, Any]) -> list[tuple[int, str]]:
    kept = demo.ask(demo.actor("li.na"), "records.get", type="quote", id=quote["id"])["items"]
    return [(int(row["quantity"]), str(row["price"])) for row in kept]


def elsewhere(demo: Host, quote: dict[str, Any], items: list[dict[str, Any]]) -> None:
    """Somebody else, at another machine, with the quote as it is now."""
    demo.ask(demo.app_actor, "records.update", type="quote", id=quote["id"], values={"items": items})


def editing(page: Page, word: dict[str, str]) -> Locator:
    page.get_by_role("button", name=word["edit"]).first.click()
    return page.get_by_role("dialog")


@pytest.mark.requirement("F2", "SP19")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_rows_of_two_people(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, watched: Watched, picture: Picture, language: str
) -> None:
    """Other rows and columns go together; a collision is a row with both sides, readable on a phone."""
    watched.forgive("412")
    word, quote = WORDS[language], quoted(demo)
    ids = [{"id": row["id"]} for row in quote["items"]]
    page = sign_in(browser_context(locale=language).new_page(), "李娜", f"#/records/quote/{quote['id']}")

    form = editing(page, word)
    form.get_by_label(word["quantity"].format(1), exact=True).fill("5")
    elsewhere(demo, quote, [{**ids[0], "price": "90"}, {**ids[1], "quantity": 2}, ids[2]])
    form.get_by_role("button", name=word["save"], exact=True).click()
    expect(form).to_be_hidden()
    assert rows(demo, quote) == [(5, "90.00"), (2, "100.00"), (1, "100.00")]

    form = editing(page, word)
    form.get_by_label(word["quantity"].format(1), exact=True).fill("6")
    form.get_by_label(word["quantity"].format(2), exact=True).fill("7")
    form.get_by_label(word["price"].format(3), exact=True).fill("80")
    elsewhere(demo, quote, [{**ids[0], "quantity": 8, "price": "85"}, {**ids[1], "quantity": 9}])
    form.get_by_role("button", name=word["save"], exact=True).click()
    conflict = page.get_by_role("dialog", name=word["title"])
    first, second, third = (conflict.get_by_role("article", name=word["row"].format(at)) for at in (1, 2, 3))
    expect(first).to_contain_text(word["both"])
    expect(third).to_contain_text(word["gone"])
    picture(page, f"rows-{language}-desk")
    page.set_viewport_size(PHONE)
    for each in (first, second, third):
        each.scroll_into_view_if_needed()
        box = each.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    picture(page, f"rows-{language}-phone")
    second.locator(".ant-segmented").get_by_text(word["theirs"], exact=True).click()
    conflict.get_by_role("button", name=word["choose"]).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert rows(demo, quote) == [(6, "85.00"), (9, "100.00"), (1, "80.00")]
