"""Records in the browser: lists, forms with live formulas, details, boards."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext, Watched, fits


def choose(page: Page, label: str, search: str, answer: str) -> None:
    """Look something up in a link field."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.click()
    field.fill(search)
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=answer).first.click()


def test_a_demo_person_enters_by_one_press(page: Page, sign_in: SignIn) -> None:
    """Menus and name are those of the person."""
    sign_in(page, "李娜")
    expect(page.locator(".lc-who")).to_contain_text("李娜")
    expect(page.locator(".lc-side")).to_contain_text("线索")
    expect(page.locator(".lc-side")).to_contain_text("商机")


def test_a_list_is_searched_sorted_and_filtered(page: Page, sign_in: SignIn) -> None:
    """What is asked for stands in the address, and the answer comes from the server."""
    sign_in(page, "李娜", "#/records/account?view=all")
    rows = page.locator(".lc-table tbody tr.lc-row")
    expect(rows.first).to_be_visible()
    page.get_by_placeholder("搜索客户").fill("三江")
    expect(rows.first).to_contain_text("三江")
    expect(page).to_have_url(re.compile("search="))
    page.get_by_placeholder("搜索客户").fill("")
    page.get_by_role("button", name="筛选").click()
    dialog = page.get_by_role("form", name="筛选")
    dialog.get_by_role("combobox", name="字段").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="客户名称").first.click()
    dialog.get_by_role("textbox", name="值").fill("上海")
    dialog.get_by_role("button", name="应用").click()
    expect(page.locator(".lc-chips")).to_contain_text("上海")
    expect(rows.first).to_contain_text("上海")


def test_a_quote_is_worked_out_while_it_is_typed_and_copied(page: Page, sign_in: SignIn, demo: Host) -> None:
    """Prices come with the product, amounts and totals follow, and the server agrees on saving. A copy of it opens
    filled and is there once it is saved."""
    sign_in(page, "李娜", "#/records/quote")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    choose(page, "客户", "三江", "三江")
    form.get_by_role("button", name="添加一行").click()
    choose(page, "产品 第 1 行", "光幕", "安全光幕")
    price = form.get_by_label("单价 第 1 行")
    expect(price).not_to_have_value("")
    form.get_by_label("数量 第 1 行").fill("3")
    form.get_by_label("单价 第 1 行").fill("3260.10")
    form.get_by_label("折扣 第 1 行").fill("10")
    form.get_by_label("折扣 第 1 行").press("Tab")
    expect(form.locator('[data-field="items"]')).to_contain_text("8,802.27")
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    expect(page.locator(".ant-message")).to_contain_text("已新建")

    li = demo.actor("li.na")
    newest = {"type": "quote", "sort": ("-id",), "limit": 1, "fields": ("number", "total")}
    [made] = demo.ask(li, "records.list", **newest)["items"]
    page.goto(page.url.partition("#")[0] + f"#/records/quote/{made['id']}")
    page.get_by_role("button", name="操作", exact=True).click()
    page.get_by_role("menuitem", name="复制").click()
    expect(form).to_contain_text("的副本，保存后才会创建")
    expect(form.get_by_label("单价 第 1 行")).to_have_value("3,260.10")  # and not what the product costs
    assert demo.ask(li, "records.list", **newest)["items"] == [made]
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    expect(page).not_to_have_url(re.compile(rf"/quote/{made['id']}$"))
    [copy] = demo.ask(li, "records.list", **newest)["items"]
    assert (copy["total"], copy["number"] != made["number"]) == (made["total"], True)


def test_what_the_server_refuses_stands_at_its_field(page: Page, sign_in: SignIn, watched: Watched) -> None:
    """A needed field is named beside the field; an unfinished form is not lost by accident."""
    watched.forgive("422")
    sign_in(page, "李娜", "#/records/contact")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="保存").click()
    expect(form.locator('[data-field="name"] .lc-problem')).to_be_visible()
    form.get_by_label("姓名").first.fill("测试")
    form.get_by_role("button", name="取消").click()
    expect(page.locator(".ant-modal-confirm")).to_contain_text("放弃未保存的修改")
    page.get_by_role("button", name="放弃修改").click()
    expect(form).to_be_hidden()


def test_a_record_shows_its_way_and_its_story(page: Page, sign_in: SignIn) -> None:
    """States, related records and what happened."""
    sign_in(page, "李娜", "#/records/opportunity?view=all")
    page.locator(".lc-table tbody tr.lc-row .lc-first").first.click()
    expect(page.locator(".lc-way [aria-current=step]")).to_be_visible()
    expect(page.locator(".lc-timeline")).to_contain_text("创建了记录")
    page.get_by_role("tab", name="报价单").click()
    expect(page.get_by_role("region", name="报价单")).to_be_visible()


def test_a_comment_joins_the_story(page: Page, sign_in: SignIn) -> None:
    """What somebody says stands first; they put it in other words, and take it away, which stays to be read."""
    sign_in(page, "李娜", "#/records/opportunity")
    page.locator(".lc-table tbody tr.lc-row .lc-first").first.click()
    page.get_by_label("写评论，@ 提醒同事…").fill("客户要求下周给方案")
    page.get_by_role("button", name="发送").click()
    first = page.locator(".lc-timeline .lc-said").first
    expect(first).to_have_text("客户要求下周给方案")
    page.get_by_role("button", name="修改评论").first.click()
    box = page.locator(".lc-happening").get_by_label("修改评论")
    expect(box).to_be_focused()
    box.fill("客户要求本周给方案")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(first).to_have_text("客户要求本周给方案")
    expect(page.locator(".lc-happening").first).to_contain_text("已修改")
    page.get_by_role("button", name="删除评论").first.click()
    page.get_by_role("dialog").get_by_role("button", name="删除", exact=True).click()
    expect(page.locator(".lc-timeline")).not_to_contain_text("客户要求本周给方案")
    expect(page.locator(".lc-happening").first).to_contain_text("发表的评论已由 李娜 删除")
    expect(page.locator(".lc-happening").first.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("place", ["#/records/lead", "#/records/quote", "#/tasks"])
def test_a_phone_gets_cards_and_a_bar_below(phone: Page, sign_in: SignIn, place: str) -> None:
    """No table and nothing wider than the screen."""
    sign_in(phone, "李娜", place)
    expect(phone.locator(".lc-tabs")).to_be_visible()
    phone.wait_for_selector(".lc-card, .lc-nothing, .lc-task")
    assert phone.locator(".lc-table").count() == 0
    assert fits(phone)


@pytest.mark.requirement("SP28", "F27")
def test_the_language_changes_everything_at_once(page: Page, sign_in: SignIn) -> None:
    """Own words and those of the definitions."""
    sign_in(page, "李娜", "#/records/lead")
    expect(page.locator("h1")).to_have_text("线索")
    page.get_by_role("button", name="语言").click()
    page.get_by_text("English").click()
    expect(page.get_by_role("button", name="New")).to_be_visible()
    expect(page.locator(".lc-side")).to_contain_text("Opportunit")
    page.get_by_role("button", name="Language").click()
    page.get_by_text("简体中文").click()
    expect(page.get_by_role("button", name="新建")).to_be_visible()


@pytest.mark.parametrize("narrow", [False, True])
def test_what_was_refused_stays_chosen(
    page: Page, phone: Page, sign_in: SignIn, demo: Host, watched: Watched, narrow: bool
) -> None:
    """Of several rows, the one that an approval locks: it says so, and is still there to be looked at."""
    watched.forgive("422")
    watched.forgive("409")
    watched.forgive("403")
    view = sign_in(phone if narrow else page, "陈国栋", "#/records/quote?view=team")
    rows = view.locator(".lc-card" if narrow else ".lc-table tbody tr.lc-row")
    expect(rows.first).to_be_visible()
    if narrow:
        view.get_by_role("button", name="选择", exact=True).click()
    for stage in ("审批中", "草稿"):
        row = rows.filter(has_text=stage).first
        (row.locator(".lc-card-title") if narrow else row.get_by_role("checkbox")).click()
    view.get_by_role("button", name="批量修改").click()
    dialog = view.get_by_role("dialog", name="修改 2 条记录")
    dialog.get_by_role("combobox", name="字段").fill("备注")
    view.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="备注").click()
    dialog.get_by_role("textbox", name="改为").fill("一起改")
    dialog.get_by_role("button", name="保存").click()
    expect(view.locator(".ant-message")).to_contain_text("已完成 1 条，1 条未能完成，仍保持选中")
    expect(view.locator(".lc-selection").get_by_role("status")).to_have_text("已选 1 条")
    expect(rows.filter(has_text="审批中").first.get_by_role("checkbox")).to_be_checked()
    assert fits(view)


def test_many_rows_get_one_value(page: Page, sign_in: SignIn) -> None:
    """A supervisor hands rows over; what a person may not change is not offered."""
    sign_in(page, "林雪梅", "#/records/lead?view=pool")
    rows = page.locator(".lc-table tbody tr.lc-row")
    expect(rows.first).to_be_visible()
    names = [rows.nth(index).locator(".lc-first").inner_text() for index in (0, 1)]
    for index in (0, 1):
        rows.nth(index).get_by_role("checkbox").check()
    expect(page.locator(".lc-selection")).to_contain_text("已选 2 条")
    page.get_by_role("button", name="批量修改").click()
    dialog = page.get_by_role("dialog", name="修改 2 条记录")
    dialog.get_by_role("combobox", name="字段").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="负责人").click()
    dialog.get_by_role("combobox", name="改为").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="王磊").first.click()
    dialog.get_by_role("button", name="保存").click()
    expect(page.locator(".ant-message")).to_contain_text("已保存")
    for name in names:
        expect(page.locator(".lc-table")).not_to_contain_text(name)


@pytest.mark.requirement("SF02")
def test_many_records_are_chosen_on_a_phone(phone: Page, sign_in: SignIn) -> None:
    """A finger that rests on a card begins, and opens nothing; taps choose more, and links in a card lie still. What is
    done with them stands at the bottom; whoever hears the page meets boxes with the names of the records."""
    sign_in(phone, "林雪梅", "#/records/lead?view=all")
    cards = phone.locator(".lc-cards .lc-card")
    first, second = (cards.nth(at).locator(".lc-card-title").inner_text() for at in range(2))
    spot = cards.first.bounding_box()
    assert spot is not None
    touch = phone.context.new_cdp_session(phone)
    finger = {"x": spot["x"] + 120, "y": spot["y"] + 60}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    low = phone.locator(".lc-selection-low")
    expect(low.get_by_role("status")).to_have_text("已选 1 条")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(phone.get_by_role("checkbox", name=first, exact=True)).to_be_checked()
    cards.nth(1).tap(position={"x": 60, "y": 80})
    expect(phone.get_by_role("checkbox", name=second, exact=True)).to_be_checked()
    expect(low.get_by_role("status")).to_have_text("已选 2 条")
    assert phone.url.partition("#")[2].startswith("/records/lead?")
    bar = low.bounding_box()
    assert bar is not None and phone.viewport_size is not None
    assert phone.viewport_size["height"] == bar["y"] + bar["height"], "it stands at the bottom"
    assert fits(phone)
    low.get_by_role("button", name="批量修改").tap()
    expect(phone.get_by_role("dialog")).to_contain_text("修改 2 条记录")
    phone.get_by_role("dialog").get_by_role("button", name="取消").tap()
    phone.get_by_role("checkbox", name="选择显示的", exact=False).tap()
    expect(low.get_by_role("status")).to_have_text(f"已选 {cards.count()} 条")
    low.get_by_role("button", name="取消选择").tap()
    expect(low).to_have_count(0)
    phone.get_by_role("button", name="选择", exact=True).tap()
    expect(low.get_by_role("button", name="批量修改")).to_be_disabled()
    phone.get_by_role("button", name="取消", exact=True).tap()
    cards.first.locator(".lc-card-title").tap()
    expect(phone.locator(".lc-header-facts")).to_be_visible()


@pytest.mark.requirement("SC11")
def test_two_people_at_one_record(browser_context: OpenContext, sign_in: SignIn, watched: Watched) -> None:
    """They see one another. Who saves second sees both changes and chooses; keeping the own one overwrites nothing
    else, and what a colleague did last is told above the record. Nothing of it is cut off on a phone, and on a tablet
    the activity is a tab."""
    watched.forgive("412")
    first = sign_in(browser_context().new_page(), "李娜", "#/records/opportunity?view=mine")
    first.locator(".lc-table tbody tr.lc-row .lc-first").first.click()
    second = sign_in(browser_context().new_page(), "林雪梅")
    second.goto(first.url)
    forms = []
    for page in (first, second):
        page.get_by_role("button", name="编辑").click()
        forms.append(page.get_by_role("dialog"))
        expect(forms[-1].get_by_label("预计金额")).to_be_visible()
    expect(forms[1]).to_contain_text("李娜 正在编辑这条记录")
    forms[1].get_by_label("预计金额").fill("111000")
    forms[1].get_by_label("竞争对手", exact=True).fill("远景仪表")
    forms[1].get_by_role("button", name="保存").click()
    expect(forms[1]).to_be_hidden()
    forms[0].get_by_label("预计金额").fill("222000")
    forms[0].get_by_role("button", name="保存").click()
    conflict = first.get_by_role("dialog", name="这条记录刚被其他人修改过")
    for words in ("林雪梅", "¥111,000.00", "¥222,000.00", "远景仪表"):
        expect(conflict).to_contain_text(words)
    first.set_viewport_size(PHONE)
    expect(conflict.get_by_text("¥222,000.00")).to_be_in_viewport(ratio=1)
    first.set_viewport_size({"width": 820, "height": 1180})
    conflict.get_by_role("button", name="保留我的修改").click()
    expect(first.locator(".lc-header-facts")).to_contain_text("¥222,000.00")
    expect(first.locator(".lc-facts", has_text="竞争对手")).to_contain_text("远景仪表")
    expect(second.locator(".lc-header-facts")).to_contain_text("¥222,000.00")
    expect(second.locator(".lc-around")).to_contain_text("李娜 修改了")
    expect(second.get_by_role("complementary", name="动态")).to_be_visible()
    first.get_by_role("tab", name="动态").click()
    expect(first.locator(".lc-detail-main .lc-timeline")).to_be_visible()


@pytest.mark.requirement("SC11")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_collides_is_chosen_field_by_field(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, watched: Watched, language: str
) -> None:  # fmt: skip
    """Of several fields that both changed, one may stay as the other left it; all of it can be reached on a phone."""
    watched.forgive("412")
    edit, save, name, address, theirs, chosen = {
        "zh-CN": ("编辑", "保存", "客户名称", "地址", "用对方的", "按所选保存"),
        "en": ("Edit", "Save", "Name", "Address", "Theirs", "Save as chosen"),
    }[language]
    li = demo.actor("li.na")
    made = demo.ask(li, "records.create", type="account", values={"name": f"两人一户 {language}", "address": "旧址"})
    page = sign_in(browser_context(locale=language).new_page(), "李娜", f"#/records/account/{made['id']}")
    page.get_by_role("button", name=edit).first.click()
    form = page.get_by_role("dialog")
    form.get_by_label(name, exact=True).fill(f"我的 {language}")
    form.get_by_label(address, exact=True).fill("我的地址")
    values = {"name": f"对方的 {language}", "address": "对方的地址", "english_name": "Theirs"}
    demo.ask(demo.app_actor, "records.update", type="account", id=made["id"], values=values)
    form.get_by_role("button", name=save, exact=True).click()
    conflict = page.get_by_role("dialog").last
    page.set_viewport_size(PHONE)
    assert fits(page)
    conflict.locator("tr", has_text="对方的地址").get_by_text(theirs, exact=True).click()
    conflict.get_by_role("button", name=chosen).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = demo.ask(li, "records.get", type="account", id=made["id"])
    assert [kept[each] for each in values] == [f"我的 {language}", "对方的地址", "Theirs"]


@pytest.mark.requirement("SC10")
def test_a_colleague_is_called(browser_context: OpenContext, sign_in: SignIn) -> None:
    """`@` offers people; who is called gets a notice at once, which leads to the record."""
    writer = sign_in(browser_context().new_page(), "李娜", "#/records/opportunity?view=mine")
    colleague = sign_in(browser_context().new_page(), "林雪梅")
    writer.locator(".lc-table tbody tr.lc-row .lc-first").first.click()
    name = writer.locator(".lc-detail h1").inner_text()
    comment = writer.get_by_label("写评论，@ 提醒同事…")
    comment.press_sequentially("请看报价 @林")
    writer.locator(".ant-mentions-dropdown-menu-item", has_text="林雪梅").first.click()
    writer.get_by_role("button", name="发送").click()
    expect(writer.locator(".lc-timeline .lc-said").first).to_contain_text("@林雪梅")
    colleague.get_by_role("button", name=re.compile("未读通知")).click()
    colleague.locator(".lc-note", has_text=name).first.click()
    expect(colleague.locator("h1")).to_have_text(name)


def test_a_file_is_looked_at_before_it_is_loaded(page: Page, sign_in: SignIn) -> None:
    """The dry run names each wrong cell in the reader's words; the good rows are loaded."""
    sign_in(page, "林雪梅", "#/records/lead?view=all")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("menuitem", name="导入").click()
    table = (
        "公司,联系人,电话,省份\n无锡远帆泵业有限公司,张三,13900001111,江苏\n苏州某某有限公司,李四,13900002222,火星\n"
    )
    file = FilePayload(name="线索.csv", mimeType="text/csv", buffer=table.encode())
    page.locator("input[type=file]").set_input_files(file)
    dialog = page.get_by_role("dialog", name="导入线索")
    expect(dialog).to_contain_text("“火星”不在选项中：上海, 江苏")
    dialog.get_by_role("button", name="导入 1 行").click()
    expect(page.locator(".ant-message")).to_contain_text("导入完成")
    dialog.get_by_role("button", name="关闭").first.click()
    expect(page.locator(".lc-table")).to_contain_text("无锡远帆泵业")


def test_without_a_network_the_page_says_so(page: Page, sign_in: SignIn, watched: Watched) -> None:
    """No sketch for ever: what failed, and a way to try again."""
    watched.forgive("ERR_INTERNET_DISCONNECTED")
    watched.forgive("Failed to fetch")
    sign_in(page, "李娜", "#/records/quote")
    expect(page.locator(".lc-table")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator(".lc-offline")).to_be_visible()
    page.get_by_placeholder("搜索报价单").fill("三江")
    expect(page.get_by_role("alert")).to_contain_text("无法连接服务器")
    page.context.set_offline(False)
    expect(page.locator(".lc-offline")).to_be_hidden()
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()


@pytest.mark.requirement("F17", "F3")
def test_a_new_record_is_filled_in_step_by_step_and_kept_as_a_draft(page: Page, sign_in: SignIn) -> None:
    """A step that is not right does not let on; what was left is there again, in the list of drafts too; saved, the
    draft is gone."""
    sign_in(page, "李娜", "#/records/account?view=all")
    page.get_by_role("button", name="新建").click()
    form = page.locator(".lc-form")
    form.get_by_role("button", name="下一步").click()
    expect(form.locator('[data-field="name"] .lc-problem')).to_be_visible()
    form.locator('[data-field="name"] input').fill("恒启分步有限公司")
    form.get_by_role("button", name="下一步").click()
    expect(form.get_by_role("button", name="上一步")).to_be_visible()
    form.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="保留草稿").click()
    expect(form).to_have_count(0)
    page.goto(page.url.split("#")[0] + "#/drafts")
    page.get_by_role("button", name="恒启分步有限公司", exact=True).click()
    expect(form.locator('[data-field="name"] input')).to_have_value("恒启分步有限公司")
    form.get_by_role("button", name="下一步").click()
    form.get_by_role("button", name="保存").click()
    expect(form).to_have_count(0)
    expect(page.get_by_text("没有草稿", exact=True)).to_be_visible()


@pytest.mark.requirement("SF21")
def test_everything_is_searched_from_anywhere(page: Page, sign_in: SignIn) -> None:
    """By initials of pinyin, grouped by form, with the keyboard alone."""
    sign_in(page, "李娜", "#/tasks")
    expect(page.get_by_role("combobox", name="全局搜索")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="全局搜索")).to_be_focused()
    page.keyboard.type("sz")
    finds = page.locator("#lc-finds")
    expect(finds.get_by_role("group", name="客户").get_by_role("option").first).to_contain_text("苏州")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#/records/account/\d+"))
    expect(finds).to_be_hidden()


@pytest.mark.requirement("SW18")
def test_the_step_that_wins_is_loud(page: Page, sign_in: SignIn, demo: Host) -> None:
    """The next step of a record's way stands out, also when it is the last; the one that gives it up never does."""
    li = demo.actor("li.na")
    task = demo.ask(li, "records.create", type="task", values={"title": "寄样品"})
    steps = {}
    for stage in ("open", "doing"):
        if stage != task["stage"]:
            demo.ask(li, "records.update", type="task", id=task["id"], values={"stage": stage})
        sign_in(page, "李娜", f"#/records/task/{task['id']}")
        expect(page.locator(".lc-moves .ant-btn-dangerous")).to_have_text("取消")
        steps[stage] = page.locator(".lc-moves .ant-btn-primary").all_inner_texts()
    assert steps == {"open": ["开始"], "doing": ["完成"]}
