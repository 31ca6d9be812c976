"""`sms_tencent`: text messages by Tencent Cloud (腾讯云短信)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import NO_OBJECT, Codes, object_of, told, verdict
from lowcode.api.connectors.kind import (
    Access,
    Call,
    Channel,
    Keys,
    Message,
    Notice,
    SecretReference,
    TargetPart,
    Verdict,
    needed,
)
from lowcode.api.connectors.sms import SmsPart, parameters, say

JSON = "application/json; charset=utf-8"
CODES: Codes = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": told("again", "one message in 30 seconds to a phone",
                                                       "同一号码 30 秒内只能发送 1 条", 30),
    "LimitExceeded.PhoneNumberOneHourLimit": told("again", "too many messages in an hour to a phone",
                                                  "同一号码每小时发送超限", 3600),
    "LimitExceeded.PhoneNumberDailyLimit": told("again", "too many messages a day to a phone",
                                                "同一号码每天发送超限", 86_400),
    "RequestLimitExceeded": told("again", "too many calls", "接口调用过于频繁", 5),
    "InternalError.OtherError": told("again", "the provider failed", "服务商系统错误", 60),
    "FailedOperation.InsufficientBalanceInSmsPackage": told("setup", "no messages are left", "套餐包余量不足"),
    "FailedOperation.SignatureIncorrectOrUnapproved": told("setup", "the signature is not approved",
                                                           "签名未审批或有误"),
    "FailedOperation.TemplateIncorrectOrUnapproved": told("setup", "the template is not approved", "模板未审批或有误"),
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": told("content", "the parameters do not fit",
                                                                    "模板参数与模板不匹配"),
    "InvalidParameterValue.IncorrectPhoneNumber": told("content", "the phone number is none", "手机号格式错误"),
    "AuthFailure.SignatureFailure": told("setup", "the secret key is wrong", "SecretKey 不正确"),
    "AuthFailure.SecretIdNotFound": told("setup", "the secret id is unknown", "SecretId 不存在"),
    "AuthFailure.SignatureExpire": told("setup", "the clock of this server is wrong", "服务器时间不正确"),
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": told("setup", "the application id is wrong", "SdkAppId 校验失败"),
}  # fmt: skip


class SmsTencentDocument(SmsPart, TargetPart):
    """Text messages by Tencent Cloud."""

    type: Literal["sms_tencent"]
    url: str | SecretReference = "https://sms.tencentcloudapi.com"
    application: str = Field(description="SmsSdkAppId.")
    region: str = "ap-guangzhou"
    access_key: str | SecretReference = Field(description="SecretId.")
    secret: SecretReference = Field(description="SecretKey.")
    limit: int | None = Field(1800, ge=1, le=100_000, description="Messages a minute.")


class SmsTencent:
    """A template with parameters, in their order, for one phone."""

    name = "sms_tencent"
    model = SmsTencentDocument

    def write(self, document: SmsTencentDocument, message: Message) -> str:
        """The body of `SendSms`."""
        needed(message.values, ("phone",))
        phone = str(message.values["phone"])
        given = parameters(document.parameters, message.values)
        sent = {"PhoneNumberSet": [phone if phone.startswith("+") else f"+86{phone}"],
                "SmsSdkAppId": document.application, "SignName": document.signature,
                "TemplateId": str(message.values.get("template") or document.template),
                "TemplateParamSet": list(given.values())}  # fmt: skip
        return orjson.dumps(sent).decode()

    def judge(self, document: SmsTencentDocument, answer: str) -> Verdict | None:
        """An error of the call, or a status for the phone."""
        found = object_of(answer)
        response = found.get("Response") if found is not None else None
        if not isinstance(response, dict):
            return NO_OBJECT
        if isinstance(response.get("Error"), dict):
            return verdict(CODES, response["Error"].get("Code"), response["Error"].get("Message", ""))
        for each in response.get("SendStatusSet") or ():
            if each.get("Code") != "Ok":
                return verdict(CODES, each.get("Code"), each.get("Message", ""))
        return None

    def _sign(self, document: SmsTencentDocument, call: Call, keys: Keys) -> Call:
        host, at = urlsplit(call.url).netloc, int(keys.now.timestamp())
        day = keys.now.astimezone(UTC).strftime("%Y-%m-%d")
        signed = signature(keys.value(document.secret), "sms", host, at, day, call.body)
        who = f"Credential={keys.value(document.access_key)}/{day}/sms/tc3_request"
        headers = {
            **call.headers, "Content-Type": JSON, "X-TC-Action": "SendSms", "X-TC-Version": "2021-01-11",
            "X-TC-Region": document.region, "X-TC-Timestamp": str(at),
            "Authorization": f"TC3-HMAC-SHA256 {who}, SignedHeaders=content-type;host, Signature={signed}",
        }  # fmt: skip
        return replace(call, headers=headers)

    def _say(self, document: SmsTencentDocument, notice: Notice) -> Mapping[str, Any]:
        return say(notice)

    def channel(self, document: SmsTencentDocument) -> Channel:
        """One phone a message."""
        return Channel("phone", self._say)

    @property
    def access(self) -> Access:
        """A signature over headers and body."""
        return Access(self._sign)


def signature(secret: str, service: str, host: str, at: int, day: str, body: bytes) -> str:
    """TC3-HMAC-SHA256 over the method, two headers and the body."""
    headers = f"content-type:{JSON}\nhost:{host}\n"
    request = "\n".join(("POST", "/", "", headers, "content-type;host", hashlib.sha256(body).hexdigest()))
    digest = hashlib.sha256(request.encode()).hexdigest()
    content = "\n".join(("TC3-HMAC-SHA256", str(at), f"{day}/{service}/tc3_request", digest))
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


SMS_TENCENT = SmsTencent()
