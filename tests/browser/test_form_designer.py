"""The designer of forms in the browser: a form is begun, fields are dragged onto it and filled in, and it is published;
whoever may use it works with it at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.browser.test_designer import drag
from tests.support.browser import leave_list
from tests.support.reach import barriers

ADMINISTRATOR = "吴晓峰"


@pytest.fixture
def root(demo: Host) -> Iterator[Host]:
    """The demo; what is published here is taken back."""
    version = demo.standing.version
    yield demo
    actor = demo.actor("wu.xiaofeng")
    while demo.standing.version != version and "equipment" in demo.types:
        plan = demo.ask(actor, "app.plan_undo")
        demo.ask(actor, "app.undo", plan=plan["plan"], allow=plan["consents"])


@pytest.mark.requirement("SF04", "SP01", "SP02")
def test_a_form_is_built_by_dragging(page: Page, sign_in: SignIn, root: Host, picture: Picture) -> None:
    """Begun with a title and who may use it; fields and a section dragged on; a mistake shown at its field with its
    cure; moved, taken back and done again; kept over a reload; published, and filled in by somebody in sales."""
    sign_in(page, ADMINISTRATOR, "#/forms")
    page.get_by_role("button", name="新建表单").click()
    page.get_by_label("表单名称").fill("设备台账")
    page.get_by_label("标识（小写字母、数字、下划线）").fill("equipment")
    page.get_by_label("谁可以使用").click()
    page.locator(".ant-select-item-option[title=销售]").click()
    page.keyboard.press("Escape")
    page.get_by_label("放在哪个菜单（可不选）").click()
    page.locator(".ant-select-item-option[title=工作台]").click()
    page.get_by_role("button", name="开始设计").click()
    plan = page.get_by_role("dialog")
    expect(plan.locator(".lc-planned").first).to_contain_text("设备台账")
    plan.get_by_role("button", name="发布").click()

    canvas = page.locator(".lc-form-canvas")
    expect(canvas.locator("[data-field=name]")).to_contain_text("名称")
    drag(page, page.locator("[data-put='new:select']"), canvas.locator(".lc-form-last .lc-design-gap-place").first)
    expect(canvas.locator("[data-field=select]")).to_have_attribute("aria-current", "true")
    inspector = page.locator(".lc-design-inspector")
    inspector.get_by_label("名称 (zh-CN)").fill("设备状态")
    inspector.get_by_label("字段代码").fill("status")
    inspector.locator(".lc-design-fold", has_text="选项一").click()
    inspector.get_by_label("名称 (zh-CN)").nth(1).fill("在用")
    inspector.get_by_role("switch", name="必填").click()
    expect(canvas.locator("[data-field=status]")).to_contain_text("在用 · 选项二")
    page.locator("[data-put='part:section']").click()
    sections = canvas.locator(".lc-form-section")
    expect(sections).to_have_count(2)
    drag(page, page.locator("[data-put='new:date']"), sections.nth(1).locator(".lc-design-gap-place"))
    drag(page, page.locator("[data-put='new:member']"), sections.nth(1).locator(".lc-form-last .lc-design-gap-place"))
    expect(sections.nth(1).locator("[data-field]")).to_have_count(2)

    inspector.get_by_role("button", name="显示与必填条件").click()
    inspector.get_by_role("combobox", name="显示条件").fill("statuss = 1")
    expect(canvas.locator("[data-field=member].lc-design-faulty")).to_be_visible()
    expect(inspector.locator(".lc-design-wrong").first).to_contain_text("status")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    inspector.get_by_role("combobox", name="显示条件").fill('status = "option_1"')
    expect(canvas.locator(".lc-design-faulty")).to_have_count(0)

    drag(page, canvas.locator("[data-field=date] .lc-design-grip"), sections.first.locator(".lc-form-gap").first)
    expect(sections.first.locator("[data-field]").first).to_have_attribute("data-field", "date")
    page.keyboard.press("Control+z")
    expect(sections.first.locator("[data-field]").first).to_have_attribute("data-field", "name")
    page.keyboard.press("Control+Shift+Z")
    expect(sections.first.locator("[data-field]").first).to_have_attribute("data-field", "date")
    picture(page, "form-designer")
    assert [] == barriers(page)
    what_a_form_is_besides_its_fields(page)

    page.reload()
    page.get_by_role("navigation", name="表单的各个部分").get_by_text("字段与版面").click()
    expect(sections.first.locator("[data-field]").first).to_have_attribute("data-field", "date")
    expect(page.get_by_role("status").filter(has_text="未发布")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    expect(plan).to_contain_text("设备状态")
    plan.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").filter(has_text="与已发布的相同")).to_be_visible()

    sign_in(page, "李娜", "#/records/equipment")
    page.get_by_role("button", name="新建").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label("名称").fill("变频器 A1")
    form.get_by_label("设备状态").click()
    page.locator(".ant-select-item-option[title=在用]").click()
    form.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("变频器 A1").first).to_be_visible()
    text = root.ask(root.actor("wu.xiaofeng"), "app.documents")["documents"]["forms/equipment.json"]
    written = json.loads(text)
    own = {"role": ["administrator", "finance"], "can": ["read", "edit"], "where": "owner = ME()"}
    assert own == written["permissions"][-1]
    board = ["kanban", "status", ["name", "date", "member"]]
    assert board == [written["views"][0][each] for each in ("type", "by", "card")]
    assert [{"field": "name", "operator": "blank"}] == written["views"][0]["filter"]["conditions"]
    assert [["name is not blank", "name"]] == [[each["expression"], each["field"]] for each in written["checks"]]


@pytest.mark.requirement("SP02", "SF04")
def test_what_two_design_comes_together(page: Page, sign_in: SignIn, demo: Host, picture: Picture) -> None:
    """A draft that was begun before somebody published takes in what they did; where both changed the same, somebody
    chooses; and it may be undone: then it is said again that theirs would be replaced."""
    sign_in(page, ADMINISTRATOR, "#/forms")
    actor, path = demo.actor("wu.xiaofeng"), "forms/follow_up.json"
    theirs = demo.ask(actor, "app.documents")["documents"][path]
    begun = titled(theirs, content="从前的内容", result="从前的结果")
    mine = {"base": begun, "document": json.loads(titled(begun, content="我的内容"))}
    key = f"lowcode-design {demo.app.name} {actor.id} {path}"
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, json.dumps(mine)])
    page.evaluate("location.hash = '#/forms/follow_up'")
    content, result = (page.locator(f".lc-form-canvas [data-field={name}]") for name in ("content", "result"))
    expect(result).to_contain_text("从前的结果")
    merge = page.get_by_role("alert").get_by_role("button", name="合并修改")
    merge.click()
    clash = page.get_by_role("dialog").locator(".lc-design-clash")
    expect(clash).to_have_count(1)
    for said in ("从前的内容", "我的内容", "沟通内容"):
        expect(clash).to_contain_text(said)
    picture(page, "merging-form")
    assert [] == barriers(page)
    clash.get_by_role("radio").nth(1).check()
    page.get_by_role("dialog").get_by_role("button", name="合并修改").click()
    expect(content).to_contain_text("沟通内容")
    expect(result).not_to_contain_text("从前的结果")
    expect(merge).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(content).to_contain_text("我的内容")
    expect(merge).to_be_visible()
    as_another_kind(page)


def as_another_kind(page: Page) -> None:
    """A text becomes a choice of what its records say; as a number the plan shows which of them do not convert, each
    with its record; and what another document then misses leads to where that is mended."""
    retype(page, "product", "brand", "下拉选择")
    expect(page.locator(".lc-form-canvas [data-field=brand] .lc-form-control")).not_to_contain_text("选项一")
    retype(page, "product", "brand", "数字")
    expect(page.locator(".lc-design-standing")).to_contain_text("没有问题")
    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    plan.get_by_text("哪些数据").click()
    expect(plan.locator(".lc-planned-samples a").first).to_have_attribute("href", re.compile(r"#/records/product/"))
    plan.get_by_role("button", name="取消").click()
    retype(page, "account", "city", "数字")
    standing = page.locator(".lc-design-standing")
    expect(standing).to_contain_text("1 个问题")
    standing.click()
    page.get_by_role("menuitem").filter(has_text="规则 lead_convert").click()
    expect(page).to_have_url(re.compile("#/rules/lead_convert$"))


def retype(page: Page, form: str, name: str, kind: str) -> None:
    """Another kind of a field, chosen beside it."""
    page.evaluate("place => { location.hash = place }", f"#/forms/{form}")
    page.locator(f".lc-form-canvas [data-field={name}]").click()
    chosen = page.get_by_role("combobox", name="字段类型")
    chosen.fill(kind)
    page.locator(f".ant-select-item-option[title={kind}]").click()
    expect(page.locator(".lc-design-inspector h2")).to_have_text(kind)


def titled(text: str, **titles: str) -> str:
    """A form with other titles of fields."""
    document = json.loads(text)
    for field in document["fields"]:
        if field["name"] in titles:
            field["title"] = {**field["title"], "zh-CN": titles[field["name"]]}
    return json.dumps(document)


def what_a_form_is_besides_its_fields(page: Page) -> None:
    """Who may do what, a board, and a check whose mistake is shown in its part: all of it without a word of JSON."""
    parts = page.get_by_role("navigation", name="表单的各个部分")
    settings = page.locator(".lc-form-settings")
    parts.get_by_text("权限").click()
    settings.get_by_role("button", name="添加权限").click()
    line = settings.locator(".lc-design-group").nth(1)
    choose(page, line.get_by_label("谁可以使用"), "财务")
    leave_list(page)
    line.get_by_role("checkbox", name="编辑").click()
    choose(page, line.get_by_label("哪些记录"), "本人负责的")
    parts.get_by_text("视图").click()
    settings.get_by_role("button", name="添加视图").click()
    choose(page, settings.get_by_label("类型"), "看板")
    expect(settings.get_by_text("设备状态").first).to_be_visible()
    settings.get_by_role("button", name="添加条件").click()
    choose(page, settings.get_by_label("比较", exact=True), "为空")
    parts.get_by_text("校验").click()
    settings.get_by_role("button", name="添加校验").click()
    holds = settings.get_by_role("combobox", name="必须成立的条件")
    holds.fill("nam is not blank")
    expect(settings.locator(".lc-design-wrong").first).to_contain_text("name")
    expect(parts.locator(".lc-design-wrong")).to_contain_text("校验")
    holds.fill("name is not blank")
    expect(settings.locator(".lc-design-wrong")).to_have_count(0)
    choose(page, settings.get_by_label("提示显示在哪个字段"), "名称")
    assert [] == barriers(page)


def choose(page: Page, box: Locator, title: str) -> None:
    """An option of a list, once it is there."""
    box.click()
    shown = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)")
    shown.locator(f".ant-select-item-option[title='{title}']").click()


def test_forms_are_not_designed_on_a_phone_nor_by_others(phone: Page, sign_in: SignIn) -> None:
    """A phone shows which forms there are; who is no administrator is told so."""
    sign_in(phone, ADMINISTRATOR, "#/forms")
    expect(phone.get_by_text("请在电脑上设计表单")).to_be_visible()
    expect(phone.get_by_text("线索", exact=True).first).to_be_visible()
    sign_in(phone, "李娜", "#/forms/lead")
    expect(phone.get_by_role("heading", name="没有权限")).to_be_visible()
