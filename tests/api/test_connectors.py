"""Connectors against services that behave as their makers document: signatures, tokens, limits, error codes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from lowcode.api.connectors import sms_aliyun, sms_tencent
from lowcode.api.connectors.feishu_app import FEISHU_APP
from lowcode.api.connectors.feishu_robot import FEISHU_ROBOT
from lowcode.api.connectors.wecom_app import WECOM_APP
from lowcode.api.connectors.wecom_robot import WECOM_ROBOT
from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.api.app import Shop
from tests.api.vendors import Aliyun, DingTalk, Feishu, Service, Tencent, WeCom, serving

SECRETS = {
    "DING_KEY": "SEC1",
    "FEISHU_KEY": "SEC1",
    "APP_SECRET": "app-secret",
    "ALIYUN_SECRET": "aliyun-secret",
    "TENCENT_SECRET": "tencent-secret",
}


def documents(service: Service) -> dict[str, dict[str, Any]]:
    """A connector of each kind, pointed at a service."""
    secret = {"secret": {"secret": "APP_SECRET"}}
    found: dict[str, dict[str, Any]] = {
        "dingtalk_robot": {
            "url": f"{service.url}/robot/send?access_token=robot-token", "secret": {"secret": "DING_KEY"}
        },
        "dingtalk_app": {
            "url": service.url, "token_url": service.url, "app_key": "ding1", "agent": "77", **secret
        },
        "wecom_robot": {"url": f"{service.url}/cgi-bin/webhook/send?key=robot-key"},
        "wecom_app": {"url": service.url, "corporation": "corp1", "agent": 1000002, **secret},
        "feishu_robot": {
            "url": f"{service.url}/open-apis/bot/v2/hook/abc", "secret": {"secret": "FEISHU_KEY"}
        },
        "feishu_app": {"url": service.url, "app": "cli_1", **secret},
        "sms_aliyun": {
            "url": service.url, "access_key": "id", "secret": {"secret": "ALIYUN_SECRET"}, "signature": "某公司",
            "template": "SMS_1", "parameters": {"customer": "text", "code": "number"},
        },
        "sms_tencent": {
            "url": service.url, "access_key": "id", "secret": {"secret": "TENCENT_SECRET"}, "signature": "某公司",
            "template": "1", "application": "1400000000", "parameters": {"1": "text", "2": "number"},
        },
    }  # fmt: skip
    return found


@pytest.fixture
def connected(open_shop: Callable[..., Shop]) -> Iterator[Callable[..., tuple[Shop, Any]]]:
    """Makes a shop with one connector `chat`, and the service at its other end."""
    with ExitStack() as stack:

        def make(kind: str, service: type[Service], **more: Any) -> tuple[Shop, Any]:
            there = stack.enter_context(serving(service(lambda: shop.clock.now())))
            given = documents(there).get(kind, {"url": there.url})
            document = {"name": "chat", "type": kind, "title": {"en": "Chat", "zh-CN": "群"}, **given, **more}
            shop = open_shop(document, secrets=SECRETS, allow_private=("127.0.0.0/8",))
            return shop, there

        yield make


def tell(shop: Shop, *to: Any, **more: Any) -> dict[str, Any]:
    words = {"title": {"en": "Won", "zh-CN": "赢单"}, "text": {"en": "Acme signed", "zh-CN": "艾克米已签约"}}
    with shop.host.session() as app:
        found: dict[str, Any] = app.ask("api.message", **{"channel": "chat", "to": to, **words, **more})
    shop.host.settle()
    return found


def sent(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.ask("root", "api.deliveries")["items"]
    return found


def person(shop: Shop, login: str, **more: Any) -> int:
    identity: int = shop.ask("root", "identity.save_person", login=login, **more)
    return identity


@pytest.mark.requirement("SA01", "A12", "SA10")
def test_a_dingtalk_robot(connected: Callable[..., tuple[Shop, DingTalk]]) -> None:
    """A signed Markdown message reaches the group and calls people by their phone."""
    shop, there = connected("dingtalk_robot", DingTalk)
    li = person(shop, "li", phone="13800000001")
    tell(shop, li, link="https://crm.example.com/#/records/lead/7")
    text = "### Won\n\nAcme signed\n\n[Open](https://crm.example.com/#/records/lead/7)\n\n@13800000001"
    expected = {"msgtype": "markdown", "markdown": {"title": "Won", "text": text},
                "at": {"atMobiles": ["13800000001"], "isAtAll": False}}  # fmt: skip
    assert [expected] == there.got
    assert ["delivered"] == [each["state"] for each in sent(shop)]


@pytest.mark.requirement("A12", "A13")
@pytest.mark.parametrize(("kind", "service"), [("dingtalk_robot", DingTalk), ("wecom_robot", WeCom)])
def test_a_robot_keeps_to_its_twenty_a_minute(
    connected: Callable[..., tuple[Shop, Service]], kind: str, service: type[Service]
) -> None:
    """What is more waits its turn instead of being refused and blocked; nothing is lost and no attempt is counted."""
    shop, there = connected(kind, service)
    for number in range(45):
        with shop.host.session() as app:
            app.ask("api.message", channel="chat", title="Note", text=f"number {number}")
    counts = []
    for _ in range(4):
        shop.host.settle()
        counts.append(len(there.got))
        shop.clock.advance(timedelta(seconds=61))
    assert [20, 40, 45, 45] == counts
    assert {("delivered", 1)} == {(each["state"], each["attempts"]) for each in sent(shop)}


@pytest.mark.requirement("A12")
@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ({"errcode": 310000, "errmsg": "sign not match"}, "dead", "security settings"),
        ({"errcode": 400013, "errmsg": "group"}, "dead", "the group is gone"),
        ({"errcode": 410100, "errmsg": "fast"}, "waiting", "stopped for ten minutes"),
        ({"errcode": -1, "errmsg": "busy"}, "waiting", "DingTalk is busy"),
        ({"errcode": 12345, "errmsg": "strange"}, "waiting", "12345: strange"),
        ("no object", "waiting", "no JSON object"),
    ],
)
def test_error_codes_say_what_to_do(
    connected: Callable[..., tuple[Shop, DingTalk]], answer: Any, state: str, words: str
) -> None:
    """DingTalk answers 200 to everything; what cannot pass is not tried again, what is too fast waits as it must."""
    shop, there = connected("dingtalk_robot", DingTalk)
    there.next.append((200, answer))
    tell(shop)
    [row] = sent(shop)
    assert (state, True) == (row["state"], words in row["error"])
    if "ten minutes" in words:
        assert 600 <= (row["next_at"] - shop.clock.now()).total_seconds()


@pytest.mark.requirement("A12", "SA14")
def test_dingtalk_work_notices(connected: Callable[..., tuple[Shop, DingTalk]]) -> None:
    """One token serves until it runs out or is refused; people are reached by their account, in their language."""
    shop, there = connected("dingtalk_app", DingTalk)
    li, zhao, head = (shop.host.actor(login).id for login in ("li", "zhao", "head"))
    for login, account in (("li", "user_li"), ("zhao", "user_zhao")):
        shop.ask("root", "api.link_account", connector="chat", account=account, login=login)
    found = tell(shop, li, zhao, head)
    assert [head] == found["unreached"]
    assert {("user_li", "### Won\n\nAcme signed"), ("user_zhao", "### 赢单\n\n艾克米已签约")} == {
        (each["userid_list"], each["msg"]["markdown"]["text"]) for each in there.got
    }
    assert 1 == len(there.tokens)
    there.tokens.clear()  # the service forgets it
    tell(shop, li, link="https://crm.example.com")
    assert {"msgtype": "action_card"}.items() <= there.got[-1]["msg"].items()
    assert 1 == len(there.tokens)
    shop.clock.advance(timedelta(seconds=7000))
    tell(shop, li)
    assert 2 == len(there.tokens)
    assert {"delivered"} == {each["state"] for each in sent(shop)}


@pytest.mark.requirement("SA01", "A13")
def test_wecom_messages(connected: Callable[..., tuple[Shop, WeCom]]) -> None:
    """Messages reach whom WeCom knows; whom it does not know is named although the message went out."""
    shop, there = connected("wecom_app", WeCom)
    tell(shop, "LiNa", "Nobody")
    tell(shop, "Nobody")
    assert [("LiNa|Nobody", "text", 1000002)] == [
        (each["touser"], each["msgtype"], each["agentid"]) for each in there.got
    ]
    last, first = sent(shop)
    assert ("delivered", True) == (first["state"], "not for Nobody" in first["error"])
    assert ("dead", True) == (last["state"], "81013" in last["error"])
    for token in there.tokens:
        there.tokens[token] = 0
    tell(shop, "ZhaoLei", link="https://crm.example.com")
    assert "https://crm.example.com" == there.got[-1]["textcard"]["url"]


@pytest.mark.requirement("A14")
def test_feishu(connected: Callable[..., tuple[Shop, Feishu]]) -> None:
    """A robot that signs inside the message, and an application with a token."""
    shop, there = connected("feishu_robot", Feishu)
    tell(shop)
    assert "Won" == there.got[0]["content"]["post"]["zh_cn"]["title"]
    shop, there = connected("feishu_app", Feishu)
    tell(shop, "ou_1", "gone")
    there.tokens.clear()
    tell(shop, "ou_2")
    assert [["ou_1", "gone"], ["ou_2"]] == [each["open_ids"] for each in there.got]
    assert ["delivered", "delivered"] == [each["state"] for each in sent(shop)]
    assert "not for gone" in sent(shop)[1]["error"]


@pytest.mark.requirement("A12", "A13", "A14")
@pytest.mark.parametrize(
    ("kind", "service", "held"),
    [
        ("dingtalk_app", DingTalk, lambda message: message["msg"]["image"]["media_id"]),
        ("wecom_app", WeCom, lambda message: message["image"]["media_id"]),
        ("feishu_app", Feishu, lambda message: message["content"]["image_key"]),
    ],
)
def test_a_picture_is_handed_over_first(
    connected: Callable[..., tuple[Shop, Service]], kind: str, service: type[Service], held: Callable[[Any], str]
) -> None:
    """Words and picture go out as two messages; the picture is handed over with a token that is good, and the message
    holds the number that the service gave it. What it does not take is said."""
    shop, there = connected(kind, service)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    tell(shop, "ou_1", "LiNa", picture=base64.b64encode(picture).decode())
    assert [picture] == list(there.pictures.values())
    assert 2 == len(there.got) and held(there.got[1]) in there.pictures
    assert 1 == len(there.tokens)
    there.next = [(200, {"errcode": 0, "code": 0}), (200, {"errcode": 42001, "code": 99991663})]  # words, picture
    tell(shop, "LiNa", "ou_1", picture=base64.b64encode(picture + b"2").decode())
    assert [picture, picture + b"2"] == list(there.pictures.values())
    assert 2 == len(there.tokens)
    assert {"delivered"} == {each["state"] for each in sent(shop)}
    tell(shop, "LiNa", "ou_1", picture=base64.b64encode(b"no picture").decode())
    assert ("dead", "delivered") == tuple(each["state"] for each in sent(shop)[:2])


@pytest.mark.requirement("SA12", "SR16")
@pytest.mark.parametrize(("kind", "service"), [("sms_aliyun", Aliyun), ("sms_tencent", Tencent)])
def test_text_messages(connected: Callable[..., tuple[Shop, Service]], kind: str, service: type[Service]) -> None:
    """An approved template, filled from the message, goes to each phone; the provider checks the signature."""
    shop, there = connected(kind, service)
    li = person(shop, "li", phone="13800000001")
    found = tell(shop, li, "13800000002", shop.host.actor("head").id, values={"number": "Q1"}, key="once")
    tell(shop, li, values={"number": "Q1"}, key="once")
    assert [shop.host.actor("head").id] == found["unreached"]
    assert {"delivered"} == {each["state"] for each in sent(shop)}
    if kind == "sms_aliyun":
        assert ["13800000001", "13800000002"] == [each["PhoneNumbers"] for each in there.got]
        assert {"customer": "Acme signed", "code": "Q1"} == json.loads(there.got[0]["TemplateParam"])
        tell(shop, li, values={"number": "Q2"})
        assert ("waiting", True) == (sent(shop)[0]["state"], "5 an hour" in sent(shop)[0]["error"])
    else:
        assert [["+8613800000001"], ["+8613800000002"]] == [each["PhoneNumberSet"] for each in there.got]
        assert ["Acme signed", "Q1"] == there.got[0]["TemplateParamSet"]
    with pytest.raises(Rejected, match="'number'"):
        tell(shop, li)


def test_the_signatures_of_the_documentation() -> None:
    """The examples that the providers print, byte for byte."""
    asked = {
        "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007", "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }  # fmt: skip
    assert "zJDF+Lrzhj/ThnlvIToysFRq6t4=" == sms_aliyun.signature("testSecret", "GET", asked)
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    made = sms_tencent.signature(
        "Gu5t9xGARNpq86cd98joQYCN3*******", "cvm", "cvm.tencentcloudapi.com", 1551113065, "2019-02-25", body
    )
    assert "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c" == made


class Echo(Service):
    """A provider of its own make: says `{"code": 0}` to what is right."""

    def answer(self, asked: Any) -> tuple[int, Any]:
        self.got.append((asked.method, asked.path, asked.query, asked.body))
        return 200, {"data": {"code": 0 if "13800000001" in asked.path else 7, "words": "no such number"}}


@pytest.mark.requirement("A18", "SA11", "SA12")
def test_any_interface_is_described_in_a_document(connected: Callable[..., tuple[Shop, Echo]]) -> None:
    """Path, query and body take values of the message; the document says what a yes is; it can be a channel."""
    document = {
        "path": "/sms/{to}", "query": {"key": "a b"}, "body": {"content": "{title}: {text}", "raw": "{number}"},
        "reach": "phone", "yes": {"at": "data.code", "is": 0, "words": "data.words"},
    }  # fmt: skip
    shop, there = connected("request", Echo, **document)
    with shop.host.session() as app, pytest.raises(Rejected, match="lead to another"):
        app.ask("api.send", name="chat", body={"to": "..", "title": "a", "text": "b", "number": 1})
    tell(shop, "13800000001", "1/2", values={"number": 5})
    body = b'{"content":"Won: Acme signed","raw":5}'
    assert [
        ("POST", "/sms/13800000001", {"key": "a b"}, body),
        ("POST", "/sms/1%2F2", {"key": "a b"}, body),
    ] == there.got
    assert [("waiting", "7: no such number"), ("delivered", None)] == [(e["state"], e["error"]) for e in sent(shop)]
    form = {**document, "encoding": "form", "reach": None, "path": "/sms/13800000001"}
    shop, there = connected("request", Echo, **form)
    with shop.host.session() as app, pytest.raises(Rejected, match="'number'"):
        app.ask("api.send", name="chat", body={"title": "a", "text": "b"})
    with shop.host.session() as app:
        app.ask("api.send", name="chat", body={"title": "a", "text": "b&c", "number": [1]})
    shop.host.settle()
    assert b"content=a%3A+b%26c&raw=%5B1%5D" == there.got[0][3]
    with pytest.raises(NotFound):
        tell(shop)


@pytest.mark.parametrize("path", [".evil.example/", "@evil.example/", "{host}"])
def test_a_path_does_not_make_another_host(connected: Callable[..., tuple[Shop, Echo]], path: str) -> None:
    """What stands behind the address of a connector is a path of that host, or nothing is sent."""
    shop, there = connected("request", Echo, path=path)
    with shop.host.session() as app:
        app.ask("api.send", name="chat", body={"host": ".evil.example"})
    shop.host.settle()
    assert [] == there.got and "another host" in sent(shop)[0]["error"]


@pytest.mark.requirement("A18")
def test_a_connector_is_tried_out(connected: Callable[..., tuple[Shop, DingTalk]]) -> None:
    """An administrator sees at once whether it works, and what to change when it does not."""
    shop, _ = connected("dingtalk_app", DingTalk)
    done = shop.ask("root", "api.try", connector="chat", to=["user_li"])
    assert (True, None) == (done["done"], done["error"])
    assert [] == sent(shop)
    shop, _ = connected("dingtalk_app", DingTalk, app_key="wrong")
    failed = shop.ask("root", "api.try", connector="chat", to=["user_li"])
    assert (False, True) == (failed["done"], "AppKey or AppSecret is wrong" in failed["error"])
    with pytest.raises(Rejected):
        shop.ask("root", "api.try", connector="chat")
    with pytest.raises(Rejected):
        shop.ask("li", "api.try", connector="chat", to=["user_li"])


@pytest.mark.requirement("SR16", "SA13", "SA14")
def test_every_channel_by_one_operation(connected: Callable[..., tuple[Shop, DingTalk]]) -> None:
    """The list of notices, letters and connectors are told apart by the name of the channel alone."""
    shop, _ = connected("dingtalk_robot", DingTalk)
    listed = shop.ask("li", "api.channels")["items"]
    ways = [("app", "account"), ("mail", "email"), ("push", "device"), ("chat", "room")]
    assert ways == [(e["name"], e["reach"]) for e in listed]
    li = shop.host.actor("li").id
    tell(shop, li, channel="app")
    assert [("Won", "Acme signed")] == [(e["title"], e["text"]) for e in shop.ask("li", "notifications.list")["items"]]
    with pytest.raises(NotFound, match="chat"):
        tell(shop, li, channel="chta")


@pytest.mark.parametrize(
    ("judge", "answer", "outcome", "words"),
    [
        (WECOM_APP, {"errcode": 82001}, "content", "没有指定接收人"),
        (WECOM_APP, {"errcode": 48006}, "setup", "管理员重新启用"),
        (WECOM_APP, {"errcode": 42052}, "content", "24 小时"),
        (WECOM_ROBOT, {"errcode": 93008}, "setup", "机器人不在群中"),
        (FEISHU_APP, {"code": 99991665}, "token", "tenant_access_token"),
        (FEISHU_APP, {"code": 99992361}, "setup", "不属于该应用"),
        (FEISHU_APP, {"code": 230049}, "again", "正在发送"),
        (FEISHU_ROBOT, {"code": 9499}, "content", "20 KB"),
    ],
)
def test_codes_as_their_makers_list_them(judge: Any, answer: dict[str, int], outcome: str, words: str) -> None:
    """A code says whether to try again, and in words what to do."""
    verdict = judge.judge(None, json.dumps(answer))
    assert outcome == verdict.outcome and words in verdict.reason["zh-CN"]
