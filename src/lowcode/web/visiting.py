"""The pages that visitors see, as HTML: light, without the runtime of the app, under a policy that runs nothing else.

The page works for readers of the screen aloud and without a mouse: every control has a label, every problem stands at
its control. `public.js` does the sending; the look comes from `public.css` and the theme.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from lowcode.forms.public.definition import PublicTheme
from lowcode.forms.public.plan import Public
from lowcode.kernel.diagnostics import localized
from lowcode.web.controls import control, described
from lowcode.web.messages import Request
from lowcode.web.sheet import sheet

WORDS: Mapping[str, Mapping[str, str]] = {
    "submit": {"en": "Send", "zh-CN": "提交"},
    "sending": {"en": "Sending …", "zh-CN": "正在提交…"},
    "choose": {"en": "Choose …", "zh-CN": "请选择"},
    "required": {"en": "Please fill this in", "zh-CN": "请填写此项"},
    "agree": {"en": "Please agree to this", "zh-CN": "请勾选同意"},
    "failed": {"en": "It could not be sent. Please try again.", "zh-CN": "提交失败，请稍后重试。"},
    "wrong": {"en": "Please look at the marked fields.", "zh-CN": "请检查标记的字段。"},
    "thanks": {"en": "Thank you, we have received it.", "zh-CN": "提交成功，感谢您的填写。"},
    "confirm": {
        "en": "One more step: we have sent you a letter. Follow the link in it to finish.",
        "zh-CN": "还差一步：确认邮件已发送，请点击邮件中的链接完成提交。",
    },
    "confirming": {"en": "Confirm your address", "zh-CN": "确认邮箱"},
    "confirm_text": {
        "en": "Press the button to confirm what you sent.",
        "zh-CN": "点击下方按钮，确认您提交的内容。",
    },
    "confirm_button": {"en": "Confirm", "zh-CN": "确认提交"},
    "ticket": {"en": "Your ticket", "zh-CN": "签到码"},
    "open_ticket": {"en": "Show my ticket", "zh-CN": "查看签到码"},
    "go_on": {"en": "Go on", "zh-CN": "继续"},
    "keep": {
        "en": "Keep this page or a picture of it, and show the code at the entrance.",
        "zh-CN": "请保存本页面或截图，到场时出示二维码签到。",
    },
    "sign_in": {"en": "For staff: sign in, then scan the code again.", "zh-CN": "工作人员请先登录，再重新扫码"},
    "may_not": {"en": "You may not check this person in.", "zh-CN": "您无权为此人签到。"},
    "check_in": {"en": "Check in", "zh-CN": "签到"},
    "came": {"en": "Checked in", "zh-CN": "已签到"},
    "again": {
        "en": "Checked in before. Ask who it is before you let anybody in.",
        "zh-CN": "此前已签到，放行前请核对身份。",
    },
    "script": {"en": "This form needs JavaScript.", "zh-CN": "此表单需要启用 JavaScript。"},
    "nothing": {"en": "Nothing here", "zh-CN": "无法打开"},
    "uploading": {"en": "uploading …", "zh-CN": "正在上传…"},
    "remove": {"en": "Remove {name}", "zh-CN": "移除 {name}"},
    "large": {"en": "“{name}” is too large", "zh-CN": "“{name}”太大"},
    "many": {"en": "No more than {most} files", "zh-CN": "最多 {most} 个文件"},
    "wait": {"en": "Wait until all files are uploaded", "zh-CN": "请等待文件上传完成"},
    "trap": {"en": "Leave this empty", "zh-CN": "请勿填写"},
}
SAID: Mapping[str, Any] = {"kind": "said"}
"""A page that only says something: its script tells the page it is framed in how high it is."""
PROBLEM = '<p class="problem" id="problem" role="alert" hidden></p>'
NAMES = {"zh-CN": "中文", "en": "English"}


@dataclass
class Shown:
    """For whom and how a page is drawn."""

    language: str
    languages: list[str]
    request: Request
    theme: PublicTheme | None
    nonce: str


def words(shown: Shown, *keys: str) -> dict[str, str]:
    """The words of the page itself."""
    return {key: localized(WORDS[key], shown.language) for key in keys}


def form_page(
    shown: Shown, face: Public, title: str, fields: list[dict[str, Any]], found: Mapping[str, Any]
) -> str:  # fmt: skip
    """A public form."""
    definition, language = face.definition, shown.language
    conditional = any(field["conditional"] for field in fields)
    preset = shown.request.parameters
    drawn = "".join(
        _field(field, face, language, found["offered"].get(field["name"]), preset.get(field["name"]))
        for field in fields
    )
    consents = "".join(_consent(each, language) for each in definition.consent)
    own = words(shown, "submit", "sending", "required", "agree", "failed", "wrong", "thanks", "confirm", "open_ticket",
                "go_on", "uploading", "remove", "large", "many", "wait")  # fmt: skip
    page = {
        "kind": "form", "token": found["token"], "labour": definition.labour, "seconds": definition.seconds,
        "conditional": conditional, "words": own,
    }  # fmt: skip
    text, send = localized(definition.text, language), localized(definition.submit, language) or own["submit"]
    body = (
        f'<form id="form" novalidate autocomplete="on">{drawn}{consents}'
        f'<div class="trap" aria-hidden="true"><label>{escape(localized(WORDS["trap"], language))}'
        f'<input name="{face.trap}" id="trap" tabindex="-1" autocomplete="off"></label></div>'
        f'{PROBLEM}<button type="submit" id="send">{escape(send)}</button>'
        "</form>"
    )
    intro = f'<p class="intro">{_lines(text)}</p>' if text else ""
    return _document(shown, title, f'{intro}{body}<section id="done" aria-live="polite" hidden></section>', page)


def confirm_page(shown: Shown, title: str) -> str:
    """What the link in a letter opens."""
    own = words(
        shown, "confirming", "confirm_text", "confirm_button", "sending", "thanks", "failed", "open_ticket"
    )  # fmt: skip
    body = (
        f'<div id="asked"><p class="intro">{escape(own["confirm_text"])}</p>'
        f'{PROBLEM}<button type="button" id="send">{escape(own["confirm_button"])}</button></div>'
        '<section id="done" aria-live="polite" hidden></section>'
    )
    return _document(shown, own["confirming"], body, {"kind": "confirm", "words": own}, title)


def refused_page(shown: Shown, said: str) -> str:
    """Why there is nothing here, as a sentence of its own."""
    said = said[:1].upper() + said[1:]
    return _document(shown, localized(WORDS["nothing"], shown.language), f'<p class="intro">{escape(said)}</p>', None)


def closed_page(shown: Shown, title: str, said: str) -> str:
    """A form that is not open: what it is, and why nothing can be sent."""
    return _document(shown, title, f'<p class="intro">{_lines(said)}</p>', SAID)


def ticket_page(shown: Shown, face: Public, title: str, code: str, signed_in: bool) -> str:
    """The code, for whoever carries it. A colleague who scans it sees this when they are not signed in, or may not see
    whose it is, and what to do."""
    own = words(shown, "ticket", "keep", "sign_in", "may_not")
    ticket = face.definition.ticket
    text = localized(ticket.text, shown.language) if ticket is not None else ""
    body = (
        f'<div class="code" role="img" aria-label="{escape(own["ticket"])}">{code}</div>'
        f'{f"<p class=intro>{_lines(text)}</p>" if text else ""}<p class="keep">{escape(own["keep"])}</p>'
    )
    way = f'<a href="{escape(shown.request.root)}/">{escape(own["sign_in"])}</a>'
    body += f'<p class="keep">{escape(own["may_not"]) if signed_in else way}</p>'
    return _document(shown, title, body, None)


def scanned_page(
    shown: Shown, title: str, found: Mapping[str, Any], rows: Sequence[tuple[str, str]], csrf: str | None
) -> str:  # fmt: skip
    """Whose ticket it is, for the colleague who scans it."""
    own = words(shown, "check_in", "came", "again", "sending", "failed")
    drawn = "".join(f"<dt>{escape(title)}</dt><dd>{escape(value)}</dd>" for title, value in rows)
    state = f'<p class="came again">{escape(own["again"])}</p>' if found["came"] else ""
    button = "" if found["came"] else f'<button type="button" id="send">{escape(own["check_in"])}</button>'
    body = (
        f"<h2>{escape(str(found['label']))}</h2><dl>{drawn}</dl>{state}{PROBLEM}{button}"
        '<section id="done" aria-live="polite" hidden></section>'
    )
    return _document(shown, title, body, {"kind": "ticket", "csrf": csrf, "words": own})


def _field(
    field: dict[str, Any], face: Public, language: str, offered: list[dict[str, Any]] | None, preset: str | None
) -> str:  # fmt: skip
    placed = face.fields[field["name"]]
    name, title = field["name"], localized(placed.title or field["title"], language)
    needed = bool(field["required"] or placed.required)
    help_ = localized(placed.help or field.get("help"), language)
    choose = localized(WORDS["choose"], language)
    drawn, grouped = control({**field, "help": help_}, title, language, offered, preset, choose, needed)
    star = f'<span class="star" aria-hidden="true"{"" if needed else " hidden"}>*</span>'
    if field["type"] == "boolean":
        head = ""
    elif grouped:
        head = f"<legend>{escape(title)}{star}</legend>"
    else:
        head = f'<label for="f-{name}">{escape(title)}{star}</label>'
    tag, mark = "fieldset" if grouped else "div", " data-needed" if needed else ""
    if grouped:
        mark += f" {described(name, help_)}"
    return (
        f'<{tag} class="field" data-field="{name}" data-type="{field["type"]}"{mark}>{head}{drawn}'
        f"{f'<p class=help id=h-{name}>{escape(help_)}</p>' if help_ else ''}"
        f'<p class="error" id="e-{name}" role="alert" hidden></p></{tag}>'
    )


def _consent(each: Any, language: str) -> str:
    star = '<span class="star" aria-hidden="true">*</span>' if each.required else ""
    return (
        f'<div class="field consent" data-consent="{each.purpose}"{" data-needed" if each.required else ""}>'
        f'<label class="tick"><input type="checkbox" id="c-{each.purpose}"><span>'
        f"{_lines(localized(each.text, language))}{star}</span></label>"
        f'<p class="error" id="e-consent-{each.purpose}" role="alert" hidden></p></div>'
    )


def _lines(text: str) -> str:
    return "<br>".join(escape(each) for each in text.splitlines())


def _document(shown: Shown, title: str, body: str, page: Mapping[str, Any] | None, over: str = "") -> str:
    root, theme = shown.request.root, shown.theme or PublicTheme()
    style = f":root{{--accent:{theme.color};--day:{theme.background};--radius:{theme.radius}px}}"
    framed = "frame" in shown.request.parameters
    logo = f'<img class="logo" src="{escape(theme.logo)}" alt="">' if theme.logo else ""
    above = f'<p class="over">{escape(over)}</p>' if over else ""
    data = json.dumps(page, ensure_ascii=False).replace("<", "\\u003c") if page is not None else ""
    script = (
        f'<script type="application/json" id="page">{data}</script>'
        f'<script type="module" src="{escape(root)}/public.js"></script>'
        if page is not None
        else ""
    )
    if page is not None and page is not SAID:
        script += f'<noscript><p class="problem">{escape(localized(WORDS["script"], shown.language))}</p></noscript>'
    head = (
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{escape(root)}/public.css">'
        f'<style nonce="{shown.nonce}">{style}</style>'
    )
    inner = f"<main><header>{logo}{above}<h1>{escape(title)}</h1>{_switch(shown)}</header>{body}</main>{script}"
    return sheet(title, inner, shown.language, head=head, marks=" class=framed" if framed else "")


def _switch(shown: Shown) -> str:
    """The other languages."""
    others = [each for each in shown.languages if each != shown.language]
    kept = {name: value for name, value in shown.request.parameters.items() if name != "lang"}
    links = "".join(
        f'<a href="?{escape(urlencode({**kept, "lang": each}))}" hreflang="{escape(each)}" lang="{escape(each)}">'
        f"{escape(NAMES.get(each, each))}</a>"
        for each in others
    )
    return f'<nav class="languages">{links}</nav>' if links else ""
