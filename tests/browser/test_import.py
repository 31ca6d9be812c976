"""A large file in the browser: tried, brought in behind the scenes with progress, taken back by one press."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, OpenContext, fits


@pytest.mark.requirement("SF10", "F20", "F21", "F22", "X14")
def test_a_large_file_comes_in(page: Page, sign_in: SignIn, demo: Host, tmp_path: Path) -> None:
    """What is wrong is named before anything is written, and corrected where it stands; then it comes in, and goes
    again."""
    rows = ["公司,联系人,电话,需求描述"]
    rows += [f"大批{number:04}有限公司,张{number},0571-8{number:07},{'需求 ' * 110}" for number in range(1_000)]
    rows[10] = ",无名,0571-80000009,缺公司"
    file = tmp_path / "leads.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    sign_in(page, "陈国栋", "#/records/lead?view=all")
    page.get_by_role("button", name="更多").first.click()
    page.get_by_role("menuitem", name="导入").click()
    window = page.get_by_role("dialog")
    window.locator("input[type=file]").set_input_files(file)
    expect(window.get_by_role("status")).to_be_visible()
    expect(window).to_contain_text("新建 999", timeout=60_000)
    expect(window.get_by_role("row", name="11 ")).to_be_visible()
    window.get_by_role("textbox", name="第 11 行 公司 改为").fill("补上公司名的客户")
    expect(window.get_by_role("button", name="导入 999")).to_be_disabled()
    window.get_by_role("button", name="重新检查").click()
    outcome = window.get_by_role("alert")
    expect(outcome).to_have_text("新建 1000", timeout=60_000)
    window.get_by_role("button", name="导入 1,000").click()
    expect(page.locator(".ant-message")).to_contain_text("导入完成", timeout=120_000)
    expect(outcome).to_have_text("已导入：新建 1000")
    found = demo.ask(demo.app_actor, "records.list", type="lead", where='company = "大批0998有限公司"')["items"]
    assert 1 == len(found)
    fixed = demo.ask(demo.app_actor, "records.list", type="lead", where='company = "补上公司名的客户"')["items"]
    assert ["缺公司"] == [each["need"] for each in fixed]
    window.get_by_role("button", name="撤销本次导入").click()
    expect(page.locator(".ant-message")).to_contain_text("已撤销", timeout=120_000)
    assert [] == demo.ask(demo.app_actor, "records.list", type="lead", where='company = "大批0998有限公司"')["items"]


@pytest.mark.requirement("SF10", "F20")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_which_row_holds_the_titles_is_chosen(
    browser_context: OpenContext, sign_in: SignIn, tmp_path: Path, picture: Picture, language: str
) -> None:
    """Titles that name nothing the form knows, under a heading of several cells: looked for in vain, and chosen; on a
    phone in English."""
    file = tmp_path / "partners.csv"
    file.write_text("制表,2026-03-02\n部门,华东\n单位,联络\n甲公司,张三\n", encoding="utf-8")
    size = {"viewport": PHONE} if language == "en" else {}
    page = sign_in(browser_context(locale=language, **size).new_page(), "陈国栋", "#/records/lead?view=all")
    words = {"zh-CN": ("更多", "导入", "标题在第几行"), "en": ("More", "Import", "Row with the titles")}[language]
    page.get_by_role("main").get_by_role("button", name=words[0], exact=True).last.click()
    page.get_by_role("menuitem", name=words[1]).click()
    window = page.get_by_role("dialog")
    window.locator("input[type=file]").set_input_files(file)
    row = window.get_by_label(words[2], exact=True)
    expect(row).to_have_value("1")
    expect(window.locator(".lc-mapping")).to_contain_text("制表")
    row.fill("3")
    row.press("Enter")
    expect(window.locator(".lc-mapping")).to_contain_text("单位")
    expect(row).to_have_value("3")
    assert fits(page)
    picture(page, f"header-row-{language}")


@pytest.mark.requirement("F20", "F21", "F22", "X14")
def test_a_small_file_with_choices(page: Page, sign_in: SignIn, demo: Host, tmp_path: Path) -> None:
    """Why a column is not filled, by which field records are found, nothing while there are problems; later it is taken
    back from the list of what came in, and what somebody worked on since is told as kept."""
    file = tmp_path / "small.csv"
    rows = ["公司,联系人,外部编号,评分,负责人,邮箱", "小批一号,甲,XB-1,5,陈国栋,a@xiaopi.cn"]
    rows += ["小批二号,乙,XB-2,6,,b@xiaopi.cn", ",丙,XB-3,7,,c@xiaopi.cn"]
    file.write_text("\n".join(rows), encoding="utf-8")
    sign_in(page, "陈国栋", "#/records/lead?view=all")
    page.get_by_role("button", name="更多").first.click()
    page.get_by_role("menuitem", name="导入").click()
    window = page.get_by_role("dialog")
    window.locator("input[type=file]").set_input_files(file)
    expect(window.locator(".lc-import-column", has_text="评分")).to_contain_text("只由系统填写")
    window.get_by_label("评分", exact=True).click()
    closed = page.locator(".ant-select-item-option-disabled", has_text="跟进次数")
    page.keyboard.type("跟进次数")
    expect(closed).to_contain_text("由系统计算得出")
    page.keyboard.press("Escape")
    window.get_by_label("按哪些字段查找已有记录").click()
    page.locator(".ant-select-item-option", has_text="外部编号").click()
    page.keyboard.press("Escape")
    expect(window.get_by_role("button", name="导入 2")).to_be_enabled()
    window.get_by_label("有问题的行").click()
    page.locator(".ant-select-item-option", has_text="只要有就全部不导入").click()
    expect(window.get_by_role("button", name="没有可以导入的行")).to_be_disabled()
    window.get_by_label("有问题的行").click()
    page.locator(".ant-select-item-option", has_text="跳过，导入其余的行").click()
    window.get_by_role("button", name="导入 2").click()
    expect(page.locator(".ant-message")).to_contain_text("导入完成")
    window.locator(".ant-modal-footer").get_by_role("button", name="关闭").click()
    app = demo.app_actor
    second = demo.ask(app, "records.list", type="lead", where='company = "小批二号"')["items"][0]
    demo.ask(app, "records.update", type="lead", id=second["id"], values={"city": "杭州"})
    page.get_by_role("button", name="更多").first.click()
    page.get_by_role("menuitem", name="导入").click()
    recent = page.get_by_role("region", name="最近的导入")
    expect(recent).to_contain_text("新建 2，更新 0")
    recent.get_by_role("button", name="撤销本次导入").first.click()
    page.get_by_role("tooltip").get_by_role("button", name="撤销本次导入").click()
    expect(page.locator(".ant-message")).to_contain_text("有 1 条记录之后被修改过")
    expect(recent).to_contain_text("已全部撤回")
    left = demo.ask(app, "records.list", type="lead", where='company in ("小批一号", "小批二号")')["items"]
    assert [second["id"]] == [each["id"] for each in left]
