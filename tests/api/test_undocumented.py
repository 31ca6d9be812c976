"""Answers that are not as a service documents them: whatever comes, the message says why it did not go out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.reasons import recalled
from tests.api.app import Shop
from tests.api.test_connectors import connected, sent, tell
from tests.api.vendors import Aliyun, DingTalk, Feishu, Service, Tencent, WeCom

__all__ = ["connected"]
DEEP = b"[" * 60_000
WECOM_OK = {"errcode": 0, "access_token": "t"}
FEISHU_OK = {"code": 0, "tenant_access_token": "t", "expire": 7200}
ANSWERS: list[tuple[str, type[Service], list[Any]]] = [
    ("dingtalk_robot", DingTalk, [DEEP, {"errcode": []}, {"errcode": {"a": 1}}]),
    (
        "dingtalk_app",
        DingTalk,
        [DEEP, {"accessToken": "t", "expireIn": None}, {"accessToken": "t", "expireIn": "soon"}],
    ),
    ("wecom_app", WeCom, [{"errcode": []}, {**WECOM_OK, "expires_in": {}}, b'{"errcode": 0, "expires_in": NaN}']),
    ("feishu_app", Feishu, [{"code": {}}, {**FEISHU_OK, "expire": []}, b'{"code": 0, "expire": 1e999}']),
    ("feishu_robot", Feishu, [{"code": []}, DEEP]),
    ("sms_aliyun", Aliyun, [{"Code": []}, DEEP]),
    ("sms_tencent", Tencent, [{"Response": {"SendStatusSet": 5}}, {"Response": {"SendStatusSet": ["Ok"]}}]),
]


@pytest.mark.requirement("A18", "SA12")
@pytest.mark.parametrize(("kind", "service", "answers"), ANSWERS, ids=[kind for kind, *_ in ANSWERS])
def test_what_a_service_answers_is_never_a_fault_of_ours(
    connected: Callable[..., tuple[Shop, Service]], kind: str, service: type[Service], answers: list[Any]
) -> None:
    """Of another shape, nested without end, no number where one is: the attempt counts and is said in both languages.
    It is made once more, but where the message went out and its own yes cannot be read; nothing stands there waiting
    with no word of why."""
    shop, there = connected(kind, service)
    for answer in answers:
        there.next = [(200, answer)]
        tell(shop, "13800000001", values={"number": "1", "customer": "a", "code": "1"})
        (message, *_) = sent(shop)
        state = "dead" if "it was sent" in message["error"] else "waiting"
        assert (state, 1) == (message["state"], message["attempts"]), answer
        assert "answer" in message["error"], message["error"]


@pytest.mark.requirement("A14")
def test_a_token_for_ever_is_good_for_a_while(connected: Callable[..., tuple[Shop, Feishu]]) -> None:
    """However long a service says: no more than a month, and the message goes out."""
    shop, there = connected("feishu_app", Feishu)
    there.next = [(200, {**FEISHU_OK, "tenant_access_token": there.token(), "expire": 10**30})]
    tell(shop, "ou_1")
    assert ["delivered"] == [each["state"] for each in sent(shop)]


@pytest.mark.requirement("A14")
def test_who_did_not_get_it_is_said_as_it_comes(connected: Callable[..., tuple[Shop, Feishu]]) -> None:
    """A list of people that is none: the service did take it, so it is not sent again, and not taken as delivered to
    everybody either; a person looks there and decides."""
    shop, there = connected("feishu_app", Feishu)
    there.next = [(200, FEISHU_OK), (200, {"code": 0, "data": {"invalid_open_ids": [1, 2]}})]
    tell(shop, "ou_1")
    (message,) = sent(shop)
    assert "dead" == message["state"]
    said: Any = recalled(message["error"])
    assert "it was sent" in str(said)
