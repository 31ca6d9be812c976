"""Deciding at the list of tasks: the fields of a step, several tasks at once, and what a record in approval offers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from lowcode.kernel.diagnostics import Rejected
from tests.browser.office import entered, office_of
from tests.browser.test_work import drag
from tests.flows.app import QUOTE, Office, approval, document
from tests.support.browser import PHONE, OpenContext, Watched, fits

MANUAL: dict[str, Any] = {"start": {"on": "manual"}, "withdraw": {}}
FIELDS = {"required": ["note"], "hidden": ["approved_by"]}
OPENED = {"editable": ["place", "risk", "bond"], "required": ["terms"]}
GUARDED: list[dict[str, Any]] = [
    {"name": "terms", "type": "text", "read_only_when": "total > 1000"},
    {"name": "place", "type": "text", "required": True, "visible_when": "total < 0"},
    {"name": "risk", "type": "text"},
    {"name": "reason", "type": "text", "required_when": 'risk = "high"'},
    {"name": "bond", "type": "text", "required": True},
]
"""Fields that a form keeps to itself at times."""
LARGE = {"section": "Large sums", "name": "large", "visible_when": "total > 9000", "fields": ["bond"]}

CHECKS = [{"name": "first", "title": "First", "required": True}, {"name": "second", "title": "Second"}]
VOTE = {"mode": "vote", "passes": {"share": "1/2", "weighted": True, "more_than": True}}


def asked(*approvers: Any, **keys: Any) -> list[dict[str, Any]]:
    """One approval, and its ends."""
    nodes = approval(*approvers, approved="end", rejected="refused", **keys)
    return [each for each in nodes if each["type"] != "set"]


LADDER = {"hours": 24, "times": 2, "ladder": [{"after": {"hours": 24}, "do": "reject"}]}
FLOWS = (
    document(nodes=approval({"user": "head"}, deadline=LADDER)),
    document("noted", nodes=asked({"user": "fang"}, fields=FIELDS), **MANUAL),
    document("opened", nodes=asked({"user": "fang"}, fields=OPENED), **MANUAL),
    document("signed", nodes=asked({"user": "fang"}, signature=True, opinion="required", checklist=CHECKS), **MANUAL),
    document("far", nodes=asked({"user": "head"}), **MANUAL),
    document("plain", nodes=asked({"user": "feng"}), **MANUAL),
    document("weighed", nodes=asked({"user": "boss", "weight": 3}, {"user": "zhao"}, **VOTE), **MANUAL),
)

WORDS = """box => {
  const range = document.createRange();
  range.selectNodeContents(box.querySelector("span:not(.anticon)").lastChild);
  return range.getBoundingClientRect().left;
}"""
"""Where the words of a box begin."""


def opened(folder: Path) -> Office:
    """An office with flows of several sorts."""
    form: dict[str, Any] = QUOTE
    fields: list[dict[str, Any]] = [*form["fields"], *GUARDED]
    usual = {"section": "Quote", "fields": [each["name"] for each in fields if each["name"] != "bond"]}
    views = [{"name": "board", "type": "kanban", "by": "stage", "title": "Board", "card": ["total"]}]
    quote = {**form, "fields": fields, "layout": [usual, LARGE], "views": views}
    return Office(*FLOWS, database=f"sqlite:///{folder}/office.sqlite3", more={"forms/quote.json": quote})


office = office_of("deciding", opened)


def begun(office: Office, flow: str, number: str, **values: Any) -> int:
    """A quote on which a flow was begun."""
    quote = office.quote(number=number, **values)
    office.ask("li", "flows.start", flow=flow, id=quote)
    return quote


@pytest.mark.requirement("W2")
def test_fields_of_a_step_are_filled_in_beside_the_decision(
    page: Page, watched: Watched, office: tuple[Office, str]
) -> None:
    """What the step requires is asked for above the buttons and named when it is missing; what it hides is not shown;
    a draft keeps it; it goes with the answer."""
    desk, url = office
    quote = begun(desk, "noted", "F1", approved_by="nobody")
    entered(page, watched, url, "fang", "#/tasks")
    page.locator(".lc-task", has_text="F1").click()
    panel = page.locator(".lc-task-panel")
    expect(panel.locator(".lc-facts")).to_contain_text("number")
    expect(panel.locator(".lc-facts")).not_to_contain_text("approved_by")
    panel.get_by_role("button", name="同意").first.click()
    expect(panel.locator(".lc-task-fields")).to_contain_text("请填写note")
    panel.get_by_label("note").fill("30 days")
    panel.locator(".lc-decide").get_by_role("button", name="操作").click()
    page.get_by_role("menuitem", name="暂存").click()
    page.get_by_role("dialog").get_by_role("button", name="暂存").click()
    expect(page.locator(".ant-message")).to_contain_text("已暂存")
    page.reload()
    expect(panel.get_by_label("note")).to_have_value("30 days")
    panel.get_by_role("button", name="同意").first.click()
    expect(page.locator(".lc-task", has_text="F1")).to_have_count(0)
    assert "30 days" == desk.ask("boss", "records.get", type="quote", id=quote)["note"]
    assert "approved" == desk.history(quote)[0]["state"]


@pytest.mark.requirement("W2")
def test_what_a_step_opens_is_open_whatever_the_form_says(
    page: Page, watched: Watched, office: tuple[Office, str]
) -> None:
    """A field that the form locks or hides now can be filled in where the step opens it; what only the form asks for
    is not asked for while it would be hidden."""
    desk, url = office
    quote = begun(desk, "opened", "O1", total="5000")
    entered(page, watched, url, "fang", "#/tasks")
    page.locator(".lc-task", has_text="O1").click()
    panel = page.locator(".lc-task-panel")
    expect(panel.get_by_label("place")).to_be_visible()
    panel.get_by_label("terms").fill("30 days")
    panel.get_by_label("place").fill("Shanghai")
    panel.get_by_role("button", name="同意").first.click()
    expect(page.locator(".lc-task", has_text="O1")).to_have_count(0)
    found = desk.ask("boss", "records.get", type="quote", id=quote)
    assert ["30 days", "Shanghai"] == [found[name] for name in ("terms", "place")]


@pytest.mark.requirement("W2", "X13")
def test_what_a_hidden_section_asks_for_is_not_asked(
    page: Page, browser_context: OpenContext, watched: Watched, office: tuple[Office, str]
) -> None:
    """A field that is required in a section which is hidden now: the form saves without it and asks for it once the
    section shows; a step that opens it shows it, and does not ask for it while the form would not."""
    desk, url = office
    quote = desk.quote(number="H1", total="5000")
    entered(page, watched, url, "li", f"#/records/quote/{quote}")
    page.locator(".lc-actions").get_by_role("button", name="编辑").click()
    form = page.get_by_role("dialog")
    form.get_by_label("risk").fill("low")
    expect(form.get_by_label("bond")).to_have_count(0)
    form.get_by_label("total").fill("20000")
    form.get_by_role("button", name="保存").click()
    expect(form.locator('[data-field="bond"]')).to_contain_text("请填写bond")
    form.get_by_label("total").fill("5000")
    form.get_by_role("button", name="保存").click()
    expect(form).to_have_count(0)
    assert "low" == desk.ask("boss", "records.get", type="quote", id=quote)["risk"]
    desk.ask("li", "flows.start", flow="opened", id=quote)
    page = browser_context().new_page()
    entered(page, watched, url, "fang", "#/tasks")
    page.locator(".lc-task", has_text="H1").click()
    panel = page.locator(".lc-task-panel")
    expect(panel.get_by_label("bond")).to_be_visible()
    panel.get_by_label("terms").fill("30 days")
    panel.get_by_role("button", name="同意").first.click()
    expect(page.locator(".lc-task", has_text="H1")).to_have_count(0)
    large = desk.quote(number="H2", total="20000", bond="given")
    desk.ask("li", "flows.start", flow="opened", id=large)
    page.reload()
    page.locator(".lc-task", has_text="H2").click()
    panel.get_by_label("terms").fill("30 days")
    panel.get_by_label("bond").fill("")
    panel.get_by_role("button", name="同意").first.click()
    expect(panel.locator('[data-field="bond"]')).to_contain_text("请填写bond")
    task = desk.tasks("fang")[0]["id"]
    with pytest.raises(Rejected) as refused:
        values = {"terms": "30 days", "bond": None}
        desk.ask("fang", "flows.decide", task=task, decision="approve", values=values)
    assert ["/values/bond"] == [each.pointer for each in refused.value.problems]
    desk.decide("fang", values={"terms": "30 days"})


@pytest.mark.requirement("W2")
def test_a_window_says_all_that_is_wrong(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """What is missing stands at each field of the window at once; what the server refuses of it at its field as well,
    and what is wrong with the fields beside the decision stands there."""
    desk, url = office
    watched.forgive("422")
    begun(desk, "signed", "A1")
    entered(page, watched, url, "fang", "#/tasks")
    page.locator(".lc-task", has_text="A1").click()
    panel = page.locator(".lc-task-panel")
    panel.get_by_role("button", name="同意").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="同意").click()
    wrong = dialog.get_by_role("alert")
    expect(wrong).to_have_text(["请填写意见", "请填写检查清单", "请填写签名"])
    dialog.get_by_label("意见").fill("well")
    expect(wrong).to_have_text(["请填写检查清单", "请填写签名"])
    dialog.get_by_label("Second").check()
    dialog.get_by_label("或键入姓名").fill("Fang")
    dialog.get_by_role("button", name="同意").click()
    expect(wrong).to_have_text(["检查清单还有未完成的项：First"])
    dialog.get_by_label("First").check()
    dialog.get_by_role("button", name="同意").click()
    expect(page.locator(".lc-task", has_text="A1")).to_have_count(0)


@pytest.mark.requirement("W2")
def test_what_is_refused_beside_no_field_is_said(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """What somebody fills in may ask for a field that the step does not open: it is said above the buttons, by name."""
    desk, url = office
    watched.forgive("422")
    begun(desk, "opened", "O2", total="5000")
    entered(page, watched, url, "fang", "#/tasks")
    page.locator(".lc-task", has_text="O2").click()
    panel = page.locator(".lc-task-panel")
    panel.get_by_label("terms").fill("30 days")
    panel.get_by_label("risk").fill("high")
    panel.get_by_role("button", name="同意").first.click()
    expect(panel.locator(".lc-decide [role=alert]")).to_have_text(re.compile("^reason: .+"))
    panel.get_by_label("risk").fill("low")
    panel.get_by_role("button", name="同意").first.click()
    expect(page.locator(".lc-task", has_text="O2")).to_have_count(0)


@pytest.mark.requirement("W2")
def test_who_is_asked_sees_what_it_is_about(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """Being asked is a reason to see the record: who may read only their own decides nothing unseen."""
    desk, url = office
    begun(desk, "weighed", "S1", total="77")
    watched.forgive("404 (Not Found)")
    watched.forgive("403 (Forbidden)")
    entered(page, watched, url, "zhao", "#/tasks")
    page.locator(".lc-task", has_text="S1").click()
    facts = page.locator(".lc-task-panel .lc-facts")
    expect(facts).to_contain_text("S1")
    expect(facts).to_contain_text("77.00")


@pytest.mark.requirement("W34")
def test_a_task_further_down_is_shown(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """A notice leads to a task that is not among the first: it is shown, and not another one in its place; once it is
    decided, the first one follows. What was done long ago is shown as well."""
    desk, url = office
    for number in range(51):
        begun(desk, "far", f"D{number}")
    mine = desk.ask("head", "flows.list_tasks", limit=200)["items"]
    task = next(each["id"] for each in mine if each["subject"] == "Quote D0")
    entered(page, watched, url, "head", f"#/tasks/open/{task}")
    panel = page.locator(".lc-task-panel")
    expect(panel.locator("header h2")).to_have_text("Quote D0")
    panel.get_by_role("button", name="同意").first.click()
    expect(panel.locator("header h2")).to_have_text("Quote D50")
    assert "Quote D0" == desk.tasks("head", "done")[0]["subject"]
    rest = [each["id"] for each in mine if each["id"] != task]
    desk.ask("head", "flows.decide_many", tasks=rest, decision="approve")
    watched.forgive("404 (Not Found)")
    page.goto(f"{url}#/tasks/done/{task}")
    expect(panel.locator("header h2")).to_contain_text("Quote D0")
    expect(page.locator(".lc-task-chosen")).to_have_count(0)


@pytest.mark.requirement("W2", "SW14")
def test_something_is_said_without_deciding(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """Below the progress, with a colleague mentioned: it stands among what was done, the task waits on, and the one who
    was mentioned reads it in the notice."""
    desk, url = office
    begun(desk, "far", "T1")
    entered(page, watched, url, "head", "#/tasks")
    page.locator(".lc-task", has_text="T1").click()
    panel = page.locator(".lc-task-panel")
    box = panel.get_by_label("评论流程")
    box.press_sequentially("Is it right, @Fan")
    page.locator(".ant-mentions-dropdown-menu-item", has_text="Fang").click()
    box.press_sequentially("?")
    panel.get_by_role("button", name="发送").click()
    deeds = panel.get_by_label("操作记录")
    expect(deeds).to_contain_text("Head 发表了评论，提到 Fang")
    expect(deeds).to_contain_text("Is it right, @Fang ?")
    expect(box).to_have_value("")
    expect(panel.get_by_role("button", name="同意").first).to_be_enabled()
    notice = desk.ask("fang", "notifications.list", limit=1)["items"][0]
    assert notice["text"] == "Is it right, @Fang ?"


@pytest.mark.requirement("W34")
def test_no_other_task_is_shown_for_one_that_is_decided(
    page: Page, watched: Watched, office: tuple[Office, str]
) -> None:
    """A link to a task that was decided says so, and offers no other one's buttons in its place; on a telephone above
    the list. Whoever chooses another is shown that."""
    desk, url = office
    for number in ("G1", "G2", "G3"):
        begun(desk, "far", number)
    tasks = {each["subject"]: each["id"] for each in desk.tasks("head")}
    desk.ask("head", "flows.decide", task=tasks["Quote G1"], decision="approve")
    entered(page, watched, url, "head", f"#/tasks/open/{tasks['Quote G1']}")
    side, panel = page.locator(".lc-inbox-side"), page.locator(".lc-task-panel")
    expect(side).to_contain_text("该事项已不在此处")
    expect(panel).to_have_count(0)
    page.locator(".lc-task", has_text="G2").click()
    expect(panel.locator("header h2")).to_have_text("Quote G2")
    expect(side).not_to_contain_text("该事项已不在此处")
    watched.forgive("409 (Conflict)")

    def after_another(route: Route) -> None:
        desk.ask("head", "flows.decide", task=tasks["Quote G2"], decision="approve")
        route.continue_()

    page.route("**/flows.decide", after_another, times=1)
    panel.get_by_role("button", name="同意").first.click()
    expect(side).to_contain_text("该事项已不在此处")
    expect(panel).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".lc-sheet .lc-nothing")).to_contain_text("该事项已不在此处")
    expect(page.locator(".lc-task").first).to_be_visible()


@pytest.mark.requirement("W34")
def test_several_tasks_are_decided_at_once(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """Of three that are ticked two are decided; the third was taken away meanwhile and says so, by name and reason."""
    desk, url = office
    quotes = [begun(desk, "plain", f"B{number}") for number in range(4)]
    entered(page, watched, url, "feng", "#/tasks")
    page.get_by_role("button", name="批量处理").click()
    many = page.get_by_role("group", name="批量处理")
    for number in range(3):
        page.get_by_role("checkbox", name=f"Quote B{number}").check()
    expect(many).to_contain_text("已选 3 项")
    many.get_by_label("处理意见").fill("一并同意")
    page.route("**/api/operations/flows.list_tasks", lambda route: route.abort())  # the list does not follow by itself
    many.get_by_role("button", name="同意").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("对 3 项同意")
    desk.ask("root", "flows.cancel", instance=desk.history(quotes[1])[0]["id"])
    page.unroute("**/api/operations/flows.list_tasks")
    watched.forgive("ERR_FAILED")
    dialog.get_by_role("button", name="同意").click()
    expect(page.locator(".ant-message")).to_contain_text("已处理 2 项")
    expect(many.get_by_role("alert")).to_contain_text("1 项未能处理")
    expect(many.get_by_role("alert")).to_contain_text("Quote B1 — 该事项已被处理或已取消")
    expect(page.locator(".lc-task")).to_have_count(1)
    assert ["approved", "cancelled", "approved", "running"] == [desk.history(each)[0]["state"] for each in quotes]
    people = desk.history(quotes[2])[0]["steps"][1]["people"]
    assert ["一并同意"] == [each["opinion"] for each in people]


@pytest.mark.requirement("W30")
def test_a_record_in_approval_offers_nothing_that_is_refused(
    page: Page, watched: Watched, office: tuple[Office, str]
) -> None:
    """An administrator sees that it is closed and why, no way to edit or delete it, and the steps of its way only
    greyed; the same page, without a new version of the record, offers them again once the flow was stopped."""
    desk, url = office
    quote = desk.submitted(number="C1")
    entered(page, watched, url, "root", f"#/records/quote/{quote}")
    expect(page.locator(".lc-record-closed")).to_contain_text("审批进行中，记录已锁定")
    expect(page.locator(".lc-actions").get_by_role("button", name="编辑")).to_have_count(0)
    expect(page.locator(".lc-moves .ant-btn:not(.lc-closed)")).to_have_count(0)
    page.locator(".lc-actions").get_by_role("button", name="操作").click()
    expect(page.get_by_role("menuitem", name="复制")).to_be_visible()
    expect(page.get_by_role("menuitem", name="删除")).to_have_count(0)
    desk.ask("root", "flows.cancel", instance=desk.history(quote)[0]["id"])
    page.goto("about:blank")
    page.goto(f"{url}#/records/quote/{quote}")
    expect(page.locator(".lc-actions").get_by_role("button", name="编辑")).to_be_visible()
    expect(page.locator(".lc-moves .lc-closed")).to_have_count(0)


@pytest.mark.requirement("W30", "SF27")
def test_a_card_in_approval_is_not_dragged(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """On a board too: an administrator sees why a card stays where it is, and cannot take it up; others move."""
    desk, url = office
    locked, free = desk.submitted(number="K1"), desk.quote(number="K2")
    entered(page, watched, url, "root", "#/records/quote?view=board")
    lane, card = page.locator('.lc-lane[data-lane="rejected"]'), page.locator(f'[data-record="{locked}"]')
    expect(card).to_contain_text("审批进行中，记录已锁定")
    box, there = card.bounding_box(), lane.bounding_box()
    assert box is not None
    assert there is not None
    page.mouse.move(box["x"] + 40, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(there["x"] + 60, there["y"] + 120, steps=12)
    expect(page.locator(".lc-moving, .lc-lane-over")).to_have_count(0)
    page.mouse.up()
    own = page.locator(f'[data-record="{free}"]')
    expect(own).not_to_contain_text("锁定")
    drag(page, own, page.locator('.lc-lane[data-lane="approving"]'))
    expect(page.locator(f'.lc-lane[data-lane="approving"] [data-record="{free}"]')).to_contain_text("记录已锁定")
    assert ["approving"] * 2 == [desk.stage(each) for each in (locked, free)]


def test_a_step_is_taken_at_once_after_an_edit(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """The page behind a form stands on what was saved when the form closes, before the record was read again: the next
    press collides with nobody."""
    desk, url = office
    quote = desk.quote(number="E1")
    entered(page, watched, url, "li", f"#/records/quote/{quote}")
    page.locator(".lc-actions").get_by_role("button", name="编辑").click()
    form = page.get_by_role("dialog")
    form.get_by_label("risk").fill("low")
    held: list[Route] = []
    reads = re.compile(rf"/api/records/quote/{quote}$")
    page.route(reads, lambda route: held.append(route) if route.request.method == "GET" else route.continue_())
    form.get_by_role("button", name="保存").click()
    expect(form).to_have_count(0)
    expect(page.locator(".lc-facts")).to_contain_text("low")
    page.locator(".lc-moves").get_by_role("button", name="approving").click()
    expect(page.locator(".ant-message")).to_contain_text("已推进到「approving」")
    for each in held:
        each.continue_()
    page.unroute(reads)
    expect(page.locator(".lc-record-closed")).to_be_visible()
    assert "approving" == desk.ask("boss", "records.get", type="quote", id=quote)["stage"]


@pytest.mark.requirement("W5", "W22")
def test_how_a_step_stands_on_a_phone(
    browser_context: OpenContext, watched: Watched, office: tuple[Office, str]
) -> None:
    """By weight and not by heads, what is missing, and what happens when nobody answers; the head does not run into
    the link to the picture."""
    desk, url = office
    weighed = begun(desk, "weighed", "V1")
    desk.decide("zhao")
    page = browser_context(viewport=PHONE).new_page()
    entered(page, watched, url, "li", f"#/records/quote/{weighed}")
    page.get_by_role("tab", name="审批").click()
    progress = page.locator(".lc-progress")
    expect(progress).to_contain_text("票签（按权重）：同意超过 1/2 即通过")
    expect(progress).to_contain_text("同意权重 1，需 3（总权重 4），还需 2")
    expect(progress).not_to_contain_text("已处理 1/2")
    head, link = progress.locator("h3").bounding_box(), progress.get_by_role("link", name="流程图").bounding_box()
    assert head is not None
    assert link is not None
    assert head["x"] + head["width"] <= link["x"] or head["y"] + head["height"] <= link["y"]
    assert fits(page)
    late = desk.submitted(number="L1")
    page.goto(f"{url}#/records/quote/{late}")
    page.get_by_role("tab", name="审批").click()
    expect(page.locator(".lc-flow-active")).to_contain_text("提醒处理人（共 2 次，间隔 24 小时）；再过 24 小时自动拒绝")
    assert fits(page)


def test_the_picture_of_an_end_covers_no_word(
    browser_context: OpenContext, watched: Watched, office: tuple[Office, str]
) -> None:
    """On a phone, where boxes are narrow: the icon of a start or an end stands beside its words."""
    desk, url = office
    late = desk.submitted(number="P1")
    page = browser_context(viewport=PHONE).new_page()
    entered(page, watched, url, "li", f"#/simulate?instance={desk.history(late)[0]['id']}")
    boxes = page.locator(".lc-graph-kind-start, .lc-graph-kind-end")
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        icon, words = box.locator(".anticon").bounding_box(), box.evaluate(WORDS)
        assert icon is not None
        assert icon["x"] + icon["width"] <= words + 1
