"""Somebody who reads Chinese is refused in Chinese, by whichever operation and whatever was wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from lowcode.web.problems import TITLES
from tests.api.app import PUBLIC, WEBSITE, Shop
from tests.web.calls import Visitor

WRONG: tuple[Any, ...] = (
    None, 5, -1, 10**12, 1.5, True, "", "x", "lead", "x" * 3000, "2026-99-01", [], ["x"], {}, {"x": 1}
)  # fmt: skip
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'|https?://\S+")
SENTENCE = re.compile(r"[A-Za-z]+,? [a-z]+ [a-z]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def is_english(words: str) -> bool:
    """Whether a sentence of it is: names, examples and what was sent stand in whatever they stand in."""
    return not CHINESE.search(words) or SENTENCE.search(QUOTED.sub("", words)) is not None


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    made = Shop(WEBSITE, PUBLIC)
    yield made
    made.host.close()


class Undone(Exception):
    """What was done after all is taken back."""


def refusals(shop: Shop, operation: str, given: dict[str, Any]) -> Iterator[str]:
    reader = replace(shop.host.actor("root"), locale="zh-CN")
    try:
        with shop.host.session(reader) as context:
            context.ask(operation, **given)
            raise Undone
    except Rejected as refused:
        for each in refused.problems:
            yield each.words("zh-CN")
    except (Undone, RuntimeError):  # done, or done only in a transaction of its own
        return


def test_wrong_parameters_are_named_in_chinese(shop: Shop) -> None:
    """Every parameter of every operation that may be asked from outside, with values of every wrong sort."""
    found = set()
    for name, operation in shop.host.app.operations.items():
        fields = getattr(operation.params, "model_fields", {})
        if operation.access == "internal" or operation.outside or "." not in name:
            continue
        for given in ({}, {"nonsense": 1}, *({key: value} for key in fields for value in WRONG)):
            found |= {(name, str(given), each) for each in refusals(shop, name, given) if is_english(each)}
    assert set() == found


@pytest.mark.parametrize(("where", "chinese"), [
    ("budget + 1", "此处需要是/否，而表达式的结果是数字。"),
    ('grade = "{reason} {column}"', "“{reason} {column}”不是可选项。"),
    ("MATCHES(company, '[')", "不接受此匹配模式：位置 0 处的写法有误。"),
])  # fmt: skip
def test_a_wrong_filter_is_told_in_chinese(shop: Shop, where: str, chinese: str) -> None:
    """Also within another sentence; what was written stands in it as it is."""
    given = {"name": "x", "scopes": ["*"], "rows": {"lead": where}}
    [said] = refusals(shop, "api.create_key", given)
    assert chinese in said
    assert not is_english(said)


BODIES = (
    ("api/intake/website", b"{"), ("api/intake/website", b"[]"), ("api/intake/website", b'{"company": NaN}'),
    ("api/intake/website", b'{"company": "\\u0000"}'), ("api/intake/website", b'{"budget": 1e999999}'),
    ("api/intake/website", b'{"company": "A", "budget": -1, "grade": "Z", "since": "31.3.", "email": "x", '
                           b'"employees": "many", "contact": []}'),
    ("api/records/lead", b"{"), ("api/records/lead", b'{"company": "\\u0000"}'), ("api/records/lead", b"[]"),
    ("api/records/lead", b'{"company": ' + b"[" * 100 + b"]" * 100 + b"}"),
    ("api/records/lead", b'{"employees": 123456789012345678901}'), ("api/nothing", b"{}"),
)  # fmt: skip


@pytest.mark.parametrize(("address", "body"), BODIES)
def test_bodies_are_refused_in_chinese(shop: Shop, address: str, body: bytes) -> None:
    """Whatever cannot be read, or does not fit a schema, and the sort of refusal as well."""
    program = Visitor(shop)
    program.headers |= {"authorization": f"Bearer {shop.key('zhao')}", "content-type": "application/json"}
    answer = program.ask("POST", address, content=body)
    told = answer.json()
    assert 400 <= answer.status_code < 500
    assert [] == [each for each in (told["title"], *(each["detail"] for each in told["errors"])) if is_english(each)]


def refusal_sorts(of: type[Rejected] = Rejected) -> Iterator[type[Rejected]]:
    yield of
    for each in of.__subclasses__():
        yield from refusal_sorts(each)


def test_every_sort_of_refusal_has_a_chinese_title() -> None:
    """A new sort needs one."""
    assert set() == {each.title for each in refusal_sorts() if each.__module__.startswith("lowcode.")} - set(TITLES)
