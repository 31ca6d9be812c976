"""The page behind a link in a letter: what is decided, and buttons. Plain HTML without scripts, for any reader of mail;
opening it changes nothing, because mail servers and chat programs open links too.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.links import public_url
from lowcode.web.messages import Request, Response
from lowcode.web.session import Caller
from lowcode.web.sheet import plain, words

if TYPE_CHECKING:
    from lowcode.web.door import Door

WORDS = {
    "zh-CN": {
        "hello": "{person}，您好！请处理以下事项：",
        "from": "发起人",
        "record": "单据",
        "opinion": "处理意见",
        "approve": "同意",
        "reject": "拒绝",
        "complete": "完成",
        "abstain": "弃权",
        "done": "已提交",
        "thanks": "您的决定已生效，可以关闭此页面。",
        "sorry": "无法处理",
        "enter": "登录系统，查看待办",
        "once": "此链接仅供您本人使用一次，{until} 前有效。",
    },
    "en": {
        "hello": "Hello {person}, please decide:",
        "from": "Started by",
        "record": "Record",
        "opinion": "Opinion",
        "approve": "Approve",
        "reject": "Reject",
        "complete": "Done",
        "abstain": "Abstain",
        "done": "Thank you",
        "thanks": "Your decision has taken effect; you may close this page.",
        "sorry": "This is not possible",
        "enter": "Sign in and see what waits for you",
        "once": "This link is for you alone, works once, and until {until}.",
    },
}


def show(door: Door, request: Request, caller: Caller, word: str) -> Response:
    """What the link is for, with a button for each decision."""
    try:
        found = door.host.ask(caller.actor, "flows.link", link=word)
    except Rejected as refused:
        return _refused(door, request, caller, refused)
    locale = found["locale"] or door.locale(request, caller)
    chosen = request.parameters.get("decision", "")
    found["decisions"] = sorted(found["decisions"], key=lambda each: each != chosen)  # a card's button comes first
    return _page(door, locale, localized(found["subject"], locale), _form(door, found, locale))


def decide(door: Door, request: Request, caller: Caller, word: str) -> Response:
    """A button was pressed."""
    sent = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    locale = door.locale(request, caller)
    found = None
    try:
        found = door.host.ask(caller.actor, "flows.link", link=word)
        locale = found["locale"] or locale
        made = {"decision": sent.get("decision", ""), "opinion": sent.get("opinion")}
        door.host.ask(caller.actor, "flows.decide_by_link", link=word, address=request.address, **made)
    except Rejected as refused:
        if found is None or refused.status != 422:
            return _refused(door, request, caller, refused, locale)
        door.refusals.note(door, request, caller, refused)
        wrong = "".join(f"<div>{escape(each.words(locale))}</div>" for each in refused.problems)
        form = _form(door, found, locale, wrong, sent.get("opinion", ""))
        return _page(door, locale, localized(found["subject"], locale), form, refused.status)
    said = words(WORDS, locale)
    return _page(door, locale, said["done"], f"<h1>{said['done']}</h1><p>{said['thanks']}</p>")


def _refused(door: Door, request: Request, caller: Caller, refused: Rejected, locale: str | None = None) -> Response:
    door.refusals.note(door, request, caller, refused)
    spoken = next((each.values["locale"] for each in refused.problems if each.values.get("locale")), None)
    locale = spoken or locale or door.locale(request, caller)
    said = words(WORDS, locale)
    reasons = "".join(f"<p>{escape(each.words(locale))}</p>" for each in refused.problems)
    app = public_url(door.host)
    way = f'<p><a href="{escape(app)}/#/tasks">{said["enter"]}</a></p>' if app else ""
    return _page(door, locale, said["sorry"], f"<h1>{said['sorry']}</h1>{reasons}{way}", refused.status)


def _form(door: Door, found: dict[str, Any], locale: str, wrong: str = "", written: str = "") -> str:
    """What is decided; after a press that was refused with what was `wrong`, and what was `written` still there."""
    said = words(WORDS, locale)

    def text(value: Any) -> str:
        return escape(localized(value, locale))

    until = found["expires_at"].astimezone(door.host.app.zone)
    rows = [(said["record"], found["record"]), (said["from"], found["starter"])]
    facts = "".join(f"<dt>{name}</dt><dd>{text(value)}</dd>" for name, value in rows if value)
    look = {"approve": "", "complete": "", "reject": ' class="no"'}
    buttons = "".join(
        f'<button name="decision" value="{each}"{look.get(each, " class=other")}>{said[each]}</button>'
        for each in found["decisions"]
    )
    opinion = ""
    if found["opinion"] != "none":
        needed = " required" if found["opinion"] == "required" else ""
        opinion = (
            f'<label>{said["opinion"]}<textarea name="opinion" rows="3" maxlength="10000"{needed}>'
            f"{escape(written)}</textarea></label>"
        )
    alert = f'<div class="wrong" role="alert">{wrong}</div>' if wrong else ""
    guide = f"<p>{text(found['help'])}</p>" if found["help"] else ""
    return (
        f"<p>{escape(said['hello'].format(person=found['person']))}</p>"
        f"<h1>{text(found['subject'])}</h1><p>{text(found['flow'])} · {text(found['step'])}</p>{guide}"
        f"<dl>{facts}</dl>{alert}"
        f'<form method="post">{opinion}<div class="row">{buttons}</div></form>'
        f'<p class="small">{escape(said["once"].format(until=f"{until:%Y-%m-%d %H:%M}"))}</p>'
    )


def _page(door: Door, locale: str, title: str, body: str, status: int = 200) -> Response:
    app = localized(door.host.app.definition.called, locale)
    return plain(f"{title} · {app}", body, locale, status)
