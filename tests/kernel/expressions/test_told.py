"""What the checker says of an expression: a key and its values, said in the language of whoever reads it."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import lowcode
from lowcode.kernel import expressions
from lowcode.kernel.diagnostics import Problem, nearest
from lowcode.kernel.expressions import (
    ExpressionError,
    NotPushable,
    RecordShape,
    Shapes,
    Type,
    catalogue,
    compile_expression,
)
from lowcode.kernel.expressions.check import Checker, Known
from lowcode.kernel.expressions.problems import ExpressionProblem, problem
from lowcode.kernel.expressions.sentences import SENTENCES
from lowcode.kernel.expressions.shapes import FieldShape, Place
from lowcode.kernel.expressions.syntax import Literal, operation
from lowcode.kernel.expressions.told import WORDS, Sentence, Several, say
from lowcode.kernel.expressions.types import TYPES
from lowcode.kernel.expressions.unable import UNABLE
from lowcode.rules.chinese import CHINESE
from lowcode.rules.diagnostics import MESSAGES
from tests.conformance.expressions.support import cases, shapes_of

PACKAGE = Path(lowcode.__file__).parent
FOLDER = Path(expressions.__file__).parent
CHINESE_SIGN = re.compile(r"[\u4e00-\u9fff]")
ALIKE = {"signature"}
"""What has no words: it is the same in every language."""
SHAPES = shapes_of({"at": "datetime", "name": "text"})


def slots(words: str) -> set[str]:
    """What is put in."""
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def keys_of(node: ast.AST) -> list[str]:
    """The keys an argument may be: a literal, or one of two by a condition."""
    if isinstance(node, ast.IfExp):
        return keys_of(node.body) + keys_of(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else ["?"]


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Every place that says a sentence: where, its key and what it fills in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if "expressions.told import" in source else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                for key in keys_of(node.args[0]):
                    yield f"{path.stem}:{node.lineno}", key, {each.arg or "**" for each in node.keywords}


def test_every_place_says_a_sentence_of_the_catalogue() -> None:
    """Its key is there, what it fills in are exactly the slots, and no sentence is left that nobody says."""
    said = list(raised())
    assert [] == [each for each in said if each[1] not in WORDS or each[2] != slots(WORDS[each[1]][0])]
    assert {*WORDS} == {key for _, key, _ in said}
    assert len(WORDS) == len(SENTENCES) + len(UNABLE), "two sentences of one key"


def test_each_sentence_is_the_same_in_both_languages() -> None:
    """What was written is carried over, all of it and nothing else; only the words of Python stay English."""
    for key, (english, chinese) in WORDS.items():
        assert slots(english) - {"detail"} == slots(chinese), key
        assert key in ALIKE or CHINESE_SIGN.search(chinese), key
        assert not CHINESE_SIGN.search(english), key
    assert all(CHINESE_SIGN.search(each) for each in TYPES.values())


def test_no_words_stand_where_mistakes_are_found() -> None:
    """A mistake and its cure are sentences of the catalogue: no text is handed over in their place."""
    takers = {
        "refuse": (1, 3),
        "problem": (1, 5),
        "Unresolved": (1, 3),
        "ExpressionProblem": (1, 6),
        "NotPushable": (0,),
    }
    texts = []
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if isinstance(node, ast.Call) and name in takers:
                handed = [node.args[at] for at in takers[name] if at < len(node.args)]
                handed += [each.value for each in node.keywords if each.arg in ("said", "cure")]
                written = [each for each in handed if isinstance(each, (ast.JoinedStr, ast.Constant))]
                texts += [f"{path.stem}:{node.lineno}" for each in written if getattr(each, "value", True) is not None]
    assert texts == []


def sentences(said: Any) -> Iterator[Sentence]:
    """A sentence and those within it."""
    if isinstance(said, Sentence):
        yield said
        for value in said.values.values():
            yield from sentences(value)


def found(text: str, **how: Any) -> ExpressionProblem:
    """The one thing wrong with an expression."""
    with pytest.raises(ExpressionError) as refused:
        compile_expression(text, **{"shapes": SHAPES, "record": "subject", **how})
    (one,) = refused.value.problems
    return one


def rare() -> list[ExpressionProblem]:
    """What only a program can get wrong: a form that is not there, a function of its own, a tree it made itself."""
    dangling = Shapes(
        {"subject": RecordShape("subject", {"to": FieldShape("to", "to", Type("record", record="gone"))})}
    )
    taking = {**catalogue(), "DAYOF": replace(catalogue()["LEN"], name="DAYOF", signature="day:date")}
    checker = Checker("(1, 2)", SHAPES, "subject", Place.READ, Known({}, catalogue()))
    checker.check(operation("list", (Literal(1, 1, 2), Literal(2, 4, 5)), 0, 6))
    return [found("to.name = 1", shapes=dangling), found("DAYOF(at) = 1", functions=taking), *checker.problems]


def test_every_sentence_is_provoked() -> None:
    """By a case of the corpus, which says how it is told in both languages, or by what only a program can get wrong."""
    mistakes = [*rare()]
    assert [each.told("zh-CN") for each in mistakes] == [
        ("没有名为 gone 的表单。", ""), ("DAYOF 的参数 day 需要日期，而不是日期时间。", "请使用 TODATE(...)。"),
        ("值的列表只能写在 in 之后。", ""),
    ]  # fmt: skip
    for case in cases():
        if "error" in case.wanted:
            with pytest.raises(ExpressionError) as refused:
                case.compile()
            mistakes += refused.value.problems
    said = {one.key for each in mistakes for words in (each.said, each.cure) for one in sentences(words)}
    assert {*SENTENCES} == said | {"in-text"}


def test_where_it_stands_is_said_beside_it() -> None:
    """However long the expression is that a document has: what is around the place is shown."""
    text = "date > 3" + " or date > 3" * 200
    near = f"{text[:51]}…"
    one = problem("unknown-field", say("unknown-field", record="lead", name="date"), text, 0, 4, None, "day")
    assert one.in_text(text, "en") == (f"lead has no field date. (in {near!r}, column 1)", "Did you mean day?")
    assert one.in_text(text, "zh-CN") == (f"lead 没有字段 date。（{near!r} 第 1 个字符处）", "是否指 day？")
    later = replace(one, column=1000)
    assert f"(in '…{text[950:1050]}…', column 1000)" in later.in_text(text, "en")[0]
    blank = problem("empty", say("empty"), " ", 0, 1)
    assert blank.in_text(" ", "zh-CN") == blank.told("zh-CN")
    assert f"(in {text[:100]!r}, column 90)" in replace(one, column=90).in_text(text[:100], "en")[0]


@pytest.mark.parametrize("typed", [
    " takes a " * 25 + " as " * 70, "x is a y; nothing can follow its point. " * 400, "{name}{{{0.__class__}",
    "{reason}", "{column}", "% {values[key]} %s",
])  # fmt: skip
def test_what_somebody_typed_stands_as_it_is(typed: str) -> None:
    """Neither a sentence of the checker in it nor a slot, however long: on its way to the reader it is put in once."""
    one = problem("unknown-option", say("unknown-option", option=typed), "x", 0, 1)
    assert one.told("zh-CN") == (f"“{typed}”不是可选项。", "")
    sent = Problem(one.code, "{reason}", "/where", {"reason": one.both, **one.values})
    assert sent.words("zh-CN") == f"“{typed}”不是可选项。"
    assert sent.words("en") == f'"{typed}" is not one of the options.'


def test_a_program_reads_the_key_and_the_values() -> None:
    """A type and what else differs by language stand in both; names as they are."""
    said = say("wrong-argument", function="LEFT", wanted=Several((Type("number"), Type("text")), "or"),
               argument="count", type=Type("record", record="lead"))  # fmt: skip
    one = problem("type-mismatch", said, "LEFT(a, b)", 8, 9)
    assert one.values == {"column": 9, "key": "wrong-argument", "values": {
        "function": "LEFT", "argument": "count", "type": "lead",
        "wanted": {"en": "number or text", "zh-CN": "数字或文本"},
    }}  # fmt: skip


def test_every_type_has_a_name_in_both_languages() -> None:
    """Of the parameters of all functions, too."""
    kinds = {kind for each in catalogue().values() for one in each.parameters for kind in one.kinds}
    for kind in kinds - {"integer", "unit", "pattern"}:
        assert CHINESE_SIGN.search(Type(kind).told("zh-CN")), kind  # type: ignore[arg-type]
    assert Type("rows", record="item").told("zh-CN") == "item 的多行"
    assert Type("record", record="text").told("zh-CN") == "text", "a form may be called as a type is"


def test_a_refusal_can_be_copied_and_sent() -> None:
    """To another process, say."""
    with pytest.raises(ExpressionError) as refused:
        compile_expression("nmae > 1", SHAPES, "subject")
    for again in (pickle.loads(pickle.dumps(refused.value)), copy.copy(refused.value), copy.deepcopy(refused.value)):  # noqa: S301
        assert str(again) == str(refused.value)
        assert again.problems == refused.value.problems
    assert "line 1, column 1: subject has no field nmae." in str(refused.value)
    assert len({*refused.value.problems}) == 1


def test_what_a_back_end_cannot_do_is_told_in_both_languages() -> None:
    """And carried to another process, as a refusal is."""
    own = replace(catalogue()["LEN"], name="OWN", javascript=False)
    with pytest.raises(NotPushable) as refused:
        compile_expression("OWN(name) > 1", SHAPES, "subject", functions={**catalogue(), "OWN": own}).javascript()
    again = pickle.loads(pickle.dumps(refused.value))  # noqa: S301
    assert again.reason == str(refused.value) == "OWN is not known to the browser; the server computes it"
    assert again.said.told("zh-CN") == "浏览器没有 OWN，由服务器计算"


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
