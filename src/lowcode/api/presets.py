"""Intakes to begin with: what usually sends something in, with a sample of what it sends.

A preset is the beginning of a document and nothing else: the form, the fields and everything that was begun can be
changed. A sample has made-up people in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.definitions.designing import spoken

KEY: Mapping[str, Any] = {"authentication": {"key": True}}
PERSON: Mapping[str, Any] = {"name": "Li Ming", "phone": "13800000000", "email": "li.ming@example.com"}
PRESETS: Mapping[str, tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = {
    "site_form": (
        "官网表单（由网站服务器转发） | Form of a web site, sent on by its server",
        "网站后台用密钥提交；同一人再次留言时更新。 | The site's server sends with a key; who writes again is updated.",
        {**KEY, "duplicates": "update"},
        {"company": "Example Ltd", **PERSON, "message": "Please call me back"},
    ),
    "landing_page": (
        "落地页（浏览器直接提交） | Landing page, sent by the browser",
        "任何人可提交，限定网页来源，有防刷限制和蜜罐字段。 | Anybody may send, from pages of yours: with limits and a "
        "field that only machines fill in.",
        {"authentication": {"public": True, "origins": [], "honeypot": "homepage", "limit": 10},
         "duplicates": "update"},
        {"company": "Example Ltd", **PERSON, "message": "Please call me back"},
    ),
    "ads": (
        "广告平台线索 | Leads of an advertising platform",
        "平台或代运营程序推送表单线索；重复推送只更新。 | The platform, or who collects for you, sends leads; sent "
        "twice, they are updated.",
        {**KEY, "duplicates": "update"},
        {"platform": "search", "lead_id": "A-1001", "submitted_at": "2026-03-02T09:30:00+08:00",
         "campaign": {"id": "C-7", "name": "Spring"}, "contact": {"company": "Example Ltd", **PERSON}},
    ),
    "marketing": (
        "营销自动化 | Marketing automation",
        "营销系统推送达标的联系人。 | The marketing program sends who has become ready.",
        {**KEY, "duplicates": "update"},
        {"contact_id": "M-52", **PERSON, "company": "Example Ltd", "campaign": "Webinar", "score": 72},
    ),
    "partner": (
        "合作伙伴报备 | Deals registered by partners",
        "每个伙伴一个密钥；已有客户会被拒绝并告知。 | A key for each partner; who is known already is refused, and "
        "they are told.",
        {**KEY, "duplicates": "refuse"},
        {"partner": "North Systems", "registration": "R-18", "company": "Example Ltd", **PERSON,
         "need": "Two lines of 40 sensors"},
    ),
    "b2b_site": (
        "B2B 平台询盘 | Inquiries of a B2B site",
        "平台推送询盘，或由采集程序提交。 | The site, or a program that collects from it, sends inquiries.",
        {**KEY, "duplicates": "update"},
        {"inquiry_id": "Q-300", "buyer": {"company": "Example Ltd", **PERSON},
         "product": {"code": "S-40", "quantity": 40}, "message": "Price and delivery time?"},
    ),
    "call_centre": (
        "呼叫中心 | Call centre",
        "来电弹屏或通话结束后提交。 | Sent when somebody calls, or hangs up.",
        {**KEY, "duplicates": "update"},
        {"call_id": "T-9", "caller": "Li Ming", "phone": "13800000000", "at": "2026-03-02T09:30:00+08:00",
         "note": "Asks for a quote"},
    ),
    "payment": (
        "财务回款 | Payments back from finance",
        "财务或支付系统回传到账，请求须签名，同一消息只计一次。 | Finance or a payment service tells what was paid; it "
        "signs, and a message counts once.",
        {"authentication": {"signed": {"secret": {"secret": ""}}}, "duplicates": "create"},
        {"payment_id": "P-77", "contract": "HT-2026-0001", "amount": 1200.5, "paid_on": "2026-03-02"},
    ),
    "behaviour": (
        "网页行为采集脚本 | Behaviour on a web site, by script",
        "网站放一行脚本，访客看了什么会被记录，可用于评分。 | A line of script on the site tells what visitors look "
        "at: for scores.",
        {"authentication": {"public": True, "origins": [], "limit": 60}, "duplicates": "create"},
        {"visitor": "0123456789abcdef0123456789abcdef", "event": "view", "address": "/products/s-40",
         "title": "Sensor S-40"},
    ),
    "generic": (
        "其他程序 | Any other program",
        "粘贴一份对方发来的 JSON，其余按提示完成。 | Paste what the other program sends as JSON; the rest follows.",
        {**KEY, "duplicates": "create"},
        {},
    ),
}  # fmt: skip


def presets() -> list[dict[str, Any]]:
    """Each preset with its words in both languages, what a new document says, and the sample."""
    return [
        {"name": name, **spoken({"title": title, "help": words}),
         "begin": {"type": "intake", "form": "", "payload": {}, "values": {}, **begin}, "sample": sample}
        for name, (title, words, begin, sample) in PRESETS.items()
    ]  # fmt: skip
