"""The operations of approval on the page: each is found, pressed, leaves its trace, is told to whom it concerns and is
undone, in a real browser.

A case is a flow, and what people see and press one after the other. A step is somebody (`as`) at a place (`at`: a box
of their list, the record, the page of handing over), who sees, is offered and presses something there. What is not
looked at is done without the page (`do`). `words` are the operations of `docs/definitions/approval.md` that it shows.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import begin_session
from tests.browser.office import office_of
from tests.flows.app import Office, document
from tests.support.browser import Watched, leave_list

CASES: list[dict[str, Any]] = [
    {**case, "flow": f"{path.stem}_{index}"}
    for path in sorted((Path(__file__).parent / "approval").glob("*.json"))
    for index, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
]
PARAMS = [pytest.param(case, marks=pytest.mark.requirement(*case["shows"]), id=case["flow"]) for case in CASES]
BOXES = {"task": "open", "done": "done", "started": "started", "copies": "copied"}


def opened(folder: Path) -> Office:
    """An office with the flows of all cases."""
    flows = []
    for case in CASES:
        flows.append(document(case["flow"], nodes=case["nodes"], **{"start": {"on": "manual"}, **case.get("keys", {})}))
        for name, nodes in case.get("others", {}).items():
            flows.append(document(name, nodes=nodes, start={"on": "manual"}, withdraw={}))
    return Office(*flows, database=f"sqlite:///{folder}/office.sqlite3")


office = office_of("approval_words", opened)


class Told:
    """One case, as people see it."""

    def __init__(self, page: Page, office: Office, url: str, case: dict[str, Any]) -> None:
        self.page, self.office, self.url = page, office, url
        self.number = f"W-{case.get('number', case['flow'])}"
        self.quote = office.quote(case.get("total", 500), number=self.number)
        self.flow: str = case["flow"]
        self.nested = "others" in case
        self.person = ""
        office.ask("li", "flows.start", flow=case["flow"], id=self.quote)

    def tell(self, step: dict[str, Any]) -> None:
        """One step, and what is seen there."""
        if "after" in step:
            self.office.clock.advance(timedelta(**step["after"]))
            self.office.host.settle()
        if "do" in step:
            self.do(**step)
        if "at" not in step:
            return
        self.enter(step["as"])
        part = self.go(step["at"])
        if part is not None:
            self.look(step, part)
            if "press" in step:
                self.press(step, part)

    def do(self, do: str, **step: Any) -> None:
        """What is not looked at: `task` is the newest of the person about the record."""
        given = {key: self.known(value) for key, value in step.get("with", {}).items()}
        if given.get("id") == "the absence":
            given["id"] = self.office.ask(step["as"], "identity.absences")["items"][0]["id"]
        operation = do if "." in do else f"flows.{do}"
        if "task" in self.office.host.app.operations[operation].params.model_fields:
            mine = [each for each in self.office.tasks(step["as"]) if each["record"]["id"] == self.quote]
            given["task"] = mine[0]["id"]
        self.office.ask(step["as"], operation, **given)

    def known(self, value: Any) -> Any:
        """`@login` as the id of the person, `@record` and `@flow` as those of the case."""
        if isinstance(value, list):
            return [self.known(each) for each in value]
        if isinstance(value, str) and value.startswith("@"):
            own = {"@record": self.quote, "@flow": self.flow}
            return own[value] if value in own else self.office.id(value[1:])
        return value

    def enter(self, login: str) -> None:
        """Somebody opens the page anew."""
        self.page.goto("about:blank")
        if login != self.person:
            begin_session(self.page, self.url, login)
            self.person = login

    def go(self, at: str) -> Locator | None:
        """The part of the page where the record is dealt with; None where it is no longer on a list."""
        page, box = self.page, BOXES.get(at.removeprefix("not "))
        if box is None:
            page.goto(f"{self.url}#/records/quote/{self.quote}")
            page.get_by_role("tab", name="审批").click()
            flows = page.locator(".lc-progress")  # the newest comes first; what it began is newer
            return flows.last if self.nested else flows.first
        page.goto(f"{self.url}#/tasks/{box}")
        line = page.locator(".lc-task", has_text=self.number)
        if at.startswith("not "):
            expect(page.get_by_role("heading", name="待办")).to_be_visible()
            expect(page.locator(".lc-tasks, .lc-nothing").first).to_be_visible()
            expect(line).to_have_count(0)
            return None
        line.first.click()
        expect(page.locator(".lc-task-panel h2")).to_contain_text(self.number)
        return page.locator(".lc-task-panel")

    def look(self, step: dict[str, Any], part: Locator) -> None:
        """What stands there, what may be done, what the bell has told."""
        for words in step.get("sees", ()):
            expect(part).to_contain_text(words)
        for words in step.get("sees_not", ()):
            expect(part).not_to_contain_text(words)
        for name in step.get("has", ()):
            expect(part.get_by_role("button", name=re.compile(f"{name}$"))).to_be_visible()
        for name in step.get("lacks", ()):
            expect(part.get_by_role("button", name=name, exact=True)).to_have_count(0)
        if "holds" in step:
            expect(part.get_by_label(re.compile("^处理意见"))).to_have_value(step["holds"])
        if "told" in step:
            self.page.get_by_role("button", name=re.compile("通知")).click()
            note = self.page.locator(".lc-note", has_text=step["told"])
            note = note.filter(has_text=step.get("about", self.number)).first
            expect(note).to_be_visible()
            if step.get("follow"):
                note.click()
                expect(self.page).to_have_url(re.compile("#/tasks/open/"))
                expect(self.page.locator(".lc-task-panel h2")).to_contain_text(self.number)
            else:
                self.page.keyboard.press("Escape")
        if "offers" in step or "offers_not" in step:
            self.menu(step, part)
            for name in step.get("offers", ()):
                expect(self.page.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
            for name in step.get("offers_not", ()):
                expect(self.page.get_by_role("menuitem", name=name, exact=True)).to_have_count(0)
            self.page.keyboard.press("Escape")

    def menu(self, step: dict[str, Any], part: Locator) -> None:
        """Open what else may be done: with the task or the flow, or with one person who is asked (`of`)."""
        if "of" in step:
            part = part.locator(".lc-flow-active .lc-flow-person", has_text=step["of"])
        elif step["at"] == "record":
            part = part.locator(".lc-progress-ways")
        else:
            part = part.locator(".lc-decide")
        part.get_by_role("button", name="操作").click()

    def press(self, step: dict[str, Any], part: Locator) -> None:
        """Press a button or what a menu holds, fill in what is asked for, and confirm."""
        page, name = self.page, step["press"]
        if step.get("button"):
            if "opinion" in step:
                part.get_by_label(re.compile("^处理意见")).fill(step["opinion"])
            part.get_by_role("button", name=re.compile(f"{name}$")).click()
        else:
            self.menu(step, part)
            page.get_by_role("menuitem", name=name, exact=True).click()
        dialog = page.get_by_role("dialog")
        if not step.get("button") or step.get("asks"):
            self.fill(step, dialog)
            done = name.removesuffix(" …").partition(" · ")[0]  # a decision is called by what else it takes
            dialog.get_by_role("button", name=re.compile(f"^{done}$")).click()
        for words in step.get("refused", ()):
            expect(page.get_by_role("alert").filter(has_text=words).first).to_be_visible()
        if "refused" not in step:
            expect(page.locator(".ant-message")).to_contain_text(step["said"])
            expect(dialog).to_have_count(0)

    def fill(self, step: dict[str, Any], dialog: Locator) -> None:
        """What a dialog asks for."""
        for words in step.get("says", ()):
            expect(dialog).to_contain_text(words)
        for label, people in step.get("people", {}).items():
            for name in people:
                dialog.get_by_label(label, exact=True).fill(name)
                self.page.locator(".ant-select-item-option", has_text=name).click()
            leave_list(self.page)
            expect(self.page.locator(".ant-select-dropdown:visible")).to_have_count(0)
        for choice in step.get("choose", ()):
            dialog.get_by_role("radio", name=choice, exact=True).check()
        for label, words in step.get("text", {}).items():
            dialog.get_by_label(label, exact=True).fill(words)


@pytest.mark.parametrize("case", PARAMS)
def test_on_the_page(page: Page, watched: Watched, office: tuple[Office, str], case: dict[str, Any]) -> None:
    """Each step shows what the case says, to whom it says."""
    watched.forgive("401 (Unauthorized)")
    for status in case.get("forgives", ()):
        watched.forgive(status)
    told = Told(page, *office, case)
    for step in case["steps"]:
        told.tell(step)


@pytest.mark.requirement("W11", "SP22")
def test_everything_of_one_who_leaves(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """离职转办: an administrator hands over what waits for somebody, counted beforehand; the successor is told and has
    it, also what is not their turn yet, the record says who gave it to whom, and handed back it is as it was."""
    watched.forgive("401 (Unauthorized)")
    watched.forgive("404 (Not Found)")
    desk, url = office
    told = Told(page, desk, url, {"flow": "votes_0", "number": "leaves"})
    steps: list[dict[str, Any]] = [
        {"as": "li", "at": "record", "lacks": ["离职转办"]},
        {"as": "root", "hand": ("Head", "Zhao")},
        {"as": "fang", "do": "decide", "with": {"decision": "approve"}},
        {"as": "head", "at": "not task"},
        {"as": "zhao", "at": "task", "told": "Both in turn", "sees": ["Root 把 Head 的待办转给 Zhao"]},
        {"as": "root", "hand": ("Zhao", "Head")},
        {"as": "head", "at": "task", "told": "Both in turn", "sees": ["把 Zhao 的待办转给 Head"], "press": "同意",
         "button": True, "said": "已同意"},
    ]  # fmt: skip
    for step in steps:
        if "hand" not in step:
            told.tell(step)
            continue
        told.enter("root")
        page.goto(f"{url}#/handover")
        for label, name in zip(("离职人员", "接手人"), step["hand"], strict=True):
            page.get_by_role("combobox", name=label).fill(name)
            page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=name).first.click()
        expect(page.get_by_role("row", name="待办事项")).to_be_visible()
        page.get_by_role("button", name=re.compile("^交接 .+ 条记录")).click()
        page.get_by_role("dialog").get_by_role("button", name="离职交接").click()
        expect(page.locator(".ant-message")).to_contain_text("条记录交给")


@pytest.mark.requirement("W13")
def test_a_comment_on_what_is_approved(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """评论: who is asked calls the starter from the record, which the task leads to; the starter is told, and reads it
    beside the steps."""
    watched.forgive("401 (Unauthorized)")
    desk, url = office
    told = Told(page, desk, url, {"flow": "votes_1", "number": "comment"})
    told.enter("head")
    part = told.go("task")
    assert part is not None
    part.get_by_role("link", name=re.compile("打开记录")).click()
    comment = page.get_by_label("写评论，@ 提醒同事…")
    comment.press_sequentially("账期请再确认 @Li")
    page.locator(".ant-mentions-dropdown-menu-item", has_text="Li").first.click()
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".lc-timeline .lc-said").first).to_contain_text("账期请再确认 @Li")
    told.tell({"as": "li", "at": "record", "told": "账期请再确认", "about": ""})
    expect(page.locator(".lc-timeline")).to_contain_text("账期请再确认")
