"""The whole story of a customer, told by five people in five browsers: from a call of the website to the money.

What takes days (nobody follows up: a warning, the supervisor, the pool) is told by the app tests, whose clock can be
moved; here the clock is the real one.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date

import pypdf
import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, PRINTED, OpenContext, Watched, fits

COMPANY = "宁波海川泵业有限公司"
DRIVE = "变频器 22 kW"


@dataclass
class People:
    """Who plays a part, each at a browser of their own; the director only has a phone at hand."""

    seller: Page
    seller_phone: Page
    supervisor: Page
    director: Page
    finance: Page


@pytest.fixture
def people(browser_context: OpenContext, sign_in: SignIn) -> People:
    pocket = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    return People(
        seller=sign_in(browser_context().new_page(), "李娜"),
        seller_phone=sign_in(browser_context(**pocket).new_page(), "李娜"),
        supervisor=sign_in(browser_context().new_page(), "林雪梅"),
        director=sign_in(browser_context(**pocket).new_page(), "陈国栋"),
        finance=sign_in(browser_context().new_page(), "周敏"),
    )


def drawer(page: Page) -> Locator:
    """The form that lies on top."""
    return page.locator(".ant-drawer [role=dialog]").last


def choose(page: Page, label: str, answer: str, search: str | None = None) -> None:
    """Pick something in a field of the form on top, by looking it up if words are given."""
    field = drawer(page).get_by_role("combobox", name=label, exact=True)
    field.click()
    if search is not None:
        field.fill(search)
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=answer).first.click()


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field of the form on top."""
    field = drawer(page).get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def save(page: Page, button: str = "保存") -> None:
    """Send the form on top; it closes when the server took it."""
    form = drawer(page)
    form.get_by_role("button", name=button, exact=True).last.click()
    expect(form).to_be_hidden()


def stands_at(page: Page, state: str) -> None:
    """The record on the page is in a state."""
    expect(page.locator(".lc-way [aria-current=step]")).to_have_text(state)


def called(page: Page, pattern: str) -> str:
    """The name of the record on the page, once it is one of these."""
    expect(page.locator("h1")).to_have_text(re.compile(pattern))
    return page.locator("h1").inner_text()


def step(page: Page, button: str) -> None:
    """Press a step of the way."""
    page.locator(".lc-moves").get_by_role("button", name=button, exact=True).click()


def decide(page: Page, address: str, subject: str, opinion: str = "") -> None:
    """Approve what waits in the to-do list."""
    page.goto(f"{address}#/tasks")
    page.locator(".lc-task", has_text=subject).first.click()
    if opinion:
        page.get_by_label(re.compile("处理意见")).fill(opinion)
    page.get_by_role("button", name="同意").click()
    expect(page.locator(".ant-message")).to_contain_text("已同意")


@pytest.mark.requirement(
    "SP04", "SP11", "SP12", "SF11", "SF13", "SF19", "SF24", "SF27", "SR10", "SR15", "SR23", "SW01", "SW02", "SW03",
    "SW04", "SW06",
    "SW07", "SW08", "SW12", "SW15", "SW18", "SW22", "SA02", "SA05", "SB02", "SB13", "SB15", "SB16", "SB20", "ST01",
    "ST07", "SC02", "SC03", "SC04", "SC05", "SC09",
)  # fmt: skip
def test_the_story_of_a_customer(people: People, address: str, demo: Host, watched: Watched, picture: Picture) -> None:
    """A lead comes in, is worked on, quoted, approved, signed and counted, each step by whose step it is."""
    watched.forgive("422")
    a_lead_comes_in(people, address, demo)
    it_is_known_already(people.seller, address)
    the_first_contact_is_made_on_the_road(people.seller_phone, picture)
    deal = it_becomes_a_deal(people.seller)
    the_demonstration_is_prepared(people.seller, demo)
    number = a_quote_is_made(people.seller, picture)
    the_quote_is_approved(people, address, number, picture)
    the_paper_is_right(people.seller)
    the_contract_follows(people, address, deal)
    the_boards_show_it(people, address, deal, picture)


def a_lead_comes_in(people: People, address: str, demo: Host) -> None:
    """A program calls; the owner's bell rings without loading the page anew, and the notice leads to the lead."""
    key = demo.ask(
        demo.actor("wu.xiaofeng"), "api.create_key", name="website", scopes=("intake:website_leads",), user=None
    )["key"]
    lead = {
        "company": COMPANY, "name": "徐立峰", "job_title": "设备部经理", "phone": "13855501234", "province": "zhejiang",
        "city": "宁波", "industry": "machinery", "product_line": "drive", "budget": 180000,
        "need": "十二台泵站电机改变频",
    }  # fmt: skip
    seller = people.seller
    call = seller.request
    headers = {"Authorization": f"Bearer {key}"}
    first = call.post(f"{address}api/intake/website_leads", data=lead, headers=headers)
    assert 201 == first.status, first.text()
    again = call.post(f"{address}api/intake/website_leads", data={**lead, "city": "宁波"}, headers=headers)
    assert "updated" == again.json()["status"], again.text()
    seller.get_by_role("button", name=re.compile("未读通知")).click()
    seller.locator(".lc-note", has_text=f"新线索：{COMPANY}").click()
    expect(seller.locator("h1")).to_have_text(COMPANY)
    stands_at(seller, "待联系")
    expect(seller.locator(".lc-header-facts")).to_contain_text("李娜")
    seller.get_by_role("tab", name="任务").click()
    expect(seller.get_by_role("region", name="任务")).to_contain_text("24 小时内首次联系")


def it_is_known_already(seller: Page, address: str) -> None:
    """The same customer calls, too: who wants to write it down again is shown the lead that is there."""
    lead = seller.url
    seller.goto(f"{address}#/records/lead")
    seller.get_by_role("button", name="新建").click()
    fill(seller, "公司", COMPANY)
    fill(seller, "联系人", "徐经理")
    fill(seller, "电话", "13855501234")
    drawer(seller).get_by_role("button", name="保存", exact=True).click()
    known = seller.get_by_role("dialog", name="可能已经有相同的记录")
    expect(known).to_contain_text(COMPANY)
    known.get_by_role("button", name="返回").click()
    drawer(seller).get_by_role("button", name="取消").click()
    seller.get_by_role("button", name="放弃修改").click()
    expect(drawer(seller)).to_be_hidden()  # until its draft is gone, the form holds whoever leaves
    seller.goto(lead)


def the_first_contact_is_made_on_the_road(phone: Page, picture: Picture) -> None:
    """On the phone: the step is closed until a follow-up is written down, then the lead stands where it should."""
    phone.get_by_role("navigation").get_by_role("link", name="线索").click()
    picture(phone, "phone")
    phone.locator(".lc-card", has_text=COMPANY).first.click()
    step(phone, "已联系")
    expect(drawer(phone)).to_contain_text("请先登记一条跟进记录")
    drawer(phone).get_by_role("button", name="取消").click()
    expect(drawer(phone)).to_be_hidden()
    phone.get_by_role("tab", name="跟进记录").click()
    phone.get_by_role("button", name="新建跟进记录").last.click()
    choose(phone, "方式", "电话")
    fill(phone, "沟通内容", "电话联系徐经理，确认十二台泵，下周可以现场看。")
    save(phone)
    stands_at(phone, "已联系")
    step(phone, "确认为有效线索")
    stands_at(phone, "已确认")
    assert fits(phone)


def it_becomes_a_deal(seller: Page) -> str:
    """Account, contact and opportunity are made of the lead; gates ask for what a stage needs."""
    stands_at(seller, "已确认")
    seller.get_by_role("button", name="转为客户与商机").click()
    stands_at(seller, "已转化")
    seller.locator(".lc-fact", has_text="转化的商机").get_by_role("link").click()
    stands_at(seller, "初步接触")
    deal = seller.url
    step(seller, "确认需求")
    stands_at(seller, "需求确认")
    asked = seller.get_by_role("region", name="本阶段要求")
    for line in ("已看现场工况", "已见决策人"):
        asked.get_by_label(line).click()
        expect(asked.get_by_label(line)).to_be_checked()
    step(seller, "方案演示")
    expect(drawer(seller)).to_contain_text("进入「方案演示」还需要")
    fill(seller, "决策流程", "设备部提出，总经理签字")
    fill(seller, "演示时间", f"{date.today().isoformat()} 15:00")
    save(seller, "方案演示")
    stands_at(seller, "方案演示")
    return deal


def the_demonstration_is_prepared(seller: Page, demo: Host) -> None:
    """The stage gave two people work with a checklist; what it has to bring is attached where it is asked for."""
    for login, checked in (("li.na", ("interfaces", "sample", "agenda")), ("wu.xiaofeng", ())):
        person = demo.actor(login)
        task = demo.ask(person, "flows.list_tasks", search=COMPANY)["items"][0]
        demo.ask(person, "flows.decide", task=task["id"], decision="complete", opinion="可行", checked=checked)
    with seller.expect_file_chooser() as chosen:
        seller.get_by_role("region", name="本阶段要求").get_by_role("button", name="上传文件").click()
    chosen.value.set_files({"name": "解决方案书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(seller.locator(".lc-asked-met", has_text="解决方案书")).to_be_visible()


def a_quote_is_made(seller: Page, picture: Picture) -> str:
    """Prices come with the product; the total follows while it is typed; then the deal may go on to quoting."""
    seller.get_by_role("tab", name="报价单").click()
    seller.get_by_role("button", name="新建报价单").last.click()
    expect(drawer(seller).locator('[data-field="account"]')).to_contain_text(COMPANY)
    fill(seller, "主题", "泵站变频改造")
    drawer(seller).get_by_role("button", name="添加一行").click()
    choose(seller, "产品 第 1 行", DRIVE, search="变频器 22")
    fill(seller, "数量 第 1 行", "12")
    fill(seller, "折扣 第 1 行", "5")
    expect(drawer(seller).locator('[data-field="total"]')).to_contain_text(re.compile(r"1\d\d,\d\d\d\.\d\d"))
    picture(seller, "form")
    save(seller)
    step(seller, "进入报价")
    choose(seller, "演示结果", "认可")
    save(seller, "进入报价")
    stands_at(seller, "报价")
    seller.get_by_role("region", name="报价单").locator(".lc-first").first.click()
    number = called(seller, r"Q\d{6}-\d{4}")
    step(seller, "提交审批")
    stands_at(seller, "审批中")
    return number


def the_quote_is_approved(people: People, address: str, number: str, picture: Picture) -> None:
    """Supervisor first; above the limit director and finance together, so one of the two is not enough."""
    decide(people.supervisor, address, number, "毛利可以，同意")
    people.finance.goto(f"{address}#/tasks")
    people.finance.locator(".lc-task", has_text=number).first.click()
    expect(people.finance.locator(".lc-progress")).to_contain_text("毛利可以，同意")
    picture(people.finance, "approval")
    where_it_is(people.seller)
    decide(people.director, address, number)
    stands_at(people.seller, "审批中")
    decide(people.finance, address, number, "付款条件可接受")
    stands_at(people.seller, "已批准")
    people.seller.get_by_role("tab", name="审批").click()
    progress = people.seller.locator(".lc-progress")
    for words in ("林雪梅", "陈国栋", "周敏", "会签", "付款条件可接受"):
        expect(progress).to_contain_text(words)


def where_it_is(seller: Page) -> None:
    """Who holds it, until when, how many have answered, and what comes next; the picture names them, and its ends."""
    seller.reload()
    seller.get_by_role("tab", name="审批").click()
    progress = seller.locator(".lc-progress")
    expect(progress.locator(".lc-flow-active")).to_contain_text("已处理 0/2")
    expect(progress.locator(".lc-flow-active")).to_contain_text(re.compile(r"请在 \d{4}-\d\d-\d\d \d\d:\d\d 前处理"))
    expect(progress.locator(".lc-flow-coming")).to_contain_text("已同意")
    progress.get_by_role("link", name="流程图").click()
    expect(seller.locator(".lc-graph-active")).to_contain_text("陈国栋、周敏")
    for ends in ("结束：已同意", "结束：已拒绝"):
        expect(seller.locator(".lc-graph-node", has_text=ends)).to_be_visible()
    seller.go_back()


def the_paper_is_right(seller: Page) -> None:
    """Chinese words, the amount in words, and the seal, on the screen and as PDF."""
    seller.locator(".lc-actions").get_by_role("button", name="报价单").click()
    expect(seller.frame_locator("iframe.lc-paper").locator("body")).to_contain_text(COMPANY)
    expect(seller.frame_locator("iframe.lc-paper").locator("img").first).to_be_visible()
    with seller.expect_download(timeout=PRINTED) as download:
        seller.get_by_role("link", name="下载 PDF").click(no_wait_after=True)
    content = download.value.path().read_bytes()
    paper = pypdf.PdfReader(io.BytesIO(content))
    words = "".join(page.extract_text() for page in paper.pages)
    assert COMPANY in words
    assert "整" in words
    assert redness(pypdfium2.PdfDocument(content)) > 400, "the seal is missing"
    seller.get_by_role("button", name="返回").click()


def redness(paper: pypdfium2.PdfDocument) -> int:
    """How many points of a paper are as red as a seal, at 72 to the inch."""
    count = 0
    for page in paper:
        drawn = page.render(scale=1, rev_byteorder=True)
        points, width = bytes(drawn.buffer), drawn.n_channels
        count += sum(
            1 for at in range(0, len(points) - 2, width) if points[at] > 150 > 90 > max(points[at + 1], points[at + 2])
        )
    return count


def the_contract_follows(people: People, address: str, deal: str) -> None:
    """The accepted quote drafts the contract with its plan; signed, it wins the deal and asks for an invoice."""
    seller = people.seller
    step(seller, "标为已发送")
    stands_at(seller, "已发送")
    seller.goto(deal)
    step(seller, "进入谈判")
    stands_at(seller, "谈判")
    seller.get_by_role("tab", name="报价单").click()
    seller.get_by_role("region", name="报价单").locator(".lc-first").first.click()
    step(seller, "客户接受")
    stands_at(seller, "客户接受")
    seller.get_by_role("tab", name="合同").click()
    seller.get_by_role("region", name="合同").locator(".lc-first").first.click()
    number = called(seller, r"HT\d{6}-\d{4}")
    expect(seller.locator(".lc-facts", has_text="回款计划").first).to_contain_text("预付款")
    step(seller, "提交审批")
    stands_at(seller, "审批中")
    decide(people.finance, address, number)
    decide(people.supervisor, address, number)
    stands_at(seller, "待签订")
    step(seller, "签订")
    choose_today(seller, "签订日期")
    save(seller, "签订")
    stands_at(seller, "已签订")
    seller.get_by_role("tab", name="开票申请").click()
    expect(seller.get_by_role("region", name="开票申请").locator(".lc-first")).to_have_count(1)
    people.finance.goto(f"{address}#/tasks")
    expect(people.finance.locator(".lc-task", has_text=number).first).to_contain_text("开具预付款发票")
    seller.goto(deal)
    stands_at(seller, "成交")


def choose_today(page: Page, label: str) -> None:
    """Type today into a date field of the form on top."""
    fill(page, label, date.today().isoformat())


def the_boards_show_it(people: People, address: str, deal: str, picture: Picture) -> None:
    """The board of cards, the funnel and the team's board count it; a press on a bar ends at the record."""
    name = people.seller.locator("h1").inner_text()
    people.seller.goto(f"{address}#/records/opportunity?view=board")
    lane = people.seller.locator('[data-lane="won"]')
    expect(lane.locator(".lc-kanban-card", has_text=name)).to_be_visible()
    expect(lane.locator("header")).to_contain_text("¥")
    picture(people.seller, "board")
    supervisor = people.supervisor
    supervisor.goto(f"{address}#/dashboard/team_board")
    expect(supervisor.locator(".lc-chart svg").first).to_be_visible()
    supervisor.goto(f"{address}#/dashboard/sales_board")
    chart = supervisor.get_by_role("region", name="销售漏斗").locator(".lc-chart")
    expect(chart.locator("svg")).to_be_visible()
    picture(supervisor, "dashboard")
    funnel = supervisor.get_by_role("region", name="销售漏斗")
    funnel.get_by_role("button", name="以表格查看").click()
    funnel.locator(".lc-result tr", has_text="成交").locator(".lc-link").first.click()
    expect(supervisor.locator(".lc-chips")).to_contain_text("成交")
    supervisor.get_by_placeholder("搜索商机").fill(name)
    supervisor.locator(".lc-table tbody tr.lc-row", has_text=COMPANY).locator(".lc-first").click()
    expect(supervisor).to_have_url(deal)
