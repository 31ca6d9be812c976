"""Why a step went as it did, in sentences: which condition held, by which entry of the list somebody is asked, which
policies acted on whom. What is said comes from the trace of the step and from what the author wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.records.spoken import in_words

Named = Callable[[int], str]
"""What a person is called."""
Words = dict[str, str]
Titled = Callable[[str | None, str], Text]
"""What a form is called (None: that of the flow), or a field of it."""
Spoken = Callable[[str], Words]
"""An expression over the record in words."""

SOURCES = {
    "user": ("named in the flow", "流程指定的人员"),
    "role": ("has the role {name}", "角色 {name}"),
    "manager_of": ("superior of {name}", "{name}的上级"),
    "managers_of": ("in the line of superiors of {name}", "{name}的逐级上级"),
    "department_head": ("head of the department of {name}", "{name}的部门负责人"),
    "members_of": ("in the department of {name}", "{name}的部门成员"),
    "field": ("named in the field {name}", "字段 {name} 中的人员"),
    "expression": ("found by: {name}", "按“{name}”确定"),
    "chosen_by": ("picked by {name}", "由{name}选择"),
}
LANGUAGES = ("en", "zh-CN")
WHO = {"starter": ("the starter", "发起人"), "previous": ("the person before", "上一处理人")}
NOTES = {
    "left": ("{person} has left and is not asked.", "{person} 已离职，不再询问。"),
    "away": ("{person} is away and is left out.", "{person} 不在，已略过。"),
    "away:manager": ("{person} is away; the superior is asked.", "{person} 不在，改由其上级处理。"),
    "agent": ("{person} is away; the agent is asked.", "{person} 不在，由代理人处理。"),
    "away:flow": ("{person} does not act in this flow now and is left out.", "{person} 暂不处理此流程，已略过。"),
    "away:manager:flow": (
        "{person} does not act in this flow now; the superior is asked.", "{person} 暂不处理此流程，改由其上级处理。",
    ),
    "agent:flow": (
        "{person} gave this flow to somebody else; the agent is asked.",
        "{person} 已将此流程交由他人代理，由代理人处理。",
    ),
    "starter:skip": ("{person} started it and is not asked.", "{person} 是发起人，无需审批。"),
    "starter:manager": ("{person} started it; the superior is asked.", "{person} 是发起人，改由其上级审批。"),
    "starter:department_head": (
        "{person} started it; the head of the department is asked.", "{person} 是发起人，改由部门负责人审批。",
    ),
    "nobody:instead": ("Nobody was found; others are asked instead.", "找不到处理人，改由备选人员处理。"),
    "nobody:to_administrator": ("Nobody was found; the administrators are asked.", "找不到处理人，转交管理员。"),
    "nobody:approve": ("Nobody was found; it is taken as agreed.", "找不到处理人，自动通过。"),
    "nobody:reject": ("Nobody was found; it is taken as refused.", "找不到处理人，自动拒绝。"),
    "nobody:incident": ("Nobody was found; it stops here.", "找不到处理人，流程停在此处。"),
    "same_person:skip": ("{person} agreed before and is not asked again.", "{person} 之前已同意，自动去重。"),
    "same_person:skip_consecutive": (
        "{person} agreed just before and is not asked again.", "{person} 在上一节点已同意，自动去重。",
    ),
}  # fmt: skip
HELD = ("This holds: {condition}.", "“{condition}”成立。")
ASKED = ("Asked: {name}. The answer is waited for.", "已请求 {name}，等待答复。")
ANSWERED = ("{name} answered ({status}).", "{name} 已答复（{status}）。")
SET = ("Sets {what}.", "更新字段：{what}。")
MADE = ("Creates a record of {form}.", "新建一条“{form}”。")
DONE = {
    "changed": ("Changes records of {form}: {count}.", "更新“{form}” {count} 条。"),
    "changed:what": ("Changes records of {form}: {count} ({what}).", "更新“{form}” {count} 条（{what}）。"),
    "created": ("Creates records of {form}: {count}.", "新建“{form}” {count} 条。"),
    "deleted": ("Deletes records of {form}: {count}.", "删除“{form}” {count} 条。"),
}
ROWS = ("rows of lines: {count}", "明细 {count} 行")
BETWEEN = (", ", "、")
NOT_HELD = ("This does not hold: {condition}.", "“{condition}”不成立。")


def words(pair: tuple[str, str], **values: Any) -> Words:
    """One of the sentences above, in every language; a value may have words of its own in each."""
    return {
        language: text.format(
            **{key: each[language] if isinstance(each, dict) else each for key, each in values.items()}
        )
        for language, text in zip(LANGUAGES, pair, strict=True)
    }


def spoken(context: Context, form: str, text: str) -> Words:
    """An expression of a flow of a form in words."""
    return in_words(context, form, text, {"starter": dict(zip(LANGUAGES, WHO["starter"], strict=True))})


def of_step(trace: Mapping[str, Any] | None, named: Named, said: Spoken, titled: Titled) -> list[Words]:
    """Conditions and policies, in the order in which they were looked at, and what was done to records."""
    found = [
        words(HELD if held else NOT_HELD, condition=said(condition))
        for condition, held in ((trace or {}).get("conditions") or {}).items()
    ]
    if isinstance((trace or {}).get("held"), str):
        found.append(words(HELD, condition=said((trace or {})["held"])))
    for code, person in (trace or {}).get("notes") or ():
        if code in NOTES:
            found.append(words(NOTES[code], person=named(person) if person is not None else ""))
    for what, sentence in (("request", ASKED), ("answered", ANSWERED)):
        if isinstance((trace or {}).get(what), str):
            found.append(words(sentence, name=(trace or {})[what], status=(trace or {}).get("status")))
    return [*found, *_done(trace or {}, titled)]


def _done(trace: Mapping[str, Any], titled: Titled) -> Iterator[Words]:
    """What was done to the record itself, and to others."""
    own = _what(trace, None, titled)
    if any(own.values()):
        yield words(SET, what=own)
    for deed in ("changed", "created", "deleted"):
        told = trace.get(deed)
        if not isinstance(told, Mapping):
            continue
        form = _in_each(titled(told["form"], ""))
        if "count" not in told:
            yield words(MADE, form=form)
            continue
        what = _what(told, told["form"], titled)
        more = ":what" if deed == "changed" and any(what.values()) else ""
        yield words(DONE[f"{deed}{more}"], form=form, count=told["count"], what=what)


def _what(told: Mapping[str, Any], form: str | None, titled: Titled) -> Words:
    """The fields that were given and the rows that changed."""
    parts = [_in_each(titled(form, name)) for name in told.get("fields") or ()]
    parts += [words(ROWS, count=told["rows"])] if told.get("rows") else []
    return {
        language: between.join(each[language] for each in parts)
        for language, between in zip(LANGUAGES, BETWEEN, strict=True)
    }


def _in_each(title: Text) -> Words:
    return {language: localized(title, language) for language in LANGUAGES}


def of_person(
    node: Mapping[str, Any], entry: int | None, titles: Mapping[str, Mapping[str, Any]], said: Spoken
) -> Words | None:
    """By which entry of the list somebody is asked; `titles` are those of roles, fields and departments, by the way
    to say who is meant and by what is said."""
    entries = node.get("approvers") or node.get("assignees") or ()
    if entry is None or entry >= len(entries):
        return None
    source = entries[entry] if isinstance(entries[entry], Mapping) else {"expression": entries[entry]}
    key = next((each for each in SOURCES if source.get(each)), None)
    if key is None:
        return None
    if source[key] in WHO:
        return words(SOURCES[key], name=words(WHO[source[key]]))
    if key == "expression":
        return words(SOURCES[key], name=said(source[key]))
    title = titles.get(key, {}).get(source[key]) or source[key]
    return words(SOURCES[key], name={language: localized(title, language) for language in LANGUAGES})
