"""What the checker says of an expression stands in Chinese, too: every sentence, names left as they are."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel import expressions
from lowcode.kernel.diagnostics import nearest
from lowcode.kernel.expressions.phrases import SENTENCES, SLOT, TYPES, in_both, in_chinese, in_place
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
    ("A number cannot be compared with a date and time.", "数字不能与日期时间比较。"),
    ("LEFT takes a number or text as count, not a date.", "LEFT 的参数 count 需要数字或文本，而不是日期。"),
    ("Expected a value but found 'and'.", "此处应为值，但遇到“and”。"),
    ("Expected a value but the expression ends.", "此处应为值，但表达式到此结束。"),
    ("ROUND takes at least 1 arguments, not 0.", "ROUND 需要的参数个数：至少 1；这里有 0 个。"),
    ('"lots" is not a date.', "“lots”不是日期。"),
    ("A lead is never a date.", "lead不可能等于日期。"),
    ("A rows of lead is never a date.", "lead 的多行不可能等于日期。"),
    ("LEFT takes 1 to 2 arguments, not 3.", "LEFT 需要的参数个数：1 到 2；这里有 3 个。"),
    ("budget", "budget"),
])  # fmt: skip
def test_what_was_written_stands_as_it_is(english: str, chinese: str) -> None:
    """Names and texts are carried over, types and what was found are said in Chinese."""
    assert in_chinese(english) == chinese
    assert in_both(english, "", None) == {"en": english, "zh-CN": chinese}


def test_where_it_stands_is_said_beside_it() -> None:
    """However long the expression is that a document has: what is around the place is shown."""
    text = "date > 3" + " or date > 3" * 200
    near = f"{text[:51]}…"
    assert in_place("lead has no field date.", text, 1) == (
        f"lead has no field date. (in {near!r}, column 1)", f"lead 没有字段 date。（{near!r} 第 1 个字符处）",
    )  # fmt: skip
    assert f"(in '…{text[950:1050]}…', column 1000)" in in_place("What?", text, 1000)[0]
    assert f"(in {text[:100]!r}, column 90)" in in_place("What?", text[:100], 90)[0]


@pytest.mark.parametrize("typed", [
    " takes a " * 25 + " as " * 70, " takes a {x} as , not a " * 20, "Expected a value but " * 30,
    "x is a y; nothing can follow its point. " * 12, "found 'found '" * 60,
])  # fmt: skip
def test_an_odd_text_is_looked_through_once(typed: str) -> None:
    """The work grows with its length, not with a power of it: counted in lines that are run."""
    for words in (f'"{typed}" is not a date.', f"{typed} takes a date as count, not a date and"):
        assert steps(words + " time.") < 6 * len(SENTENCES) * 10
    assert in_chinese(typed * 40) == typed * 40


def steps(words: str) -> int:
    """How many lines are run to say it in Chinese."""
    count = 0

    def trace(*_: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    in_chinese("x")  # what is made once
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        in_chinese(words)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(("english", "chinese"), [
    ('"LEFT takes a date, not a number" is not one of the options.', "“LEFT takes a date, not a number”不是可选项。"),
    ("a has no field b. has no c here.", None),
    ('"x. Only links, users and rows have fields of their own" is not a date.',
     "“x. Only links, users and rows have fields of their own”不是日期。"),
    ('"end" needs to know which field of the rows" is not a date.',
     "“end\" needs to know which field of the rows”不是日期。"),
    ("The expression gives what ever; a single value is needed.", None),
    ("a has no b here. has no c here.", "此处的 a 没有 b here. has no c。"),
])  # fmt: skip
def test_no_text_is_taken_for_a_sentence(english: str, chinese: str | None) -> None:
    """What somebody typed may look like what the checker says; then it is said in English rather than wrongly."""
    assert in_chinese(english) == (chinese or english)


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
