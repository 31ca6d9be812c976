"""What the checker says of an expression stands in Chinese, too: every sentence, names left as they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel import expressions
from lowcode.kernel.diagnostics import nearest
from lowcode.kernel.expressions.phrases import SENTENCES, SLOT, TYPES, in_both, in_chinese
from lowcode.rules.chinese import CHINESE
from lowcode.rules.diagnostics import MESSAGES

FOLDER = Path(expressions.__file__).parent
CHINESE_SIGN = re.compile(r"[\u4e00-\u9fff]")


def sentences() -> Iterator[tuple[str, str]]:
    """Every text that the checker hands over with a mistake or as its cure: where, and the words, names put in."""
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        notes = {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        inner = {piece for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for piece in ast.walk(each)}
        for node in ast.walk(tree):
            if path.stem == "phrases" or node in notes or (node in inner and not isinstance(node, ast.JoinedStr)):
                continue
            text = words_of(node)
            if (
                text is not None
                and " " in text
                and text.endswith((".", "?"))
                and text[:1].isupper() | (text[:1] in "\"'x")
            ):
                yield f"{path.stem}:{getattr(node, 'lineno', 0)}", text


def words_of(node: ast.AST) -> str | None:
    """A text as it is written, with an x for each value put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value if isinstance(each, ast.Constant) else "x" for each in node.values)  # type: ignore[misc]
    return None


@pytest.mark.parametrize(("where", "text"), list(sentences()))
def test_every_sentence_has_its_chinese(where: str, text: str) -> None:
    """Whoever adds a sentence to the checker says it in both languages."""
    assert CHINESE_SIGN.search(in_chinese(text)), f"{where}: {text}"


def test_slots_are_the_same_on_both_sides() -> None:
    """What was written is carried over, all of it and nothing else."""
    assert [] == [each for each, other in SENTENCES.items() if {*SLOT.findall(each)} < {*SLOT.findall(other)}]
    assert [] == [each for each in SENTENCES if not CHINESE_SIGN.search(SENTENCES[each])]
    assert [] == [each for each in TYPES if not CHINESE_SIGN.search(TYPES[each])]


@pytest.mark.parametrize(("english", "chinese"), [
    ("lead has no field text.", "lead 没有字段 text。"),
    ("lead has no field date. (in 'date > 3', column 1)", "lead 没有字段 date。（'date > 3' 第 1 个字符处）"),
    ("A number cannot be compared with a date and time.", "数字不能与日期时间比较。"),
    ("LEFT takes a number or text as count, not a date.", "LEFT 的参数 count 需要数字或文本，而不是日期。"),
    ("Expected a value but found 'and'.", "此处应为值，但遇到“and”。"),
    ("Expected a value but the expression ends.", "此处应为值，但表达式到此结束。"),
    ("ROUND takes at least 1 arguments, not 0.", "ROUND 需要的参数个数：至少 1；这里有 0 个。"),
    ('"lots" is not a date.', "“lots”不是日期。"),
    ("budget", "budget"),
])  # fmt: skip
def test_what_was_written_stands_as_it_is(english: str, chinese: str) -> None:
    """Names and texts are carried over, types and what was found are said in Chinese."""
    assert in_chinese(english) == chinese
    assert in_both(english, "", None) == {"en": english, "zh-CN": chinese}


def test_the_messages_of_rules_are_said_in_both_languages() -> None:
    """Each has its Chinese, which needs no value that the English does not have."""
    assert {each.removeprefix("rules.") for each in MESSAGES} == set(CHINESE)
    names = re.compile(r"(?<!\{)\{([a-z_]+)\}")
    lacking: list[Any] = []
    for key, (text, hint) in CHINESE.items():
        message = MESSAGES[f"rules.{key}"]
        if not {*names.findall(text + hint)} <= {*names.findall(message.text + message.hint), "seen", "known"}:
            lacking.append(key)
    assert lacking == []


@pytest.mark.parametrize(("written", "known", "near"), [
    ("year_month", ["department", "status"], None), ("amuont", ["amount", "owner"], "amount"),
    ("budgett", ["budget"], "budget"), ("provinz", ["province"], "province"), ("FRIST", ["FIRST", "LAST"], "FIRST"),
    ("owners", ["owner"], "owner"), ("wno", ["won", "lost"], "won"), ("cat", ["dog"], None),
])  # fmt: skip
def test_only_what_is_near_is_suggested(written: str, known: list[str], near: str | None) -> None:
    """A slip of the hand is recognised; another word that happens to share letters is not offered."""
    assert nearest(written, known) == near
