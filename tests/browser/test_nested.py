"""Lines within lines on the page: filled in, worked out while it is typed, read, and corrected on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.conftest import SignIn
from tests.browser.test_records import choose
from tests.support.browser import OpenContext


def deliveries(page: Page) -> Locator:
    """The batches of the form."""
    return page.get_by_role("dialog").get_by_role("group", name="交付批次", exact=True)


@pytest.mark.requirement("F2", "F10", "F12")
def test_a_tree_is_filled_in_and_worked_out(page: Page, sign_in: SignIn, demo: Host) -> None:
    """Amounts follow from the deliverables to the batch to the contract; what is missing is said in its place."""
    sign_in(page, "李娜", "#/records/contract?view=mine")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    form.get_by_label("合同名称").fill("两批交付")
    choose(page, "客户", "三江", "三江")
    form.get_by_label("合同金额").fill("90000")
    page.get_by_role("button", name="添加到“交付批次”").click()
    batch = deliveries(page).get_by_role("group", name="交付批次 1", exact=True)
    batch.get_by_role("textbox", name="批次 第 1 行").fill("首批")
    batch.get_by_role("button", name="添加一行").click()
    choose(page, "产品 第 1 行", "C300", "C300")
    batch.get_by_label("数量 第 1 行", exact=True).fill("3")
    expect(batch).to_contain_text("20,550")
    expect(form.locator("[data-field=scheduled_amount]")).to_contain_text("20,550")
    batch.get_by_role("textbox", name="实交日期 第 1 行").fill("2026-03-02")
    batch.get_by_role("textbox", name="实交日期 第 1 行").press("Enter")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(batch.get_by_role("alert").first).to_be_visible()
    batch.get_by_label("验收数量 第 1 行").fill("3")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_be_hidden()
    [made] = demo.ask(APP, "records.list", type="contract", where='name = "两批交付"', fields=("id",))["items"]
    kept = demo.ask(APP, "records.get", type="contract", id=made["id"])
    assert [(row["name"], [int(each["accepted"]) for each in row["items"]]) for row in kept["deliveries"]] == [
        ("首批", [3])
    ]
    assert str(kept["delivered_amount"]) == "20550.00"


@pytest.mark.requirement("F2")
def test_a_tree_is_read_and_corrected_on_a_phone(phone: Page, sign_in: SignIn, demo: Host) -> None:
    """Batches are cards with the cards of their deliverables in them."""
    [found] = demo.ask(
        APP, "records.list", type="contract", where='COUNT(deliveries, name = "二批：备件") > 0', fields=("id",)
    )["items"]
    page = phone
    sign_in(page, "李娜", f"#/records/contract/{found['id']}")
    block = page.get_by_role("region", name="交付批次 2")
    expect(block).to_contain_text("二批：备件")
    expect(block).to_contain_text("C120")
    page.get_by_role("button", name=re.compile("编辑")).first.click()
    batch = deliveries(page).get_by_role("group", name="交付批次 2", exact=True)
    batch.get_by_label("数量 第 1 行", exact=True).fill("1")
    page.get_by_role("dialog").get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    kept = demo.ask(APP, "records.get", type="contract", id=found["id"])["deliveries"]
    assert [[int(each["quantity"]) for each in row["items"]] for row in kept] == [[4, 1], [1]]


@pytest.mark.requirement("SP14")
def test_an_account_number_is_shown_under_its_mask(browser_context: OpenContext, sign_in: SignIn) -> None:
    """To who sells its first and last digits, to who handles money all of them."""
    for name, shown in (("李娜", "6222***********0123"), ("周敏", "6222021234567890123")):
        page = sign_in(browser_context().new_page(), name, "#/records/account?view=all&search=大连三江")
        page.locator(".lc-table tbody tr.lc-row .lc-first").first.click()
        expect(page.get_by_text(shown)).to_be_visible()
