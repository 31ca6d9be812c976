"""The HTML around every page that the server draws itself: for readers of a letter, holders of a link, visitors.

There is one shell. What needs no look of its own stands on `plain`: a card by day and by night, without a script, under
a policy that runs none, kept by nobody on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lowcode.web.messages import Response

HTML = "text/html; charset=utf-8"
PRIVATE = [
    ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex, nofollow"),
]  # fmt: skip
"""A page behind a link that is a secret: neither kept nor named to others."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
STYLE = """
:root{color-scheme:light dark;--text:light-dark(#1c2230,#e6e9ef);--quiet:light-dark(#59616f,#a6afbf);
--line:light-dark(#e3e6eb,#313846);--border:light-dark(#c9d0db,#475166);--ground:light-dark(#f4f5f7,#12151b);
--paper:light-dark(#fff,#1b1f28);--primary:light-dark(#1d4fd7,#8aaeff);--on-primary:light-dark(#fff,#0d1526);
--bad:light-dark(#b3261e,#ff8f85)}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--ground);
color:var(--text);font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
main{width:100%;max-width:480px;padding:28px;background:var(--paper);border:1px solid var(--line);border-radius:12px}
h1{margin:0 0 8px;font-size:20px;line-height:1.4;overflow-wrap:anywhere}
p{margin:0 0 12px}p,dt,label,small{color:var(--quiet)}p:last-child{margin-bottom:0}.small,small{font-size:13px}
.wrong{color:var(--bad)}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:16px 0}dd{margin:0;overflow-wrap:anywhere}
form{display:grid;gap:12px;margin:20px 0}form+form{margin-top:-8px}label{display:grid;gap:6px}
input,textarea{width:100%;padding:10px 12px;border:1px solid var(--border);border-radius:8px;background:var(--paper);
color:var(--text);font:inherit}
input[inputmode=numeric]{font-size:22px;letter-spacing:.3em}
.row{display:flex;flex-wrap:wrap;gap:12px}.row button{flex:1}
button{min-height:46px;padding:9px 16px;border:1px solid var(--primary);border-radius:8px;background:var(--primary);
color:var(--on-primary);font:inherit;cursor:pointer}
button.no{border-color:var(--bad);background:var(--paper);color:var(--bad)}
button.other{border-color:var(--border);background:var(--paper);color:var(--text)}
button.quiet{border-color:transparent;background:none;color:var(--primary)}
:focus-visible{outline:3px solid var(--primary);outline-offset:2px}
"""


def words(of: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The words of a page in a language, or in English."""
    return of["zh-CN" if language.split("-")[0].lower() == "zh" else "en"]


def sheet(title: str, body: str, language: str, *, head: str = "", marks: str = "") -> str:
    """A whole page; `title` is text, everything else HTML. `marks` stand on the body's tag."""
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>{head}</head><body{marks}>{body}</body></html>"
    )


def plain(title: str, body: str, language: str, status: int = 200) -> Response:
    """A card on its own, for whoever holds the link."""
    page = sheet(title, f"<main>{body}</main>", language, head=f"<style>{STYLE}</style>")
    return Response(status, page.encode(), HTML, [("Content-Security-Policy", POLICY), *PRIVATE])
