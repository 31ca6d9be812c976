"""What people are told when the directory refuses something: in both languages, with place, cure and nearest name."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.diagnostics import SLOT, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.identity.words import ALSO, WORDS
from tests.flows.app import MONDAY, Office

ROOT = Path(__file__).parents[2]
CODES = {f"identity.{ALSO.get(key, key)}" for key in WORDS}
SPAN = {"since": MONDAY, "until": MONDAY + timedelta(days=1)}
REFUSED: tuple[tuple[str, str, dict[str, Any], str, str, str, str], ...] = (
    ("li", "away", {**SPAN, "agent": "fan"}, "unknown", "/agent",
     "there is nobody called 'fan'. Did you mean 'fang'?", "没有用户“fan”。是否指“fang”？"),
    ("li", "away", {**SPAN, "agent": "feng"}, "inactive-agent", "/agent",
     "'feng' is no longer active; name somebody who works here", "用户“feng”已停用，请选择在职人员"),
    ("li", "away", {**SPAN, "user": "head"}, "not-yours", "/user",
     "this is for 'head' to say, or for an administrator", "此项只能由“head”本人或管理员设置"),
    ("li", "away", {**SPAN, "only": ["flow:a"], "but": ["flow:b"]}, "only-or-but", "/but",
     "either `only` some matters, or all `but` some; leave one of the two out",
     "“仅限”（only）和“除外”（but）只能选择一种，请去掉其中一个"),
    ("li", "away", {**SPAN, "only": ["flow:nothing"]}, "unknown-matter", "/only/0",
     "there is no 'flow:nothing'.", "没有“flow:nothing”。"),
    ("li", "end_absence", {"id": 7}, "no-such-absence", "/id",
     "there is no such absence any more", "没有这条外出记录，或已结束"),
    ("root", "save_person", {"login": "new", "department": "trad"}, "unknown-department", "/department",
     "there is no department 'trad'. Did you mean 'trade'?", "没有部门“trad”。是否指“trade”？"),
    ("root", "save_department", {"name": "trade", "head": "lii"}, "unknown", "/head",
     "there is nobody called 'lii'. Did you mean 'li'?", "没有用户“lii”。是否指“li”？"),
    ("root", "save_person", {"login": "new", "password": "short"}, "short-password", "/password",
     "a password has at least 8 characters; this has 5", "密码至少 8 个字符，现为 5 个"),
    ("root", "save_person", {"login": "root", "active": False}, "last-administrator", "/active",
     "'root' is the last administrator; make somebody else one first",
     "“root”是最后一位管理员；请先将管理员角色授予其他人"),
    ("root", "save_person", {"login": "li", "new": True}, "login-taken", "/login",
     "somebody signs in as 'li' already; choose another name", "登录名“li”已有人使用，请换一个"),
    ("li", "change_password", {"old": "wrong", "new": "long enough"}, "wrong-password", "/old",
     "this is not your present password", "当前密码不正确"),
    ("root", "reset_factor", {"login": "zha"}, "unknown", "/login",
     "there is nobody called 'zha'. Did you mean 'zhao'?", "没有用户“zha”。是否指“zhao”？"),
)  # fmt: skip


def test_refusals_of_the_directory_say_place_and_cure() -> None:
    """Who is meant, where it stood, what was nearest, what to do; in both languages."""
    office = Office()
    office.host.ask(APP, "identity.save_person", login="feng", active=False)
    for login, operation, given, key, pointer, english, chinese in REFUSED:
        with pytest.raises(Rejected) as refused:
            office.ask(login, f"identity.{operation}", **given)
        [problem] = refused.value.problems
        assert (f"identity.{key}", pointer, english, chinese) == (
            problem.code, problem.pointer, problem.words("en"), problem.words("zh-CN"),
        )  # fmt: skip


def test_null_takes_away_what_can_be_taken_away() -> None:
    """A person without a name is called by their login; whether somebody is active is always known."""
    office = Office()
    for login in ("li", "newcomer"):
        office.ask("root", "identity.save_person", login=login, name=None, active=None, email=None)
        person = office.host.directory().by_login[login]
        assert (login, True, None) == (person.name, person.active, person.email)


def test_each_refusal_stands_in_the_catalogue() -> None:
    """Nothing is refused under a code of the directory with words from elsewhere; both languages have the same values,
    each code is told in docs/signing-in.md, and no other."""
    for path in (ROOT / "src/lowcode").rglob("*.py"):
        assert not re.search(r"""Problem\(\s*["']identity\.""", path.read_text(encoding="utf-8")), path
    for key, words in WORDS.items():
        assert isinstance(words, dict) and {"en", "zh-CN"} == {*words}, key
        assert {*SLOT.findall(words["en"])} == {*SLOT.findall(words["zh-CN"])}, key
    page = (ROOT / "docs/signing-in.md").read_text(encoding="utf-8")
    assert CODES == {*re.findall(r"^\| `(identity\.[a-z-]+)` \|", page, re.MULTILINE)}
