"""What a save sets going, and why a person may or may not: asked of a real host."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.app import App
from lowcode.explain import on_public, on_read, on_save
from lowcode.host import Host
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP

DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "small", "title": "Small", "roles": [{"name": "sales"}, {"name": "finance"}]},
    "forms/offer.json": {
        "name": "offer",
        "title": "Offer",
        "label": "title",
        "fields": [
            {"name": "title", "type": "text", "required": True},
            {"name": "price", "type": "money"},
            {"name": "cost", "type": "money"},
            {"name": "margin", "type": "formula", "expression": "price - cost", "scale": 2},
            {"name": "doubled", "type": "formula", "expression": "price * 2", "scale": 2},
            {"name": "items", "type": "lines", "fields": [
                {"name": "number", "type": "integer"},
                {"name": "twice", "type": "formula", "expression": "number * 2", "scale": 0}]},
        ],
        "checks": [{"name": "positive", "expression": "price > 0", "message": "Not for nothing"}],
        "permissions": [
            {"role": "sales", "can": ["create", "read", "edit"], "where": "owner = ME()", "hide": ["cost"]},
            {"role": "finance", "can": ["read"], "read_only": ["price"]},
        ],
    },
    "rules/greet.json": {
        "name": "greet",
        "title": "Greet",
        "form": "offer",
        "on": {"created": True},
        "when": "price > 100",
        "actions": [{"notify": {"to": ["owner"], "title": "New"}}],
    },
}  # fmt: skip


@pytest.fixture
def host() -> Any:
    """A host with two salespeople and one of finance; one offer of ada's, another of bob's."""
    made = Host(load(DOCUMENTS))
    made.publish()
    people = [("ada", "sales"), ("bob", "sales"), ("fay", "finance"), ("root", "administrator")]
    for login, role in people:
        made.ask(APP, "identity.save_person", login=login, name=login.title(), roles=(role,))
    made.forget_directory()
    for login in ("ada", "bob"):
        values = {"title": login, "price": "150", "items": [{"number": 2}]}
        made.ask(made.actor(login), "records.create", type="offer", values=values)
    yield made
    made.close()


def asked(host: Host, who: str, login: str, **more: Any) -> Any:
    """Ask why, about bob's offer."""
    return host.ask(host.actor(who), "explain.permission", form="offer", id=2, login=login, **more)


@pytest.fixture
def app(host: Host) -> App:
    """What the host runs."""
    return host.app


@pytest.mark.requirement("X10")
def test_a_save_is_told_in_its_order(app: App) -> None:
    """Each step in the order in which it happens, with the document behind each of its entries."""
    steps = on_save(app, "offer")
    assert [each["order"] for each in steps] == sorted(each["order"] for each in steps)
    told = {each["step"]: [entry["words"]["en"] for entry in each["entries"]] for each in steps}
    assert told["records.compute"] == ["items.twice = number * 2", "margin = price - cost", "doubled = price * 2"]
    assert told["rules.watch"] == ["greet: notify when price > 100"]
    assert told["checks"] == ["positive: price > 0"]
    assert told["conditions"] == ["title"]
    assert told["permission"] == ["sales may create, edit, read where owner = ME()", "finance may read"]
    watched = next(each for each in steps if each["step"] == "rules.watch")
    assert watched["entries"][0]["place"]["document"] == "rules/greet.json"
    assert all(each["words"].keys() == {"en", "zh-CN"} for each in steps)


@pytest.mark.requirement("X10")
def test_a_save_is_told_the_checks_it_may_break_above() -> None:
    """By a roll-up, by a roll-up of that, and by a formula over it."""
    number = [{"name": "number", "type": "text"}]
    rollup = {"type": "rollup", "name": "received"}
    allowed = [{"role": "sales", "can": ["create", "read"]}]
    forms = {
        "plan": {"fields": [*number, {**rollup, "expression": "SUM(orders.received)"}],
                 "relations": [{"name": "orders", "form": "order", "by": "plan"}],
                 "checks": [{"name": "all", "expression": "received < 99", "message": "!"}]},
        "order": {"fields": [*number, {"name": "plan", "type": "link", "to": "plan"},
                             {**rollup, "expression": "SUM(receipts.pieces)"},
                             {"name": "late", "type": "formula", "expression": "IF(TODAY() > TODAY(), received, 0)"}],
                  "relations": [{"name": "receipts", "form": "receipt", "by": "order"}],
                  "checks": [{"name": "ten", "expression": "received <= 10", "message": "!"},
                             {"name": "named", "expression": "number != \"\"", "message": "!"},
                             {"name": "in_time", "expression": "late < 1", "message": "!"}]},
        "receipt": {"fields": [{"name": "order", "type": "link", "to": "order"},
                               {"name": "pieces", "type": "integer"}]},
    }  # fmt: skip
    documents = {f"forms/{name}.json": {"name": name, "permissions": allowed, **each} for name, each in forms.items()}
    made = Host(load({"app.json": DOCUMENTS["app.json"], **documents}))
    told = {each["step"]: [entry["words"]["en"] for entry in each["entries"]] for each in on_save(made.app, "receipt")}
    made.close()
    assert told["checks"] == ["order.ten: received <= 10", "order.in_time: late < 1", "plan.all: received < 99"]


@pytest.mark.requirement("X10")
def test_what_a_role_reads(app: App) -> None:
    """The row filter of each role, in words and in SQL, and what is hidden."""
    told = {each["role"]: each for each in on_read(app, "offer", "postgresql")}
    assert told["finance"]["sql"] is None
    assert "offer.owner" in told["sales"]["sql"]
    assert told["sales"]["words"]["en"] == "sales reads the records where (owner = ME())"
    assert told["sales"]["hidden"] == ["cost"]


@pytest.mark.requirement("X10")
def test_why_a_person_may_not(host: Host) -> None:
    """The line that decides, and the values its condition saw, as of the person asked about."""
    refused = asked(host, "root", "ada")
    assert refused["allowed"] is False
    assert refused["words"]["en"] == "Ada may not read this record: the condition of no line holds"
    trace = refused["lines"][0]["trace"]
    assert (trace["text"], trace["value"]) == ("owner = ME()", False)
    assert asked(host, "root", "bob")["words"]["en"].startswith("Bob may read: sales may")
    assert asked(host, "root", "fay", action="edit")["words"]["en"].startswith("Fay may not edit: no line gives")
    assert asked(host, "root", "root")["words"]["en"] == "Root is an administrator and may do everything"


@pytest.mark.requirement("X10")
def test_why_a_field_is_kept(host: Host) -> None:
    """Hidden, fixed or shown, with the lines that say so."""
    hidden = asked(host, "root", "bob", field="cost")["field"]
    assert (hidden["hidden"], len(hidden["lines"])) == (True, 1)
    assert asked(host, "root", "bob", field="price")["field"]["words"]["en"] == "price is shown"
    with pytest.raises(Rejected, match="nothing"):
        asked(host, "root", "bob", field="nothing")


@pytest.mark.requirement("X10")
def test_explaining_betrays_nothing(host: Host) -> None:
    """About others only administrators ask; of records one may not read, not even that they are there."""
    with pytest.raises(Forbidden):
        asked(host, "ada", "bob")
    with pytest.raises(NotFound):
        asked(host, "ada", "ada")
    assert asked(host, "bob", "bob")["allowed"] is True
    with pytest.raises(NotFound):
        host.ask(host.actor("root"), "explain.permission", form="offer", id=99, login="ada")


@pytest.mark.requirement("X10")
def test_how_a_value_came_about(host: Host) -> None:
    """Each part with its value; nothing of a formula that reads what is hidden from whoever asks."""
    told = host.ask(host.actor("bob"), "explain.formula", form="offer", id=2, field="doubled")
    assert str(told["value"]) == "300.00"
    assert [part["text"] for part in told["trace"]["parts"]] == ["price"]
    hiding = host.ask(host.actor("bob"), "explain.formula", form="offer", id=2, field="margin")
    assert hiding["trace"] is None
    with pytest.raises(Rejected, match="not a formula"):
        host.ask(host.actor("bob"), "explain.formula", form="offer", id=2, field="price")


FACE: dict[str, Any] = {
    "name": "ask",
    "title": "Ask us",
    "fields": ["title", {"field": "email", "required": True}, "price"],
    "values": {"cost": "1"},
    "consent": [{"purpose": "contact", "text": "Yes"}, {"purpose": "news", "text": "News", "required": False}],
    "confirm": {"email": "email", "subject": "Confirm", "text": "Follow it", "hours": 24},
    "ticket": {"set": {"came": "TRUE"}, "show": ["title", "email"], "email": "email", "subject": "Ticket"},
    "duplicates": "link",
    "link": "earlier",
    "redirect": "https://example.com/thanks",
    "origins": ["https://example.com"],
    "opens": "2026-01-01",
    "closes": "2026-02-01T12:00",
    "most": 50,
    "limit": 5,
    "seconds": 3,
    "labour": 12,
}
TOLD = [
    ("address", "/name", "anybody opens it at public/offer/ask", "任何人可访问 public/offer/ask"),
    ("asks", "/fields", "it asks for title*, email*, price", "填写：title*、email*、price"),
    ("consent", "/consent", "agrees to contact*, news", "勾选同意：contact*、news"),
    ("opens", "/opens", "it opens at 2026-01-01", "2026-01-01 起开放"),
    ("closes", "/closes", "it closes at 2026-02-01T12:00", "2026-02-01T12:00 止"),
    ("most", "/most", "it takes 50 submissions", "最多接收 50 份"),
    ("confirm", "/confirm", "nothing is saved before a link in a letter to email is followed, within 24 hours",
     "先发邮件到 email，24 小时内点击链接后才保存"),
    ("link", "/duplicates",
     "who is there already, by the exact rules for duplicates, is named in earlier of the new record",
     "按精确查重规则已存在的，在新记录的 earlier 中关联原记录"),
    ("value", "/values/cost", "cost becomes 1", "cost 取 1"),
    ("runs-app", "/run_as", "it is saved by the app itself", "由应用自身保存"),
    ("ticket", "/ticket", "the visitor gets a code; who scans it sees title, email, and came = TRUE",
     "访客得到二维码；扫码者看到 title、email，并设置 came = TRUE"),
    ("ticket-letter", "/ticket/email", "the code is also sent to email", "二维码同时发到 email"),
    ("redirect", "/redirect", "afterwards the visitor goes to https://example.com/thanks",
     "提交后转到 https://example.com/thanks"),
    ("origins", "/origins", "pages of https://example.com may show it in a frame", "可嵌入以下网站：https://example.com"),
    ("guard", "", "misuse: 5 a minute from one address, 3000 from all together, after 3 seconds at least, "
     "12 bits of work each",
     "防滥用：每个地址每分钟 5 次，合计 3000 次，至少停留 3 秒，浏览器运算 12 位"),
]  # fmt: skip


@pytest.mark.requirement("F24")
def test_what_a_form_is_to_everybody() -> None:
    """Each public face is told whole, in both languages, with where each thing stands, and what a bare one lacks."""
    form = DOCUMENTS["forms/offer.json"]
    more = [
        {"name": "email", "type": "email"},
        {"name": "came", "type": "boolean"},
        {"name": "earlier", "type": "link", "to": "offer"},
    ]
    bare = {"name": "bare", "fields": ["title"], "run_as": "ada"}
    shown = {**form, "fields": [*form["fields"], *more], "public": [FACE, bare],
             "duplicates": [{"fields": ["email"], "match": "exact"}]}  # fmt: skip
    host = Host(load({**DOCUMENTS, "forms/offer.json": shown}))
    faces = on_public(host.app, "offer")
    assert ["ask", "bare"] == [each["name"] for each in faces]
    entries = faces[0]["entries"]
    assert TOLD == [
        (each["what"], each["place"]["pointer"].removeprefix("/public/0"), each["words"]["en"], each["words"]["zh-CN"])
        for each in entries
    ]
    assert {"forms/offer.json"} == {each["place"]["document"] for each in entries}
    bare_said = [(each["what"], each["words"]["en"]) for each in faces[1]["entries"]]
    assert ("create", "each answer is a new record") in bare_said
    assert ("runs", "it is saved as ada") in bare_said
    assert ("no-origins", "no other site may show it in a frame") in bare_said
