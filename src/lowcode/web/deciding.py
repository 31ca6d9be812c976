"""The page behind a link in a letter: what is decided, and buttons. Plain HTML without scripts, for any reader of mail;
opening it changes nothing, because mail servers and chat programs open links too.
"""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.web.messages import Request, Response
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

HEADERS = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
]
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
        "once": "This link is for you alone, works once, and until {until}.",
    },
}
PAGE = Template("""<!doctype html>
<html lang="$lang"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body{margin:0;background:#f3f5f8;color:#1d2433;
font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
main{max-width:520px;margin:0 auto;padding:32px 20px}
section{padding:24px;background:#fff;border:1px solid #e1e5ec;border-radius:12px}
h1{margin:0 0 4px;font-size:20px;line-height:1.4}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:16px 0}
dt{color:#5b6474}dd{margin:0}
label{display:block;margin:16px 0 6px;color:#5b6474}
textarea{box-sizing:border-box;width:100%;padding:10px 12px;border:1px solid #c9d0db;border-radius:8px;font:inherit}
.row{display:flex;gap:12px;margin-top:20px}
button{flex:1;min-height:46px;border:1px solid #1d4fd7;border-radius:8px;background:#1d4fd7;color:#fff;font:inherit;
cursor:pointer}
button.no{border-color:#b3261e;background:#fff;color:#b3261e}
button.other{border-color:#c9d0db;background:#fff;color:#1d2433}
button:focus-visible,textarea:focus-visible{outline:3px solid #9db7f5;outline-offset:1px}
.quiet{margin:0 0 12px;color:#5b6474}.small{margin:16px 0 0;font-size:13px;color:#5b6474}
</style></head><body><main><section>$body</section></main></body></html>
""")


def show(door: Door, request: Request, caller: Caller, word: str) -> Response:
    """What the link is for, with a button for each decision."""
    try:
        found = door.host.ask(caller.actor, "flows.link", link=word)
    except Rejected as refused:
        return _refused(door, request, caller, refused)
    locale = found["locale"] or door.locale(request, caller)
    return _page(door, locale, localized(found["subject"], locale), _form(door, found, locale))


def decide(door: Door, request: Request, caller: Caller, word: str) -> Response:
    """A button was pressed."""
    sent = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    locale = door.locale(request, caller)
    try:
        found = door.host.ask(caller.actor, "flows.link", link=word)
        locale = found["locale"] or locale
        said = {"decision": sent.get("decision", ""), "opinion": sent.get("opinion")}
        door.host.ask(caller.actor, "flows.decide_by_link", link=word, address=request.address, **said)
    except Rejected as refused:
        return _refused(door, request, caller, refused, locale)
    words = _words(locale)
    return _page(door, locale, words["done"], f"<h1>{words['done']}</h1><p>{words['thanks']}</p>")


def _refused(door: Door, request: Request, caller: Caller, refused: Rejected, locale: str | None = None) -> Response:
    door.refusals.note(door, request, caller, refused)
    locale = locale or door.locale(request, caller)
    words = _words(locale)
    reasons = "".join(f"<p>{escape(each.words(locale))}</p>" for each in refused.problems)
    return _page(door, locale, words["sorry"], f"<h1>{words['sorry']}</h1>{reasons}", refused.status)


def _words(locale: str) -> dict[str, str]:
    return WORDS["zh-CN"] if locale.split("-")[0].lower() == "zh" else WORDS["en"]


def _form(door: Door, found: dict[str, Any], locale: str) -> str:
    words = _words(locale)

    def text(value: Any) -> str:
        return escape(localized(value, locale))

    until = found["expires_at"].astimezone(door.host.app.zone)
    rows = [(words["record"], found["record"]), (words["from"], found["starter"])]
    facts = "".join(f"<dt>{name}</dt><dd>{text(value)}</dd>" for name, value in rows if value)
    look = {"approve": "", "complete": "", "reject": ' class="no"'}
    buttons = "".join(
        f'<button name="decision" value="{each}"{look.get(each, " class=other")}>{words[each]}</button>'
        for each in found["decisions"]
    )
    opinion = ""
    if found["opinion"] != "none":
        needed = " required" if found["opinion"] == "required" else ""
        opinion = (
            f'<label for="opinion">{words["opinion"]}</label>'
            f'<textarea id="opinion" name="opinion" rows="3" maxlength="10000"{needed}></textarea>'
        )
    guide = f'<p class="quiet">{text(found["help"])}</p>' if found["help"] else ""
    return (
        f'<p class="quiet">{escape(words["hello"].format(person=found["person"]))}</p>'
        f'<h1>{text(found["subject"])}</h1><p class="quiet">{text(found["flow"])} · {text(found["step"])}</p>{guide}'
        f'<dl>{facts}</dl><form method="post">{opinion}<div class="row">{buttons}</div></form>'
        f'<p class="small">{escape(words["once"].format(until=f"{until:%Y-%m-%d %H:%M}"))}</p>'
    )


def _page(door: Door, locale: str, title: str, body: str, status: int = 200) -> Response:
    app = localized(door.host.app.definition.title or door.host.app.definition.name, locale)
    page = PAGE.substitute(lang=escape(locale), title=escape(f"{title} · {app}"), body=body)
    return Response(status, page.encode(), "text/html; charset=utf-8", list(HEADERS))
