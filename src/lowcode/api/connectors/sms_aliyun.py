"""`sms_aliyun`: text messages by Alibaba Cloud (阿里云短信服务)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any, Literal
from urllib.parse import quote

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import Codes, judged, object_of, told, verdict
from lowcode.api.connectors.kind import (
    Access,
    Call,
    Channel,
    Keys,
    Message,
    Notice,
    Reply,
    SecretReference,
    TargetPart,
    Verdict,
    needed,
)
from lowcode.api.connectors.sms import SmsPart, parameters, say

CODES: Codes = {
    "isv.BUSINESS_LIMIT_CONTROL": told("again", "too many messages to one phone: 1 a minute, 5 an hour, 10 a day",
                                       "同一号码发送过于频繁：每分钟 1 条、每小时 5 条、每天 10 条", 3600),
    "isp.SYSTEM_ERROR": told("again", "the provider failed", "服务商系统错误", 60),
    "Throttling.User": told("again", "too many calls", "接口调用过于频繁", 5),
    "isv.AMOUNT_NOT_ENOUGH": told("setup", "the account has no money left", "账户余额不足"),
    "isv.OUT_OF_SERVICE": told("setup", "the service is stopped: there is a bill to pay", "业务停机，请充值"),
    "isv.SMS_SIGNATURE_ILLEGAL": told("setup", "the signature is not one of the account", "短信签名不合法"),
    "isv.SMS_TEMPLATE_ILLEGAL": told("setup", "the template is not one of the account", "短信模板不合法"),
    "isv.TEMPLATE_MISSING_PARAMETERS": told("content", "the template has parameters that are not given",
                                            "模板缺少变量"),
    "isv.MOBILE_NUMBER_ILLEGAL": told("content", "the phone number is none", "手机号格式错误"),
    "isv.BLACK_KEY_CONTROL_LIMIT": told("content", "a parameter has words that are not permitted", "模板变量含违禁词"),
    "isv.DENY_IP_RANGE": told("setup", "messages to this country are not switched on", "未开通该国家或地区"),
    "SignatureDoesNotMatch": told("setup", "the access key secret is wrong", "AccessKey Secret 不正确"),
    "InvalidAccessKeyId.NotFound": told("setup", "the access key is unknown", "AccessKey 不存在"),
    "isp.RAM_PERMISSION_DENY": told("setup", "the access key lacks the right to send", "AccessKey 没有短信发送权限"),
}  # fmt: skip


class SmsAliyunDocument(SmsPart, TargetPart):
    """Text messages by Alibaba Cloud."""

    type: Literal["sms_aliyun"]
    url: str | SecretReference = "https://dysmsapi.aliyuncs.com"
    access_key: str | SecretReference
    secret: SecretReference = Field(description="AccessKey Secret.")
    limit: int | None = Field(1000, ge=1, le=100_000, description="Messages a minute.")


class SmsAliyun:
    """A template with parameters for one phone."""

    name = "sms_aliyun"
    model = SmsAliyunDocument

    def write(self, document: SmsAliyunDocument, message: Message) -> str:
        """The parameters of `SendSms`."""
        needed(message.values, ("phone",))
        given = parameters(document.parameters, message.values)
        sent = {"PhoneNumbers": str(message.values["phone"]), "SignName": document.signature,
                "TemplateCode": str(message.values.get("template") or document.template),
                "TemplateParam": orjson.dumps(given).decode()}  # fmt: skip
        return orjson.dumps(sent).decode()

    def judge(self, document: SmsAliyunDocument, answer: str) -> Verdict | None:
        """`Code` is OK, or words."""
        return judged(answer, CODES, "Code", "Message", "OK")

    def _sign(self, document: SmsAliyunDocument, call: Call, keys: Keys) -> Call:
        asked = {
            **orjson.loads(call.body), "Action": "SendSms", "Version": "2017-05-25", "RegionId": "cn-hangzhou",
            "Format": "JSON", "AccessKeyId": keys.value(document.access_key), "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0", "SignatureNonce": f"{keys.message}.{keys.now.timestamp()}",
            "Timestamp": keys.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "OutId": keys.message,
        }  # fmt: skip
        signed = {**asked, "Signature": signature(keys.value(document.secret), "POST", asked)}
        headers = {**call.headers, "Content-Type": "application/x-www-form-urlencoded"}
        return replace(call, headers=headers, body=query(signed).encode())

    def _explain(self, document: SmsAliyunDocument, reply: Reply) -> Verdict | None:
        found = object_of(reply.text)
        return (
            verdict(CODES, found["Code"], found.get("Message", "")) if found is not None and "Code" in found else None
        )

    def _say(self, document: SmsAliyunDocument, notice: Notice) -> Mapping[str, Any]:
        return say(notice)

    def channel(self, document: SmsAliyunDocument) -> Channel:
        """One phone a message."""
        return Channel("phone", self._say)

    @property
    def access(self) -> Access:
        """A signature over all parameters."""
        return Access(self._sign, explain=self._explain)


def query(values: Mapping[str, str]) -> str:
    """Names and values in order, as Alibaba Cloud percent-encodes them."""
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(values.items()))


def signature(secret: str, method: str, values: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the method and the ordered parameters, as base64."""
    content = f"{method}&{quote('/', safe='')}&{quote(query(values), safe='~')}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), content.encode(), hashlib.sha1).digest()).decode()


SMS_ALIYUN = SmsAliyun()
