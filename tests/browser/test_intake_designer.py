"""The designer of ways in: from a sample to the record it becomes, and a mailbox that is looked into."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.support.browser import fits, leave_list, still
from tests.support.reach import barriers

pytestmark = pytest.mark.browser
ADMINISTRATOR = "吴晓峰"
SAMPLE = {"buyer": {"company": "海川泵业", "mobile": "13900000999"}, "note": "请报价"}


def chosen(page: Page, label: str, option: str) -> None:
    """An option of a list, by keyboard, as soon as it is there."""
    box = page.get_by_label(label, exact=True)
    box.click()
    box.fill(option)
    expect(page.locator(".ant-select-item-option-active", has_text=option)).to_be_visible()
    page.keyboard.press("Enter")
    leave_list(page)


@pytest.mark.requirement("SP01", "SA03", "SA04")
def test_an_intake_is_made_of_a_sample(page: Page, sign_in: SignIn) -> None:
    """From the ways in to one that could be published: a preset, a form, one's own sample, a field that was not found,
    what comes of it, a mistake at its place, anybody instead of a key, and the code that calls it."""
    sign_in(page, ADMINISTRATOR, "#/connections/in")
    page.get_by_role("link", name="新增连接").click()
    page.get_by_role("button", name=re.compile("^其他程序")).focus()
    page.keyboard.press("Enter")
    asked = page.get_by_role("dialog")
    asked.get_by_label("名称", exact=True).fill("询价")
    asked.get_by_label("标识（小写字母、数字、下划线）").fill("inquiries")
    page.keyboard.press("Enter")
    desk = page.locator(".lc-connection-desk")
    sample = desk.get_by_label("对方发来的数据（示例）", exact=True)
    sample.fill("{")
    expect(desk.get_by_role("alert")).to_contain_text("不是 JSON")
    sample.fill(json.dumps(SAMPLE, ensure_ascii=False))
    chosen(page, "写成哪种记录", "线索")
    expect(desk.get_by_label("字段对应: 公司", exact=True)).to_have_value("payload.buyer.company")
    expect(desk.get_by_label("字段对应: 电话", exact=True)).to_have_value("payload.buyer.mobile")
    came = desk.get_by_role("group", name="试运行结果")
    expect(came).to_contain_text("/name")
    chosen(page, "添加字段", "联系人")
    contact = desk.get_by_label("字段对应: 联系人", exact=True)
    contact.fill("payload.buyer.nam")
    expect(desk.locator(".lc-design-wrong", has_text="payload.buyer.nam")).to_be_visible()
    contact.fill('"采购部"')
    expect(came).to_contain_text("新建一条线索")
    expect(desk.locator(".lc-intake-got", has_text="海川泵业")).to_be_visible()
    desk.get_by_role("group", name="谁可以提交").get_by_text("任何人（网页直接提交）").click()
    desk.get_by_label("蜜罐字段（人看不到，填写即为机器）", exact=True).fill("homepage")
    expect(desk.get_by_role("tabpanel", name="网页表单")).to_contain_text('name="homepage"')
    assert barriers(page) == []
    expect(page.get_by_role("button", name="没有问题")).to_be_visible()
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_enabled()


@pytest.mark.requirement("SP01", "A15")
def test_a_mailbox_is_changed_on_a_phone(phone: Page, sign_in: SignIn) -> None:
    """From the ways in: a server instead of the secret with the address; it is looked into, and says why it cannot; a
    letter that is pasted is read, and nobody is known for it."""
    sign_in(phone, ADMINISTRATOR, "#/connections/in")
    phone.get_by_role("link", name="修改 sales_mail").click()
    desk = phone.locator(".lc-connection-desk")
    expect(desk.get_by_label("收信服务器（IMAP）：密钥名称", exact=True)).to_have_value("SALES_IMAP_URL")
    desk.get_by_text("直接填写").click()
    desk.get_by_label("收信服务器（IMAP）：值", exact=True).fill("imap.example")
    expect(desk.locator("[data-option=url] .lc-design-wrong")).to_contain_text("imaps://")
    desk.get_by_label("收信服务器（IMAP）：值", exact=True).fill("imaps://127.0.0.1:9")
    desk.get_by_label("用户名", exact=True).fill("sales")
    desk.get_by_label("密码", exact=True).fill("sales_password")
    expect(phone.get_by_role("button", name="没有问题")).to_be_visible()
    desk.get_by_role("button", name="测试连接").click()
    expect(desk.get_by_role("alert")).to_contain_text("LOWCODE_SECRET_SALES_PASSWORD")
    letter = desk.get_by_role("group", name="用一封样信试试")
    letter.get_by_role("textbox").fill("From: nobody@nowhere.example\nSubject: Hello\n\nwords")
    expect(letter.get_by_role("status")).to_contain_text("找不到寄件人")
    phone.locator(".lc-design-bar").evaluate("it => it.scrollIntoView({block: 'center'})")  # whole, under no other bar
    assert fits(still(phone)) and barriers(phone, looks=("light",)) == []


@pytest.mark.requirement("SP01", "SA09")
def test_an_endpoint_is_made_and_called_before_it_is_published(page: Page, sign_in: SignIn) -> None:
    """A value of the query, a record that is looked up, a part of the answer; a mistake at its place; the call of the
    document as it stands, and the command that calls it."""
    sign_in(page, ADMINISTRATOR, "#/connections/design/find_product?type=endpoint&title=Product")
    desk = page.locator(".lc-connection-desk")
    expect(desk.get_by_text("表达式是空的")).to_be_visible()
    desk.get_by_label("参数名称", exact=True).fill("code")
    page.keyboard.press("Enter")
    expect(desk.get_by_label("code的类型", exact=True)).to_be_visible()
    chosen(page, "添加步骤", "查一条记录")
    step = desk.get_by_role("group", name="1. 查一条记录")
    chosen(page, "表单", "产品")
    step.get_by_label("条件", exact=True).fill("code = query.cod")
    expect(step.locator(".lc-design-wrong", has_text="query.cod")).to_be_visible()
    step.get_by_label("条件", exact=True).fill("code = query.code")
    step.get_by_label("以后称为", exact=True).fill("product")
    desk.get_by_label("内容", exact=True).fill("product.name")
    expect(page.get_by_role("button", name="没有问题")).to_be_visible()
    desk.get_by_label("?code=", exact=True).fill("no-such-code")
    desk.get_by_role("button", name="试运行").click()
    expect(desk.get_by_role("group", name="试运行结果")).to_contain_text("拒绝 404")
    expect(desk.get_by_role("tabpanel", name="curl")).to_contain_text("api/endpoints/find_product?code=no-such-code")
    assert barriers(page) == [] and fits(still(page))
