"""A public face in sentences: where it is, what it asks, what becomes of an answer, and what keeps it from misuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lowcode.forms.public.definition import PublicDefinition
from lowcode.forms.public.plan import Public
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.plan import RecordType

Sentence = Mapping[str, str]

WORDS: dict[str, Sentence] = {
    "address": {"en": "anybody opens it at {address}", "zh-CN": "任何人可访问 {address}"},
    "asks": {"en": "it asks for {fields}", "zh-CN": "填写：{fields}"},
    "consent": {"en": "agrees to {purposes}", "zh-CN": "勾选同意：{purposes}"},
    "opens": {"en": "it opens at {opens}", "zh-CN": "{opens} 起开放"},
    "closes": {"en": "it closes at {closes}", "zh-CN": "{closes} 止"},
    "most": {"en": "it takes {most} submissions", "zh-CN": "最多接收 {most} 份"},
    "confirm": {
        "en": "nothing is saved before a link in a letter to {email} is followed, within {hours} hours",
        "zh-CN": "先发邮件到 {email}，{hours} 小时内点击链接后才保存",
    },
    "create": {"en": "each answer is a new record", "zh-CN": "每次提交新建一条记录"},
    "keep": {
        "en": "who is there already, by the exact rules for duplicates, is left as they are",
        "zh-CN": "按精确查重规则已存在的，保持原记录不变",
    },
    "fill": {
        "en": "of who is there already, by the exact rules for duplicates, what is blank is filled in",
        "zh-CN": "按精确查重规则已存在的，只补充空白字段",
    },
    "link": {
        "en": "who is there already, by the exact rules for duplicates, is named in {link} of the new record",
        "zh-CN": "按精确查重规则已存在的，在新记录的 {link} 中关联原记录",
    },
    "value": {"en": "{field} becomes {expression}", "zh-CN": "{field} 取 {expression}"},
    "runs": {"en": "it is saved as {run_as}", "zh-CN": "以 {run_as} 的身份保存"},
    "runs-app": {"en": "it is saved by the app itself", "zh-CN": "由应用自身保存"},
    "ticket": {
        "en": "the visitor gets a code; who scans it sees {shown}, and {values}",
        "zh-CN": "访客得到二维码；扫码者看到 {shown}，并设置 {values}",
    },
    "ticket-letter": {"en": "the code is also sent to {email}", "zh-CN": "二维码同时发到 {email}"},
    "redirect": {"en": "afterwards the visitor goes to {redirect}", "zh-CN": "提交后转到 {redirect}"},
    "origins": {"en": "pages of {origins} may show it in a frame", "zh-CN": "可嵌入以下网站：{origins}"},
    "no-origins": {"en": "no other site may show it in a frame", "zh-CN": "不能嵌入其他网站"},
    "guard": {
        "en": "misuse: {limit} a minute from one address, {total} from all together, after {seconds} seconds at least, "
        "{labour} bits of work each",
        "zh-CN": "防滥用：每个地址每分钟 {limit} 次，合计 {total} 次，至少停留 {seconds} 秒，浏览器运算 {labour} 位",
    },
}
NOTHING: Sentence = {"en": "nothing", "zh-CN": "无"}


def told(public: Public, record_type: RecordType, *, titled: bool = False) -> Iterator[dict[str, Any]]:
    """Each thing there is to know of a face: `{what, key, words}`; `key` is where it stands in the face, as a JSON
    pointer. The order is that of an answer on its way. `titled`: fields by their titles, as in the designer."""
    definition = public.definition

    def called(name: str | None) -> Any:
        field = record_type.fields.get(name or "")
        return name if not titled or field is None or not field.title else field.title

    yield _said("address", "/name", address=f"public/{public.form}/{definition.name}")
    yield _said("asks", "/fields", fields=_listed(_asked(public, record_type, called)))
    if definition.consent:
        purposes = (each.purpose + ("*" if each.required else "") for each in definition.consent)
        yield _said("consent", "/consent", purposes=_listed(purposes))
    for key in ("opens", "closes", "most"):
        if getattr(definition, key) is not None:
            yield _said(key, f"/{key}", **{key: getattr(definition, key)})
    if definition.confirm is not None:
        yield _said("confirm", "/confirm", email=called(definition.confirm.email), hours=definition.confirm.hours)
    yield _said(definition.duplicates, "/duplicates", link=called(definition.link))
    for name, expression in definition.values.items():
        yield _said("value", f"/values/{name}", field=called(name), expression=expression)
    yield _said("runs-app" if definition.run_as == "app" else "runs", "/run_as", run_as=definition.run_as)
    yield from _afterwards(definition, called)
    yield _said(
        "guard", "", limit=definition.limit, total=definition.limit_total, seconds=definition.seconds,
        labour=definition.labour,
    )  # fmt: skip


def _afterwards(definition: PublicDefinition, called: Callable[[str | None], Any]) -> Iterator[dict[str, Any]]:
    ticket = definition.ticket
    if ticket is not None:
        values = _listed(_with(called(name), f" = {expression}") for name, expression in ticket.set.items())
        yield _said("ticket", "/ticket", shown=_listed(called(name) for name in ticket.show), values=values)
        if ticket.email is not None:
            yield _said("ticket-letter", "/ticket/email", email=called(ticket.email))
    if definition.redirect is not None:
        yield _said("redirect", "/redirect", redirect=definition.redirect)
    if definition.origins:
        yield _said("origins", "/origins", origins=_listed(definition.origins))
    else:
        yield _said("no-origins", "")


def _asked(public: Public, record_type: RecordType, called: Callable[[str | None], Any]) -> Iterator[Any]:
    """The fields, each that has to be filled in with a star."""
    for name, each in public.fields.items():
        yield _with(called(name), "*" if each.required or record_type.fields[name].required else "")


def _with(text: Any, behind: str) -> Sentence:
    return {language: f"{localized(text, language)}{behind}" for language in NOTHING}


def _listed(texts: Iterable[Any]) -> Sentence:
    found = list(texts)
    between = {"en": ", ", "zh-CN": "、"}
    return {each: between[each].join(localized(text, each) for text in found) or NOTHING[each] for each in NOTHING}


def _said(what: str, key: str, **values: Any) -> dict[str, Any]:
    """A sentence in both languages; a value that has words of its own is said in the same language."""
    words = {
        language: text.format(**{name: localized(value, language) for name, value in values.items()})
        for language, text in WORDS[what].items()
    }
    return {"what": what, "key": key, "words": words}
