"""What the lines of a business card are: whose name, which firm, which numbers. Pure.

Cards say most of it themselves (手机, Tel, @); what is left is told by how firms, titles and addresses are called, and
the name is the largest of what nothing else explains.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEBSITE = re.compile(
    r"(?:https?://|www\.)[\w./?=&%#~-]+|(?<![@\w.])[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|io)(?:\.cn)?\b", re.I
)
NUMBER = re.compile(r"(?:\+|00)?\(?\d[\d\s().-]{5,}\d(?:\s*(?:转|-|ext\.?|x)\s*\d{1,6})?", re.I)
MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
LABELS: Mapping[str, str] = {
    "person": r"姓\s*名|name",
    "company": r"公\s*司|单\s*位|company",
    "job_title": r"职\s*[务位]|职\s*称|title|position",
    "mobile_phone": r"手\s*机|移动电话|mobile|mob|cell|m\.?p|m",
    "fax": r"传\s*真|fax|f",
    "phone": r"电\s*话|座\s*机|总\s*机|直\s*线|热\s*线|telephone|tel|phone|direct|office|t",
    "email": r"邮\s*箱|电子邮件|电\s*邮|e-?mail|mail|e",
    "website": r"网\s*址|网\s*站|官\s*网|website|web|url|http|w",
    "address": r"地\s*址|address|addr|add|a",
    "other": r"邮\s*编|p\.?c|zip|qq|微\s*信|wechat|税\s*号|开户行|账\s*号",
}
"""What stands before a part, by the part; `fax` and `other` go nowhere."""
_ANY = "|".join(rf"(?P<{part}>{words})" for part, words in LABELS.items())
SAID = re.compile(rf"(?<!\w)(?:{_ANY})\s*(?:[:：]|\.(?=\s))\s*", re.I)
"""A label, which ends in a colon."""
BARE = re.compile(rf"^(?:{_ANY})\s+(?=\S)", re.I)
"""A label at the beginning of a line, with a space behind it."""
FIRM = re.compile(
    r"公司|集团|(?<!出)厂$|事务所|研究[院所]|设计院|大学|学院|医院|银行|商行|工作室|合作社|协会|中心$|"
    r"\b(?:co|ltd|limited|inc|corp|corporation|company|gmbh|llc|llp|plc|group|holdings?|s\.a|b\.v|pte)\b",
    re.I,
)
TITLE = re.compile(
    r"经理|总监|总裁|董事|主任|工程师|主管|代表|顾问|助理|专员|会计|律师|合伙人|创始人|教授|院长|厂长|店长|部长|"
    r"秘书|销售|采购|市场|"
    r"\b(?:manager|director|engineer|president|sales|consultant|officer|head|chief|founder|partner|assistant|"
    r"executive|specialist|lawyer|professor|ceo|cto|cfo|coo|vp)\b",
    re.I,
)
PLACE = re.compile(
    r"[省市区县镇乡].*[路街道巷号楼栋幢室村园]|[路街道巷].*\d+\s*号|"
    r"\d.*\b(?:road|rd|street|st|avenue|ave|blvd|lane|building|floor|suite|district)\b|"
    r"\b(?:road|rd|street|st|avenue|ave|blvd|lane|building|floor|suite|district)\b.*\d",
    re.I,
)
HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,5}")
NAMED = re.compile(r"([\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,3})\s+(.+)")
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔"
    "康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪严俞"
)
GLUED = re.compile(
    rf"(?!高级|高管|金牌|常务|常任|文化|任职|白班|方案|万能|石油|康复|江苏|江西|汤臣)([{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    rf"((?:高级|资深|首席|区域|大区|副|总)?(?:销售|采购|市场|技术|财务|运营|行政|产品|项目|客户|业务)?(?:{TITLE.pattern.partition('|秘书')[0]}).*)"
)
"""A name read in one with the title behind it, where no line is a name by itself."""
LATIN_NAME = re.compile(r"(?:(?:mr|ms|mrs|dr)\.?\s+)?[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,3}", re.I)
LONGEST = 200
"""Characters of a part, and of what is looked at as one line: how long a pattern takes grows with the square of it."""
LINES = 400
"""A photo of more is one of a page, and the rest of it is nothing of a card."""
FILLED = ("person", "company", "job_title", "mobile_phone", "phone", "email", "website", "address")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card, and how high its letters are."""

    text: str
    height: float = 1.0


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, by part, and the lines that could be told to be nothing."""

    parts: Mapping[str, str]
    rest: tuple[str, ...]


def understood(lines: Sequence[Line]) -> Card:
    """What each line of a card is, the lines from top to bottom. Of several of a part the first counts."""
    parts: dict[str, str] = {}
    open_: list[Line] = []
    for line in itertools.islice(_pieces(lines), LINES):
        left = _said(line.text, parts)
        if left:
            open_.append(Line(left, line.height))
    open_ = list(_told(open_, parts))
    if "person" not in parts:
        named = [each for each in open_ if _is_name(each.text)]
        if named:
            found = max(named, key=lambda each: (HAN_NAME.fullmatch(_close(each.text)) is not None, each.height))
            parts["person"] = _close(found.text)
            open_.remove(found)
        elif "job_title" in parts and (glued := GLUED.fullmatch(parts["job_title"])) is not None:
            parts["person"], parts["job_title"] = glued[1], glued[2]
    return Card({part: parts[part][:LONGEST] for part in FILLED if part in parts}, tuple(each.text for each in open_))


def _pieces(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines as they are looked at; one that is longer than any of a card in pieces, where there is room between."""
    for line in lines:
        text = _plain(line.text[: LONGEST * LINES])
        while text:
            end = len(text) if len(text) <= LONGEST else text.rfind(" ", 1, LONGEST + 1)
            end = LONGEST if end < 0 else end
            yield Line(text[:end], line.height)
            text = text[end:].lstrip()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _close(text: str) -> str:
    """A Chinese name without the spaces that widen it: 陈 国 栋."""
    close = text.replace(" ", "")
    return close if HAN_NAME.fullmatch(close) else text


def _said(text: str, parts: dict[str, str]) -> str:
    """Takes what a line says by itself: behind labels, and addresses of mail and pages. What is left of it."""
    begun = BARE.match(text)
    if begun is not None and SAID.match(text) is None and _fits(begun.lastgroup or "", text[begun.end() :]):
        text = f"{begun[0].strip()}: {text[begun.end() :]}"
    marks = list(SAID.finditer(text))
    left = text[: marks[0].start()] if marks else text
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else None
        _put(mark.lastgroup or "", text[mark.end() : end].strip(" ,;|/"), parts)
    return _loose(left, parts)


def _fits(part: str, text: str) -> bool:
    """Whether what stands behind a label without a colon is such a part: `M 138…` is, `A great firm` is not."""
    if part in ("mobile_phone", "phone", "fax"):
        return NUMBER.match(text) is not None
    return (part == "email" and EMAIL.match(text) is not None) or (part == "address" and PLACE.search(text) is not None)


def _put(part: str, text: str, parts: dict[str, str]) -> None:
    if not text or part in ("fax", "other"):
        return
    if part in ("mobile_phone", "phone"):
        for number in _numbers(text):
            parts.setdefault("mobile_phone" if MOBILE.fullmatch(re.sub(r"\D", "", number)) else part, number)
    elif part == "email" and (found := EMAIL.search(text)):
        parts.setdefault(part, found[0])
    elif part == "website":
        found = WEBSITE.search(text)
        parts.setdefault(part, found[0] if found else text)
    elif part != "email":
        parts.setdefault(part, _close(text) if part == "person" else text)


def _loose(text: str, parts: dict[str, str]) -> str:
    """Takes addresses of mail, of pages, and numbers out of a text without labels."""
    for part, pattern in (("email", EMAIL), ("website", WEBSITE)):
        for found in pattern.findall(text):
            parts.setdefault(part, found)
        text = pattern.sub(" ", text)
    if PLACE.search(text) is None:
        for number in _numbers(text):
            parts.setdefault("mobile_phone" if MOBILE.fullmatch(re.sub(r"\D", "", number)) else "phone", number)
        text = NUMBER.sub(" ", text)
    return " ".join(text.split()).strip(" ,;|/:：")


def _numbers(text: str) -> Iterator[str]:
    for found in NUMBER.findall(text):
        yield " ".join(found.split())


def _told(lines: Iterable[Line], parts: dict[str, str]) -> Iterator[Line]:
    """Lines that are told by how such things are called; the others are left."""
    for line in lines:
        text = line.text
        if FIRM.search(text) and len(text) > 3:
            part = "company"
        elif PLACE.search(text):
            part = "address"
        elif TITLE.search(text):
            part = "job_title"
            name = _before_title(text)
            if name is not None and "person" not in parts:
                parts["person"], text = _close(name), text[len(name) :].strip(" ,/|·")
        else:
            yield line
            continue
        if parts.setdefault(part, text) != text:
            yield Line(text, 0.0)


def _before_title(text: str) -> str | None:
    """The name that stands before a title on one line: 陈国栋 销售总监."""
    found = NAMED.match(text)
    if found is None or TITLE.search(found[1]) or not TITLE.search(found[2]):
        return None
    return found[1]


def _is_name(text: str) -> bool:
    if FIRM.search(text) or TITLE.search(text) or PLACE.search(text):
        return False
    return HAN_NAME.fullmatch(_close(text)) is not None or LATIN_NAME.fullmatch(text) is not None
