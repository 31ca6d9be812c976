"""Services of others on this machine, as their makers document them: signatures, tokens, limits and error codes.

They are written from the public documentation and share nothing with the connectors: each checks what it is sent in its
own way and answers 200 with an error code inside, as DingTalk, WeCom and Feishu do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

Answer = tuple[int, Any]


@dataclass
class Asked:
    """One request as a service got it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def file(self) -> tuple[str, bytes]:
        """The file of a form with one: the name of its field, and what is in it; other values with `=`."""
        whole = message_from_bytes(b"Content-Type: " + self.headers["content-type"].encode() + b"\r\n\r\n" + self.body)
        parts = {
            str(part.get_param("name", header="content-disposition")): part
            for part in whole.walk()
            if part.get_filename() or not part.is_multipart()
        }
        name = next(name for name, part in parts.items() if part.get_filename())
        values = "".join(f"{each}={part.get_payload()}" for each, part in parts.items() if each != name)
        content = parts[name].get_payload(decode=True)
        assert isinstance(content, bytes)
        return f"{name}{values}", content

    @property
    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Service:
    """A service: `now` is its clock, `got` what it took, `tokens` those it gave, `next` answers that it gives first."""

    now: Callable[[], datetime]
    url: str = ""
    got: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    next: list[Answer] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def stamp(self) -> float:
        return self.now().timestamp()

    def token(self, life: int = 7200) -> str:
        given = f"token-{len(self.tokens) + 1}"
        self.tokens[given] = self.stamp() + life
        return given

    def good(self, token: str | None) -> bool:
        return self.tokens.get(token or "", 0) > self.stamp()

    def too_often(self, most: int) -> bool:
        """More than so many in the minute that ends now."""
        self.taken = [each for each in self.taken if each > self.stamp() - 60]
        if len(self.taken) >= most:
            return True
        self.taken.append(self.stamp())
        return False

    def picture(self, asked: Asked, field: str) -> str | None:
        """The number of a picture that is handed over under a field; None for what is no picture."""
        name, content = asked.file
        if name != field or not content.startswith(b"\x89PNG"):
            return None
        number = f"@picture-{len(self.pictures) + 1}"
        self.pictures[number] = content
        return number

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError


class DingTalk(Service):
    """oapi.dingtalk.com and api.dingtalk.com."""

    def answer(self, asked: Asked) -> Answer:
        match asked.path:
            case "/robot/send":
                return 200, self.robot(asked)
            case "/v1.0/oauth2/accessToken":
                if asked.json != {"appKey": "ding1", "appSecret": "app-secret"}:
                    return 400, {"code": "invalidClientIdOrSecret", "message": "无效的clientId或者clientSecret"}
                return 200, {"accessToken": self.token(), "expireIn": 7200}
            case "/topapi/message/corpconversation/asyncsend_v2":
                return 200, self.notice(asked)
            case "/topapi/message/corpconversation/status_bar/update" | "/topapi/message/corpconversation/recall":
                return 200, self.change(asked)
            case "/media/upload" if asked.query.get("type") == "image":
                if not self.good(asked.query.get("access_token")):
                    return 200, {"errcode": 40014, "errmsg": "不合法的access_token"}
                number = self.picture(asked, "media")
                return 200, {"errcode": 0, "media_id": number, "type": "image"} if number else {"errcode": 400002}
        return 404, {}

    def robot(self, asked: Asked) -> Any:
        if asked.query.get("access_token") != "robot-token":
            return {"errcode": 300001, "errmsg": "token is not exist"}
        stamp = asked.query.get("timestamp", "0")
        if abs(self.stamp() * 1000 - int(stamp)) > 3_600_000:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        content = (stamp + "\n" + "SEC1").encode("utf-8")
        if asked.query.get("sign") != base64.b64encode(hmac.digest(b"SEC1", content, "sha256")).decode():
            return {"errcode": 310000, "errmsg": "sign not match"}
        if self.too_often(20):
            return {"errcode": 410100, "errmsg": "发送速度太快而限流"}
        if asked.json["msgtype"] not in ("text", "markdown", "link", "actionCard", "feedCard"):
            return {"errcode": 400105, "errmsg": "msgtype"}
        self.got.append(asked.json)
        return {"errcode": 0, "errmsg": "ok"}

    def notice(self, asked: Asked) -> Any:
        if not self.good(asked.query.get("access_token")):
            return {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": "ding talk error"}
        if asked.json.get("agent_id") != "77":
            return {"errcode": 34018, "errmsg": "agent"}
        if len(asked.json["userid_list"].split(",")) > 100:
            return {"errcode": 400002, "errmsg": "userid_list"}
        message = asked.json["msg"]
        if len(json.dumps(message, ensure_ascii=False).encode()) > 2048:
            return {"errcode": 400002, "errmsg": "msg"}
        if message["msgtype"] in ("action_card", "oa") and not self.card(message[message["msgtype"]]):
            return {"errcode": 400002, "errmsg": "msg"}
        if asked.json.keys() != {"agent_id", "userid_list", "msg"} or (
            message["msgtype"] == "image" and message["image"]["media_id"] not in self.pictures
        ):
            return {"errcode": 400002, "errmsg": "msg"}
        self.got.append(asked.json)
        return {"errcode": 0, "task_id": len(self.got), "request_id": "r"}

    def card(self, card: Any) -> bool:
        """An action card leads on as a whole or by its buttons; an OA message has a place to go, a head and a body."""
        if "message_url" in card:
            return card.keys() <= {"message_url", "pc_message_url", "head", "status_bar", "body"} and bool(card["head"])
        if not card["title"] or not card["markdown"]:
            return False
        if "btn_json_list" in card:
            buttons = card["btn_json_list"]
            good = all(each.keys() == {"title", "action_url"} and all(each.values()) for each in buttons)
            return "single_url" not in card and good and card["btn_orientation"] in ("0", "1")
        return bool(card["single_title"] and card["single_url"])

    def change(self, asked: Asked) -> Any:
        """A notice is taken back, whatever it is; only OA messages have a status bar that can be changed."""
        if not self.good(asked.query.get("access_token")) or asked.json.get("agent_id") != "77":
            return {"errcode": 40014, "errmsg": "不合法的access_token"}
        recalled = asked.path.endswith("/recall")
        number = asked.json["msg_task_id" if recalled else "task_id"]
        if not 0 < number <= len(self.got):
            return {"errcode": 400002, "errmsg": "task_id"}
        message = self.got[number - 1]["msg"]
        if recalled:
            message["recalled"] = True
        elif "status_bar" not in message.get("oa", {}):
            return {"errcode": 400002, "errmsg": "只支持OA消息"}
        else:
            message["oa"]["status_bar"] = {name: asked.json[name] for name in ("status_value", "status_bg")}
        return {"errcode": 0, "errmsg": "ok", "request_id": "r"}


class WeCom(Service):
    """qyapi.weixin.qq.com."""

    people = frozenset({"LiNa", "ZhaoLei"})

    def answer(self, asked: Asked) -> Answer:
        match asked.path:
            case "/cgi-bin/webhook/send":
                return 200, self.robot(asked)
            case "/cgi-bin/gettoken":
                if asked.query != {"corpid": "corp1", "corpsecret": "app-secret"}:
                    return 200, {"errcode": 40001, "errmsg": "invalid credential"}
                return 200, {"errcode": 0, "errmsg": "ok", "access_token": self.token(), "expires_in": 7200}
            case "/cgi-bin/message/send":
                return 200, self.message(asked)
            case "/cgi-bin/message/recall":
                place = int(str(asked.json["msgid"]).removeprefix("m")) - 1
                if not self.good(asked.query.get("access_token")) or asked.json.keys() != {"msgid"}:
                    return 200, {"errcode": 40058, "errmsg": "invalid Request Parameter"}
                self.got[place]["recalled"] = True
                return 200, {"errcode": 0, "errmsg": "ok"}
            case "/cgi-bin/media/upload" if asked.query.get("type") == "image":
                if not self.good(asked.query.get("access_token")):
                    return 200, {"errcode": 40014, "errmsg": "invalid access_token"}
                number = self.picture(asked, "media")
                return 200, {"errcode": 0, "media_id": number, "type": "image"} if number else {"errcode": 40058}
        return 404, {}

    def robot(self, asked: Asked) -> Any:
        if asked.query.get("key") != "robot-key":
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if self.too_often(20):
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        kind = asked.json["msgtype"]
        if kind == "image":
            shown = base64.b64decode(asked.json["image"]["base64"])
            if len(shown) > 2 * 2**20 or hashlib.md5(shown).hexdigest() != asked.json["image"]["md5"]:
                return {"errcode": 301019, "errmsg": "media md5 error"}
            self.got.append(asked.json)
            return {"errcode": 0, "errmsg": "ok"}
        if len(asked.json[kind]["content"].encode()) > (2048 if kind == "text" else 4096):
            return {"errcode": 45002, "errmsg": "content size out of limit"}
        self.got.append(asked.json)
        return {"errcode": 0, "errmsg": "ok"}

    def message(self, asked: Asked) -> Any:
        token = asked.query.get("access_token")
        if token in self.tokens and not self.good(token):
            return {"errcode": 42001, "errmsg": "access_token expired"}
        if not self.good(token):
            return {"errcode": 40014, "errmsg": "invalid access_token"}
        if asked.json.get("agentid") != 1000002:
            return {"errcode": 301002, "errmsg": "not allow operate another agent with this accesstoken"}
        asked_for = asked.json["touser"].split("|")
        known = [each for each in asked_for if each in self.people]
        if not known:
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid"}
        if asked.json["msgtype"] == "image" and asked.json["image"]["media_id"] not in self.pictures:
            return {"errcode": 40058, "errmsg": "invalid media_id"}
        if asked.json["msgtype"] == "template_card" and not self.card(asked.json["template_card"]):
            return {"errcode": 40058, "errmsg": "invalid Request Parameter"}
        self.got.append(asked.json)
        missed = "|".join(each for each in asked_for if each not in self.people)
        return {"errcode": 0, "errmsg": "ok", "invaliduser": missed, "msgid": f"m{len(self.got)}"}

    def card(self, card: Any) -> bool:
        """A text notice: a title, at most three lines that lead to addresses, and where the whole leads."""
        lines = card["jump_list"]
        leads = all(each.keys() == {"type", "title", "url"} and each["type"] == 1 and each["url"] for each in lines)
        known = {"card_type", "main_title", "sub_title_text", "jump_list", "card_action"}
        whole = card["card_action"]["type"] == 1 and bool(card["card_action"]["url"])
        titled = card["card_type"] == "text_notice" and bool(card["main_title"]["title"])
        return card.keys() <= known and titled and whole and leads and len(lines) <= 3


class Feishu(Service):
    """open.feishu.cn."""

    def answer(self, asked: Asked) -> Answer:
        match asked.path:
            case "/open-apis/bot/v2/hook/abc":
                return 200, self.robot(asked)
            case "/open-apis/auth/v3/tenant_access_token/internal":
                if asked.json != {"app_id": "cli_1", "app_secret": "app-secret"}:
                    return 200, {"code": 10014, "msg": "app secret invalid"}
                return 200, {"code": 0, "msg": "ok", "tenant_access_token": self.token(), "expire": 7200}
            case "/open-apis/message/v4/batch_send/" | "/open-apis/im/v1/images":
                if not self.good(asked.headers.get("authorization", "").removeprefix("Bearer ")):
                    return 400, {"code": 99991663, "msg": "Invalid access token for authorization"}
                if asked.path.endswith("images"):
                    number = self.picture(asked, "imageimage_type=message")
                    return (200, {"code": 0, "data": {"image_key": number}}) if number else (400, {"code": 230001})
                if asked.json["msg_type"] == "interactive" and not self.card(asked.json["card"]):
                    return 400, {"code": 230001, "msg": "card"}
                if asked.json["msg_type"] == "image" and asked.json["content"]["image_key"] not in self.pictures:
                    return 400, {"code": 230001, "msg": "image_key"}
                self.got.append(asked.json)
                missed = [each for each in asked.json["open_ids"] if not each.startswith("ou_")]
                data = {"message_id": f"bm-{len(self.got)}", "invalid_open_ids": missed}
                return 200, {"code": 0, "msg": "ok", "data": data}
            case path if path.startswith("/open-apis/im/v1/batch_messages/bm-") and asked.method == "DELETE":
                if not self.good(asked.headers.get("authorization", "").removeprefix("Bearer ")):
                    return 400, {"code": 99991663, "msg": "Invalid access token for authorization"}
                self.got[int(path.rpartition("-")[2]) - 1]["recalled"] = True
                return 200, {"code": 0, "msg": "ok", "data": {}}
        return 200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}

    def card(self, card: Any) -> bool:
        """A head, and elements: words, and buttons that lead to addresses."""
        words, actions = card["elements"]
        good = all(each["tag"] == "button" and each["url"] and each["text"]["content"] for each in actions["actions"])
        titled = bool(card["header"]["title"]["content"])
        return titled and "div" == words["tag"] and "action" == actions["tag"] and good

    def robot(self, asked: Asked) -> Any:
        sent = asked.json
        key = f"{sent.get('timestamp')}\nSEC1".encode()
        expected = base64.b64encode(hmac.digest(key, b"", "sha256")).decode()
        if sent.get("sign") != expected or abs(self.stamp() - int(sent["timestamp"])) > 3600:
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        self.got.append(sent)
        return {"code": 0, "data": {}, "msg": "success"}


class Aliyun(Service):
    """dysmsapi.aliyuncs.com: RPC with a signature over the sorted parameters."""

    def answer(self, asked: Asked) -> Answer:
        given = asked.form
        signed = given.pop("Signature", "")
        pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in given.items())
        canonical = "&".join("=".join(pair) for pair in pairs)
        content = "POST&%2F&" + quote(canonical, safe="-_.~")
        if signed != base64.b64encode(hmac.digest(b"aliyun-secret&", content.encode(), "sha1")).decode():
            return 400, {"Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched"}
        if given["TemplateCode"] != "SMS_1":
            return 200, {"Code": "isv.SMS_TEMPLATE_ILLEGAL", "Message": "模板不合法"}
        if len([each for each in self.got if each["PhoneNumbers"] == given["PhoneNumbers"]]) >= 1:
            return 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控Permits:1"}
        self.got.append(given)
        return 200, {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "2"}


class Tencent(Service):
    """sms.tencentcloudapi.com: TC3-HMAC-SHA256."""

    def answer(self, asked: Asked) -> Answer:
        fields = dict(part.split("=", 1) for part in asked.headers["authorization"].split(" ", 1)[1].split(", "))
        signed = fields["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{asked.headers[name]}\n" for name in signed)
        payload = hashlib.sha256(asked.body).hexdigest()
        request = f"POST\n/\n\n{lines}\n{fields['SignedHeaders']}\n{payload}"
        scope = fields["Credential"].split("/", 1)[1]
        stamp = asked.headers["x-tc-timestamp"]
        content = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = hmac.digest(b"TC3tencent-secret", scope.split("/")[0].encode(), "sha256")
        key = hmac.digest(hmac.digest(key, b"sms", "sha256"), b"tc3_request", "sha256")
        if hmac.digest(key, content.encode(), "sha256").hex() != fields["Signature"]:
            return 200, self.refused("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
        if abs(self.stamp() - int(stamp)) > 300:
            return 200, self.refused("AuthFailure.SignatureExpire", "expired")
        self.got.append(asked.json)
        status = [
            {"PhoneNumber": each, "Code": "Ok", "Message": "send success"} for each in asked.json["PhoneNumberSet"]
        ]
        return 200, {"Response": {"SendStatusSet": status, "RequestId": "r"}}

    @staticmethod
    def refused(code: str, words: str) -> Any:
        return {"Response": {"Error": {"Code": code, "Message": words}, "RequestId": "r"}}


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """A service at an address for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, query, headers, body)
            service.asked.append(asked)
            status, said = service.next.pop(0) if service.next else service.answer(asked)
            content = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
