"""What people, the clock and other programs did to an instance beside the answers of its steps, in sentences: who
handed a task to whom, who was asked more, what was sent back, taken back, urged, ended. It comes from the history
alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lowcode.flows.naming import titles
from lowcode.flows.operations.reasons import LANGUAGES, Named, Spoken
from lowcode.kernel.diagnostics import Text, localized

Row = Mapping[str, Any]
Pair = tuple[str, str]

SENTENCES: dict[str, Pair] = {
    "added": ("asked {people} to decide as well", "加签 {people}（并签）"),
    "added:before": ("asked {people} to decide first", "加签 {people}（前加签）"),
    "added:after": ("asked {people} to decide afterwards", "加签 {people}（后加签）"),
    "added:next": ("asked {people} to decide next", "追加 {people}"),
    "added:delegate": ("had {people} answer first", "委派给 {people}"),
    "added:consult": ("asked {people} for an opinion", "征求 {people} 的意见"),
    "answered_late": ("{name} answered too late", "{name} 的答复已过期"),
    "by_link": ("decided by a link", "通过链接处理"),
    "called_ended": ("the flow at {node} ended", "“{node}”发起的流程已结束"),
    "cancelled": ("ended the flow", "终止了流程"),
    "chosen": ("picked {people} for steps to come", "选定后续处理人 {people}"),
    "claimed": ("took the task", "认领了待办"),
    "copied": ("sent a copy to {people}", "抄送给 {people}"),
    "given_back": ("gave the task back to everybody asked", "退回了认领的待办"),
    "happened": ("something that {node} listens for came", "“{node}”等待的事件发生"),
    "commented": ("commented", "发表了评论"),
    "commented:people": ("commented, for {people}", "发表了评论，提到 {people}"),
    "held": ("it came true: {condition}", "条件成立：{condition}"),
    "jumped": ("put the flow at {to}", "跳转到“{to}”"),
    "message": ("“{message}” happened", "“{message}”已发生"),
    "message:person": ("said that “{message}” has happened", "告知“{message}”已发生"),
    "migrated": ("moved the flow to its version of now", "迁移到当前版本"),
    "removed": ("took {person} out", "减签 {person}"),
    "resumed": ("resumed the flow", "恢复了流程"),
    "retried": ("tried {node} again", "重试了“{node}”"),
    "sent_back": ("sent it back to {to}", "驳回到“{to}”"),
    "sent_back:refuser": (
        "sent it back to {to}; from there it returns to them",
        "驳回到“{to}”，重新提交后直接回到本节点",
    ),
    "skipped": ("let {node} be passed", "跳过了“{node}”"),
    "step_added": ("added the step {node}", "增加了节点“{node}”"),
    "step_removed": ("took the step {node} out", "撤去了增加的节点“{node}”"),
    "suspended": ("suspended the flow", "挂起了流程"),
    "taken_back": ("took the answer back", "拿回了自己的处理"),
    "transferred": ("handed the task to {people}", "转办给 {people}"),
    "transferred:other": ("gave the task of {person} to {people}", "把 {person} 的待办转给 {people}"),
    "urged": ("urged {people}", "催办 {people}"),
    "voided": ("voided the flow", "作废了流程"),
    "withdrawn": ("took the flow back", "撤回了流程"),
    "woken": ("time was up at {node}", "“{node}”时间已到"),
    "woken_up": ("let the flow go on at {to}", "唤醒流程，从“{to}”继续"),
}
"""What is said of an event of the history, in English and Chinese; what depends on how it was done stands after `:`."""


STARTER: Text = {"en": "the starter", "zh-CN": "发起人"}


def of_instance(document: Row, history: Iterable[Row], named: Named, said: Spoken) -> Iterator[dict[str, Any]]:
    """Each deed: when, by whom (None: by itself), what, in which words, and what was said with it."""
    starts = [node["id"] for node in document.get("nodes", ()) if node.get("type") == "start"]
    called = {**titles(document.get("nodes", ())), **dict.fromkeys(starts, STARTER)}
    for line in history:
        pair = SENTENCES.get(_key(line))
        if pair is None:
            continue
        body = line["body"]
        at, to = line["node"] or "", body.get("to")
        to = to if isinstance(to, str) else at
        values = {
            "people": _people(body, named), "person": _person(body, named),
            "node": called.get(at) or body.get("title") or at,
            "to": called.get(to, to), "name": str(body.get("name") or ""),
            "message": message_title(document, str(body.get("message") or "")),
            "condition": said(body["condition"]) if body.get("condition") else "",
        }  # fmt: skip
        text = {
            language: sentence.format(**{name: localized(value, language) for name, value in values.items()})
            for language, sentence in zip(LANGUAGES, pair, strict=True)
        }
        yield {
            "at": line["at"], "by": body.get("sender", line["actor"]), "event": line["event"],
            "opinion": body.get("opinion"), "text": text,
        }  # fmt: skip


def message_title(document: Row, name: str) -> Text:
    """What the author calls a message: where it is kept, where it is waited for, or the handler that it begins."""
    for each in document.get("messages") or ():
        if each["name"] == name and each.get("title"):
            title: Text = each["title"]
            return title
    for node in document.get("nodes", ()):
        for each in (*(node.get("on") or ()), *(node.get("events") or ())):
            if each.get("message") == name and each.get("title"):
                title = each["title"]
                return title
        if (node.get("event") or {}).get("message") == name and node.get("title"):
            title = node["title"]
            return title
    return name


def _key(line: Row) -> str:
    event, body = str(line["event"]), line["body"]
    if event == "added" and body.get("role") not in (None, "voter"):
        return f"added:{body['role']}"
    if event == "transferred" and body.get("from") != line["actor"]:
        return "transferred:other"
    if event == "message" and body.get("sender", line["actor"]) is not None:
        return "message:person"
    if event == "commented" and body.get("people"):
        return "commented:people"
    if event == "sent_back" and body.get("resume") == "refuser":
        return "sent_back:refuser"
    return event


def _people(body: Row, named: Named) -> str:
    """Those it was done to, or who got it."""
    given = body.get("people")
    if isinstance(given, Mapping):
        given = [each for people in given.values() for each in people]
    if given is None:
        given = [body["to"]] if isinstance(body.get("to"), int) else []
    return ", ".join(named(each) for each in given)


def _person(body: Row, named: Named) -> str:
    person = body.get("person", body.get("from"))
    return named(person) if isinstance(person, int) else ""
