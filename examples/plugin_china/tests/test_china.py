"""The plug-in in a host: its kinds do their work, alone and together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lowcode_china
import pytest
from lowcode_china.credit_code import CREDITREGION, check_character
from lowcode_china.dingtalk import DINGTALK, DingtalkDocument

from lowcode import Host, Rejected
from lowcode.api.connectors.kind import Message
from lowcode.seeding import seed
from lowcode.testing import stories

APP = Path(__file__).parents[1] / "app"
CODE = "91350100M000100Y43"
"""The example of GB 32100-2015."""


@pytest.fixture
def host() -> Iterator[Host]:
    """A host with the app, its people written."""
    with Host(APP, plugins=[lowcode_china]) as made:
        made.publish()
        seed(made)
        yield made


def test_the_story_of_the_app() -> None:
    """The app's own test passes."""
    for story in stories(APP, plugins=[lowcode_china]):
        story.check()


def test_the_check_character() -> None:
    """The last character follows from the others."""
    assert check_character(CODE) == "3"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91350100M000100Y4", "统一社会信用代码为 18 位数字和字母"),
        ("91350100M000100I43", "统一社会信用代码为 18 位数字和字母"),
        ("91350100M000100Y44", "“91350100M000100Y44”有误：最后一位应为 3"),
    ],
)
def test_a_wrong_code(host: Host, code: str, said: str) -> None:
    """Length, letters that do not occur, and the check character are told in the person's language."""
    with pytest.raises(Rejected) as refused:
        host.ask(host.actor("chen"), "records.create", type="supplier", values={"company": "A", "code": code})
    assert [each.words("zh-CN") for each in refused.value.problems] == [said]


def test_the_region_everywhere(host: Host) -> None:
    """The function answers alike in a formula, in the database, and in the browser."""
    import quickjs

    chen = host.actor("chen")
    made = host.ask(chen, "records.create", type="supplier", values={"company": "A", "code": CODE})
    found = host.ask(chen, "records.list", type="supplier", where='CREDITREGION(code) = "35"')
    assert [each["id"] for each in found["items"]] == [made["id"]]
    source = CREDITREGION.javascript
    for code in (CODE, "9", "", None):
        wanted = CREDITREGION.python(code) if code else None
        assert quickjs.Context().eval(f"({source})({{}}, {json.dumps(code)})") == wanted


def test_the_group_hears(host: Host) -> None:
    """A new supplier is written to the group as DingTalk takes it."""
    host.ask(host.actor("chen"), "records.create", type="supplier", values={"company": "海河贸易", "code": CODE})
    host.settle()
    [listed] = host.ask(host.actor("chen"), "api.deliveries")["items"]
    sent = host.ask(host.actor("chen"), "api.delivery", id=listed["id"])
    assert json.loads(sent["body"])["text"] == {"content": "供应商 新供应商：海河贸易（35）"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"errcode": 0, "errmsg": "ok"}', None),
        (
            '{"errcode": 310000, "errmsg": "keywords not in content"}',
            "DingTalk answered 310000: keywords not in content",
        ),
        ("<html>", "the answer is not DingTalk's"),
    ],
)
def test_answers_of_dingtalk(answer: str, said: str | None) -> None:
    """A refusal comes with a status of 200."""
    assert DINGTALK.judge(None, answer) == said


def test_a_message_without_a_text(host: Host) -> None:
    """Nothing is sent that says nothing."""
    document: Any = DingtalkDocument(name="buyers", type="dingtalk", url="https://oapi.dingtalk.com/robot/send")
    with pytest.raises(ValueError, match="needs a text"):
        DINGTALK.write(document, Message("buyers", host.clock.now(), {"txt": "x"}))


def test_a_paper_as_text(host: Host) -> None:
    """The words of a paper, one below the other."""
    chen = host.actor("chen")
    made = host.ask(chen, "records.create", type="supplier", values={"company": "海河贸易", "code": CODE})
    paper = host.ask(chen, "printing.render", template="card", id=made["id"], format="text")
    assert paper["content"].decode() == f"海河贸易\n{CODE}\n"
