"""Records in a month, as bars and as a tree."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn
from tests.support.browser import DESKTOP, PHONE, OpenContext

CUT = "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"


def next_day(number: Locator) -> str:
    """The day after that of a number in a calendar."""
    day = number.locator("xpath=..").get_attribute("data-day") or ""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


@pytest.mark.requirement("SF25")
def test_a_calendar_shows_a_month_and_moves(page: Page, sign_in: SignIn) -> None:
    """Records stand on their days and open; another month is one press away, no change of the view, and there again on
    the way back from a record; a press on a day begins one there, and what was only opened is closed without a
    question. All of it is one stop of the Tab key."""
    sign_in(page, "李娜", "#/records/follow_up?view=calendar")
    title = page.locator(".lc-calendar-title")
    expect(title).to_have_text(re.compile(r"^\d{4}年\d+月$"))
    first = title.text_content()
    entries = page.locator(".lc-calendar-entry")
    if entries.count() == 0:
        page.get_by_role("button", name="往后").click()
    expect(entries.first).to_be_visible()
    page.get_by_role("button", name="往前").click()
    page.get_by_role("button", name="今天").click()
    expect(title).to_have_text(first or "")
    expect(page.locator(".lc-today")).to_have_count(1)
    page.get_by_role("button", name="往前").click()  # on the first of a month nothing is planned yet for the next
    expect(title).not_to_have_text(first or "")
    another = title.text_content()
    expect(page.get_by_title("视图有未保存的修改")).to_have_count(0)
    entries.first.click()
    page.locator(".lc-calendar-card").get_by_text("打开").click()
    expect(page.locator(".lc-detail h1")).to_be_visible()
    page.go_back()
    expect(title).to_have_text(another or "")
    day = page.locator(".lc-calendar-number").nth(10)
    day.click()
    form = page.get_by_role("dialog")
    expect(form.locator("[data-field=next_at] input, [data-field] input").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    day.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lc-calendar-day:focus-within")).to_have_attribute("data-day", next_day(day))
    assert 1 == page.locator(".lc-calendar [tabindex='0']").count()


def test_a_timeline_shows_from_when_to_when(page: Page, sign_in: SignIn) -> None:
    """Bars that open their record, over three months or as many as are chosen; who comes back finds them so."""
    sign_in(page, "周敏", "#/records/contract?view=terms")
    bars, months = page.locator(".lc-bars-row"), page.locator(".lc-bars-scale > span")
    expect(bars.first).to_be_visible()
    expect(months).to_have_count(3)
    page.get_by_text("年", exact=True).click()
    expect(months).to_have_count(12)
    bars.first.click()
    expect(page.locator(".lc-facts").first).to_be_visible()
    page.go_back()
    expect(months).to_have_count(12)
    page.get_by_text("月", exact=True).click()
    expect(months).to_have_count(1)


IN_SIGHT = "each => { const box = each.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"


@pytest.mark.requirement("SP11")
def test_what_comes_later_does_not_push_anybody_away(page: Page, sign_in: SignIn) -> None:
    """Who came by Tab to the button for more while more was on its way is taken along; nothing further comes by itself
    while they stand there, and with a press they go on at the first of what came."""
    held: list[Route] = []
    later = re.compile(r"/api/records/account\?.*after=")
    page.route(later, lambda route: held.append(route))
    sign_in(page, "吴晓峰", "#/records/account?view=groups")
    leaves = page.locator(".lc-tree [role=row][aria-level]")
    more = page.locator(".lc-more button")
    expect(leaves).to_have_count(100)
    leaves.last.scroll_into_view_if_needed()
    expect(more).to_have_class(re.compile("loading"))
    more.focus()
    held.pop().continue_()
    expect(leaves).to_have_count(200)
    assert more.evaluate(IN_SIGHT)
    expect(more).to_be_focused()
    expect(more).not_to_have_class(re.compile("loading"))
    assert held == []
    page.unroute(later)
    page.keyboard.press("Enter")
    expect(leaves).to_have_count(300)
    expect(leaves.nth(200)).to_be_focused()


def test_a_tree_opens_branch_by_branch(page: Page, sign_in: SignIn) -> None:
    """What hangs below is asked for when it is opened; by keyboard the tree is one stop, walked by arrows;
    on a phone nothing of it stands out to the side."""
    sign_in(page, "周敏", "#/records/account?view=groups")
    leaves = page.get_by_role("treegrid").locator("[role=row][aria-level]")
    leaf = leaves.first
    leaf.get_by_role("button").click()
    expect(leaf).to_have_attribute("aria-expanded", "true")
    below = page.locator(".lc-tree li:first-child li [role=row], .lc-tree li:first-child .lc-tree-none").first
    expect(below).to_be_visible()
    assert 1 == page.locator(".lc-tree [tabindex='0']").count()
    page.set_viewport_size(PHONE)
    expect(page.locator(".lc-tree-head")).to_be_hidden()
    assert page.locator(".lc-tree").evaluate("tree => tree.scrollWidth <= tree.clientWidth")
    page.set_viewport_size(DESKTOP)
    leaf.focus()
    page.keyboard.press("ArrowLeft")
    expect(leaf).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(leaves.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(leaf).to_have_attribute("aria-expanded", "true")
    name = leaf.get_by_role("link").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".lc-detail h1")).to_have_text(name)


@pytest.mark.requirement("SF21")
def test_a_person_keeps_a_view_with_groups_of_conditions(page: Page, sign_in: SignIn) -> None:
    """Put together in the page, grouped, kept, begun with, found again in another visit, and removed."""
    sign_in(page, "李娜", "#/records/account")
    page.get_by_role("button", name="筛选").click()
    editor = page.get_by_role("form", name="筛选").or_(page.locator("form.lc-filter")).first
    editor.get_by_role("button", name="添加条件组").first.click()
    fields = editor.get_by_label("字段", exact=True)
    for index, word in ((0, "客户名称"), (1, "客户等级")):
        fields.nth(index).click()
        fields.nth(index).fill(word)
        page.locator(f".ant-select-item-option[title='{word}']:visible").click()
    editor.get_by_label("值", exact=True).first.fill("公司")
    editor.get_by_label("值", exact=True).last.click()
    page.locator(".ant-select-item-option:visible", has_text="A 级").click()
    page.keyboard.press("Escape")
    editor.get_by_role("button", name="应用").click()
    expect(page.locator(".lc-chips .ant-tag")).to_have_count(2)
    page.get_by_role("button", name="排序与分组").click()
    page.get_by_role("combobox", name="分组").click()
    page.locator(".ant-select-item-option[title='行业']:visible").click()
    expect(page.locator(".lc-group-head").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="视图设置").click()
    page.get_by_text("另存为新视图").click()
    page.get_by_label("视图名称").fill("我的大客户")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    kept = page.get_by_role("tab", name="我的大客户")
    expect(kept).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="视图设置").click()
    page.get_by_text("设为我的默认视图").click()
    page.goto(page.url.split("#")[0] + "#/tasks")
    page.goto(page.url.split("#")[0] + "#/records/account")
    expect(kept).to_have_attribute("aria-selected", "true")
    expect(page.locator(".lc-chips .ant-tag")).to_have_count(2)
    expect(page.locator(".lc-group-head").first).to_be_visible()
    page.get_by_role("button", name="视图设置").click()
    page.get_by_text("删除视图").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(kept).to_have_count(0)
    expect(page.get_by_role("tab", name="我的", exact=True)).to_have_attribute("aria-selected", "true")


OVERLAID = """() => {
  const texts = [...document.querySelectorAll('.lc-map-net text')];
  const all = texts.map(each => [each.textContent, each.getBoundingClientRect()]);
  const over = ([, one], [, other]) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  return all.flatMap((one, at) => all.slice(at + 1).filter(other => over(one, other)).map(other => [one[0], other[0]]));
}"""
"""The names of degrees that lie over each other."""


@pytest.mark.requirement("F30")
def test_a_map_shows_where_records_are(page: Page, sign_in: SignIn) -> None:
    """Groups open when they are pressed, a dot says what it is, and nobody outside is asked for anything; degrees are
    named beside each other, however high the map is."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, "李娜", "#/records/account?view=map")
    groups = page.locator(".lc-map-many")
    expect(groups.first).to_be_visible()
    for height in (900, 790, 780, 770):
        page.set_viewport_size({"width": 1440, "height": height})
        page.get_by_role("button", name="显示全部").click()
        expect(page.locator(".lc-map-net text").first).to_be_visible()
        assert [] == page.evaluate(OVERLAID)
    before = groups.count()
    groups.first.click()
    expect(page.locator(".lc-map-mark, .lc-map-many").first).to_be_visible()
    page.get_by_role("button", name="显示全部").click()
    expect(groups).to_have_count(before)
    page.locator(".lc-map-entry").first.click()
    page.locator(".lc-map-mark").first.click()
    expect(page.locator(".lc-map-card a").first).to_be_visible()
    assert all(re.match(r"(http://127\.0\.0\.1|data:|blob:)", each) for each in asked)


@pytest.mark.requirement("SF14", "SF21")
def test_a_record_is_chosen_from_a_tree(page: Page, sign_in: SignIn) -> None:
    """Branch by branch, by searching and with keys alone; the list finds what hangs below; on a phone alike."""
    sign_in(page, "陈国栋", "#/records/product?view=all")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    field = form.get_by_role("combobox", name="产品类目", exact=True)
    field.click()
    tree = page.locator(".ant-select-dropdown:visible")
    expect(tree.get_by_text("测量与分析", exact=True)).to_be_visible()
    expect(tree.get_by_text("过程仪表", exact=True)).to_be_hidden()
    tree.locator(".ant-select-tree-treenode", has_text="测量与分析").locator(".ant-select-tree-switcher").click()
    tree.get_by_text("过程仪表", exact=True).click()
    expect(form.locator("[data-field=category]")).to_contain_text("过程仪表")
    field.fill("电磁")
    expect(tree.get_by_text("电磁流量计", exact=True)).to_be_visible()
    field.press("Enter")
    expect(form.locator("[data-field=category]")).to_contain_text("电磁流量计")
    page.set_viewport_size({"width": 390, "height": 844})
    field.click()
    expect(tree.get_by_text("过程仪表", exact=True)).to_be_visible()
    box = tree.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_groups_are_known_before_their_records(page: Page, sign_in: SignIn) -> None:
    """Every heading with its count at once; a folded group takes one line."""
    sign_in(page, "林雪梅", "#/records/lead?view=all&group=stage")
    heads, grid = page.locator(".lc-group-head"), page.get_by_role("grid")
    expect(heads.first).to_be_visible()
    lines, first = int(grid.get_attribute("aria-rowcount") or 0), int(heads.first.locator(".lc-pill").inner_text())
    heads.first.click()
    expect(grid).to_have_attribute("aria-rowcount", str(lines - first))
    expect(heads.nth(1)).to_have_attribute("aria-expanded", "true")
    expect(grid.locator("tr[data-index]").nth(2)).to_have_class(re.compile("lc-row"))


def test_on_paper_stands_what_the_page_says(page: Page, sign_in: SignIn) -> None:
    """A list and a record are printed by the browser without what is there to be pressed, by day, as wide as a page of
    paper, and a list says that it goes on."""
    page.emulate_media(color_scheme="dark")
    sign_in(page, "林雪梅", "#/records/lead?view=all")
    expect(page.locator(".lc-row[data-row-key]").first).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".lc-print-only")).to_have_text(re.compile(r"仅打印页面上的 \d+ 行，共 \d+ 行"))
    for part in (".lc-side", ".lc-top", ".lc-tools", ".lc-view-row"):
        expect(page.locator(part)).to_be_hidden()
    assert page.locator("#content").evaluate("each => each.getBoundingClientRect().width") <= 701
    assert "rgb(255, 255, 255)" == page.locator(".lc-sheet").evaluate("each => getComputedStyle(each).backgroundColor")
    page.locator(".lc-row a").first.evaluate("each => each.click()")
    expect(page.locator(".lc-detail h1")).to_be_visible()
    expect(page.get_by_role("button", name="编辑")).to_be_hidden()
    expect(page.locator(".lc-facts").first).to_be_visible()


@pytest.mark.requirement("SF21", "SF27", "SP28")
def test_who_owns_nothing_is_one_press_from_everything(browser_context: OpenContext, sign_in: SignIn) -> None:
    """A view that leaves out what there is does not say that there is nothing. In English, where words are longest: the
    name of each stage is whole on the board, and all columns of a quote's lines are seen at once."""
    page = sign_in(browser_context(locale="en").new_page(), "吴晓峰", "#/records/lead?view=mine")
    nothing = page.locator(".lc-nothing")
    expect(nothing).to_contain_text(re.compile(r"No Leads in “Mine”There are [\d,]+ that you may see"))
    nothing.get_by_role("button", name="Show “All”").click()
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()
    for place, parts in (("opportunity?view=board", ".lc-lane-title"), ("quote/2", ".lc-lines-scroll")):
        page.goto(f"{page.url.partition('#')[0]}#/records/{place}")
        expect(page.locator(parts).first).to_be_visible()
        assert [] == page.locator(parts).evaluate_all(CUT)
        if parts == ".lc-lane-title":  # what the colours of the cards, those of the grade of the account, stand for
            expect(page.get_by_role("list", name="Colours: Grade").get_by_role("listitem")).to_have_text(list("ABCD"))
            expect(page.locator(".lc-kanban-card[style*='--red-solid']").first).to_be_visible()
