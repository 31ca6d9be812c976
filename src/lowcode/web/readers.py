"""A tracked link as its reader meets it: a cover with a button (and a code, where one is asked for), then the paper.

Pages without a script. The button matters: programs that look at the links of a letter press none, so an opening that
is counted was a person.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from lowcode.kernel.diagnostics import NotFound, Problem, TooManyRequests
from lowcode.web.files import PAPER_POLICY, attachment
from lowcode.web.messages import Request, Response
from lowcode.web.session import Caller
from lowcode.web.sheet import HTML, PRIVATE, plain, words

if TYPE_CHECKING:
    from lowcode.web.door import Door

PASS = "lowcode_reader"
FORM_LIMIT = 4096
WORDS: dict[str, dict[str, str]] = {
    "zh-CN": {
        "for": "致 {reader}", "until": "有效期至 {until}", "open": "打开文档", "send": "获取验证码", "code": "验证码",
        "sent": "验证码已发送至 {email}", "will": "为保护文档，我们会向 {email} 发送一次性验证码。",
        "gone": "链接不存在、已过期或已停用", "ask": "请联系发送人重新获取链接。", "download": "下载 PDF",
        "logged": "打开本文档的时间会告知发送人。", "again": "重新发送",
    },
    "en": {
        "for": "For {reader}", "until": "Valid until {until}", "open": "Open the document", "send": "Send me a code",
        "code": "Code", "sent": "A code was sent to {email}",
        "will": "To protect the document, a code for one use is sent to {email}.",
        "gone": "This link does not exist, has expired or was ended",
        "ask": "Please ask the sender for a new one.", "download": "Download PDF",
        "logged": "The sender is told when you open this document.", "again": "Send it again",
    },
}  # fmt: skip
BAR = (
    "<style>.lc-bar{position:sticky;top:0;z-index:9;display:flex;gap:16px;justify-content:flex-end;align-items:center;"
    "padding:10px 16px;margin:-24px -12px 24px;background:#fff;border-bottom:1px solid #dfe3e8;font:15px system-ui}"
    ".lc-bar a{background:#1f4e8c;color:#fff;text-decoration:none;padding:7px 14px;border-radius:8px}"
    "@media screen and (max-width:820px){.lc-bar{margin:0}}@media print{.lc-bar{display:none}}</style>"
)


def show(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """The paper for whoever opened it in this browser, else the cover."""
    try:
        cover = door.ask(caller, "printing.cover", **_reader(request, token))
    except NotFound:
        return _gone(door, request, caller)
    if cover["open"]:
        made = door.ask(caller, "printing.give", **_reader(request, token))
        page = made["content"].decode()
        if cover["may_download"]:
            said = words(WORDS, cover["language"])
            link = f'<a href="{escape(token)}/file">{said["download"]}</a>'
            page = page.replace("<body>", f'<body>{BAR}<nav class="lc-bar">{link}</nav>', 1)
        return Response(200, page.encode(), HTML, [("Content-Security-Policy", PAPER_POLICY), *PRIVATE])
    return _cover(cover, sent=False)


def press(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """A button of the cover: send a code, or open."""
    sent = _form(request)
    try:
        cover = door.ask(caller, "printing.cover", **_reader(request, token))
        if "send" in sent:
            door.ask(caller, "printing.send_code", **_reader(request, token))
            return _cover(cover, sent=True)
        opened = door.ask(caller, "printing.open", **_reader(request, token), code=sent.get("code", "")[:20])
    except NotFound:
        return _gone(door, request, caller)
    except TooManyRequests as refused:
        return _cover(cover, sent=True, wrong=refused.problems[0], status=429)
    if opened["refused"] is not None:
        return _cover(cover, sent=True, wrong=opened["refused"], status=403)
    path = f"{request.root.rstrip('/')}/api/shared/{token}"
    secure = "; Secure" if request.scheme == "https" else ""
    cookie = f"{PASS}={opened['pass']}; Path={path}; HttpOnly; SameSite=Lax; Max-Age=43200{secure}"
    return Response(303, b"", HTML, [("Location", path), ("Set-Cookie", cookie), *PRIVATE])


def download(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """The paper as a file, for whoever opened it."""
    made = door.ask(caller, "printing.give", **_reader(request, token), format="pdf")
    return Response(200, made["content"], made["media_type"], [attachment(made["name"]), *PRIVATE])


def _reader(request: Request, token: str) -> dict[str, Any]:
    agent = request.headers.get("user-agent", "")[:200]
    passing = request.cookies.get(PASS)
    return {"token": token[:200], "passing": passing and passing[:200], "address": request.address, "agent": agent}


def _form(request: Request) -> dict[str, str]:
    text = request.body[:FORM_LIMIT].decode("utf-8", "replace")
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _cover(cover: dict[str, Any], *, sent: bool, wrong: Problem | None = None, status: int = 200) -> Response:
    said = words(WORDS, cover["language"])
    until = cover["until"].date().isoformat()
    lines = [f"<h1>{escape(cover['name'])}</h1>"]
    if cover["reader"]:
        lines.append(f"<p>{escape(said['for'].format(reader=cover['reader']))}</p>")
    if wrong is not None:
        lines.append(f'<p class="wrong" role="alert">{escape(wrong.words(cover["language"]))}</p>')
    if not cover["needs_code"]:
        lines.append(f'<form method="post"><button name="open" value="1">{said["open"]}</button></form>')
    elif sent:
        lines.append(f"<p>{escape(said['sent'].format(email=cover['email']))}</p>")
        field = '<input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required autofocus>'
        lines.append(
            f'<form method="post"><label>{said["code"]}{field}</label><button>{said["open"]}</button></form>'
            f'<form method="post"><button class="quiet" name="send" value="1">{said["again"]}</button></form>'
        )
    else:
        lines.append(f"<p>{escape(said['will'].format(email=cover['email']))}</p>")
        lines.append(f'<form method="post"><button name="send" value="1">{said["send"]}</button></form>')
    lines.append(f"<p><small>{said['until'].format(until=until)} · {said['logged']}</small></p>")
    return plain(cover["name"], "".join(lines), cover["language"], status)


def _gone(door: Door, request: Request, caller: Caller) -> Response:
    language = door.locale(request, caller)
    said = words(WORDS, language)
    return plain(said["gone"], f"<h1>{said['gone']}</h1><p>{said['ask']}</p>", language, 404)
