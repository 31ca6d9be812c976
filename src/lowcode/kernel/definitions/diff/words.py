"""The vocabulary of a difference: what things and properties are called, in Chinese and in English."""

from __future__ import annotations

import json
from typing import Any, Literal

from lowcode.kernel.diagnostics import localized

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")

DOCUMENTS = {
    "app": ("应用", "app"), "forms": ("表单", "form"), "flows": ("流程", "flow"), "rules": ("规则", "rule"),
    "reports": ("报表", "report"), "printing": ("打印模板", "print template"), "api": ("接口", "interface"),
    "table": ("决策表", "decision table"), "dashboard": ("看板", "dashboard"), "dataset": ("数据集", "dataset"),
    "intake": ("数据入口", "intake"), "webhook": ("推送", "webhook"), "connector": ("连接", "connector"),
    "sign_in": ("登录方式", "way to sign in"),
    "file": ("文件", "file"),
}  # fmt: skip

MEMBERS = {
    "fields": ("字段", "field"), "states": ("状态", "state"), "transitions": ("流转", "transition"),
    "relations": ("关联", "relation"), "unique": ("唯一约束", "unique rule"), "checks": ("校验", "check"),
    "duplicates": ("查重规则", "duplicate rule"), "permissions": ("权限", "permission"),
    "layout": ("布局块", "layout block"),
    "sections": ("分区", "section"), "views": ("视图", "view"), "columns": ("列", "column"),
    "options": ("选项", "option"),
    "nodes": ("步骤", "step"), "branches": ("分支", "branch"), "approvers": ("审批人", "approver"),
    "assignees": ("办理人", "assignee"), "actions": ("动作", "action"), "inputs": ("输入", "input"),
    "outputs": ("输出", "output"), "rules": ("规则行", "row"), "dimensions": ("维度", "dimension"),
    "measures": ("指标", "measure"), "filters": ("筛选项", "filter"), "tiles": ("卡片", "tile"),
    "body": ("内容块", "block"), "header": ("页眉块", "header block"), "footer": ("页脚块", "footer block"),
    "items": ("项", "item"), "totals": ("合计", "total"), "roles": ("角色", "role"), "menus": ("菜单", "menu"),
    "home": ("首页", "home page"), "joins": ("连接", "join"), "parts": ("功能块", "part"),
}  # fmt: skip

PROPERTIES = {
    "title": ("标题", "title"), "help": ("说明", "help text"), "label": ("显示名", "label"), "type": ("类型", "type"),
    "expression": ("公式", "expression"), "default": ("默认值", "default"), "when": ("条件", "condition"),
    "where": ("筛选条件", "filter"), "message": ("提示", "message"), "pattern": ("编号规则", "pattern"),
    "scale": ("小数位", "decimal places"), "min": ("最小值", "minimum"), "max": ("最大值", "maximum"),
    "max_length": ("最大长度", "maximum length"), "to": ("去向", "target"), "from": ("来源", "source"),
    "can": ("操作", "actions"), "hide": ("隐藏字段", "hidden fields"), "roles": ("角色", "roles"),
    "role": ("角色", "role"),
    "mode": ("方式", "mode"), "priority": ("优先级", "priority"), "on": ("触发", "trigger"),
    "values": ("赋值", "values"),
    "color": ("颜色", "color"), "icon": ("图标", "icon"), "sort": ("排序", "sorting"), "columns": ("列", "columns"),
    "deadline": ("时限", "deadline"), "approved": ("同意后", "next step when approved"),
    "rejected": ("拒绝后", "next step when rejected"), "subject": ("主题", "subject"), "form": ("表单", "form"),
    "version": ("版本", "version"), "zone": ("时区", "time zone"), "currency": ("币种", "currency"),
    "languages": ("语言", "languages"), "calendar": ("工作日历", "calendar"), "chart": ("图表", "chart"),
    "part": ("功能块", "part"), "needs": ("依赖的功能块", "parts it needs"),
    "initial": ("初始状态", "initial state"), "search": ("搜索", "search"), "probability": ("赢率", "probability"),
}  # fmt: skip

SWITCHES: dict[str, dict[bool, tuple[str, str]]] = {
    "required": {True: ("现在必填", "is now required"), False: ("不再必填", "is no longer required")},
    "unique": {True: ("现在不可重复", "must now be unique"), False: ("现在可以重复", "need no longer be unique")},
    "read_only": {True: ("现在只读", "is now read-only"), False: ("现在可以编辑", "can now be edited")},
    "enabled": {True: ("已启用", "is switched on"), False: ("已停用", "is switched off")},
    "index": {True: ("现在建有索引", "is now indexed"), False: ("不再建索引", "is no longer indexed")},
    "search": {True: ("现在可搜索", "can now be searched"), False: ("不再可搜索", "can no longer be searched")},
    "history": {
        True: ("现在保留历史", "now keeps its history"),
        False: ("不再保留历史", "no longer keeps its history"),
    },
}

CONDITIONS = {
    "required_when": ("必填", "required"),
    "visible_when": ("可见", "visible"),
    "read_only_when": ("只读", "read-only"),
}


def word(pair: tuple[str, str], language: Language) -> str:
    """The word of a pair in a language."""
    return pair[LANGUAGES.index(language)]


def noun(key: str, language: Language) -> str:
    """What a member of a list is called; an unknown list lends its own name, in the singular."""
    singular = key[:-1] if key.endswith("s") else key
    return word(MEMBERS.get(key, (singular, singular)), language)


def property_word(key: str, language: Language) -> str:
    """What a property is called; an unknown one is called as it is written."""
    pair = PROPERTIES.get(key) or (MEMBERS.get(key, (key, ""))[0], key)
    return word(pair, language)


def is_text(value: Any) -> bool:
    """Whether a value is words by language."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(each, str) for each in value.values())
        and any(tag in value for tag in LANGUAGES)
    )


def shown(value: Any, language: Language) -> str:
    """A value inside a sentence: short, and as its author wrote it."""
    if is_text(value):
        value = localized(value, language)
    if isinstance(value, str):
        return quoted(value, language)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:80] + "…"


def quoted(text: str, language: Language) -> str:
    """Words in the quotes of the language."""
    short = text if len(text) <= 80 else text[:80] + "…"
    return f"“{short}”" if language == "zh-CN" else f"'{short}'"


def label(member: Any, fallback: str, language: Language) -> str:
    """What people call a member: its title, with its name where that is something else."""
    if not isinstance(member, dict):
        return str(member) if isinstance(member, (str, int)) else fallback
    title = localized(member["title"], language) if member.get("title") else ""
    name = str(member.get("name") or member.get("id") or "")
    if title and name and title != name:
        return f"{title} ({name})"
    if title or name:
        return title or name
    if "from" in member and "to" in member:
        return f"{_plain(member['from'])} → {_plain(member['to'])}"
    for key in ("role", "field", "form", "report", "dashboard", "label", "user"):
        if member.get(key):
            return localized(member[key], language) if is_text(member[key]) else _plain(member[key])
    first = next((key for key in member if not key.startswith("x-")), "")
    return first if len(member) <= 2 and isinstance(member.get(first), dict) else fallback


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
