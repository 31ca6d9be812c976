"""What can be asked of the api engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from lowcode.api import (
    agents,
    channels,
    connections,
    deliveries,
    idempotency,
    intake,
    keys,
    mail,
    mailboxes,
    openapi,
    personal,
    signing_in,
    signing_out,
    syncing,
    uses,
    vouching,
)
from lowcode.api.endpoints import calling
from lowcode.api.forgetting import forget
from lowcode.api.offers import listing
from lowcode.api.push import devices, sending
from lowcode.api.push.operations import OPERATIONS as PUSH
from lowcode.api.tokens import Tokens
from lowcode.api.walking import Kept
from lowcode.kernel.answers import Responded, has
from lowcode.kernel.contract import Context, Operation, Outcome
from lowcode.kernel.facets import facets
from lowcode.kernel.identity.rates import Rates


@dataclass(frozen=True, slots=True)
class ApiOperations:
    """The operations, with the counters and tokens of one engine."""

    rates: Rates
    tokens: Tokens
    kept: Kept

    def all(self) -> Iterable[Operation]:
        """Each operation."""
        yield Operation(
            "api.intake", self.receive, intake.Receive, "anyone", summary={"en": "Send in", "zh-CN": "数据提交"}
        )
        yield Operation(
            "api.call", self.call, calling.Asked, "anyone", summary={"en": "Call an endpoint", "zh-CN": "调用接口"}
        )
        yield Operation("api.endpoint", self.answer, calling.Arrived, "anyone")
        yield Operation("api.endpoint_read", self.answer, calling.Arrived, "anyone", writes=False)
        yield Operation("api.key", self.recognise, keys.Presented, "internal", writes=False)
        yield from facets("api", forget=forget)
        yield Operation("api.vouch", vouching.vouch, vouching.Vouch, "internal", writes=False, outside=True)
        yield Operation("api.deliver", self.deliver, deliveries.OneDelivery, "internal", writes=False, outside=True)
        yield Operation(
            "api.try", self.attempt, channels.Try, "administrator", writes=False, outside=True,
            summary={"en": "Try a connector", "zh-CN": "测试连接"},
        )  # fmt: skip
        yield Operation("api.consult", self.consult, channels.Consult, "internal", writes=False, outside=True)
        yield Operation("api.calendar_file", self.calendar_file, personal.CalendarFile, "internal", writes=False)
        yield Operation("api.begin_sign_in", self.begin_sign_in, signing_in.Begin, "internal", writes=False)
        yield Operation("api.bring_sign_in", signing_in.bring, signing_in.Bring, "internal", writes=False)
        yield Operation("api.finish_sign_in", self.finish_sign_in, signing_in.Finish, "internal", writes=False)
        yield Operation(
            "api.tried_sign_in",
            signing_in.tried,
            signing_in.Tried,
            "administrator",
            writes=False,
            summary={"en": "What came back of a trial sign-in", "zh-CN": "试登录结果"},
        )
        yield Operation(
            "api.plan_sync", self.plan_sync, syncing.OneOrganisation, "administrator", writes=False, outside=True,
            summary={"en": "What would change by the organisation", "zh-CN": "预览组织同步"},
        )  # fmt: skip
        yield Operation(
            "api.sync", self.follow, syncing.Sync, "administrator", writes=False, outside=True,
            summary={"en": "Follow the organisation now", "zh-CN": "同步组织架构"},
        )  # fmt: skip
        yield Operation("api.leave", self.leave, signing_out.Leave, "internal", writes=False)
        yield Operation("api.hear_sign_out", self.hear, signing_out.Hear, "internal", writes=False)
        yield Operation(
            "push.try", self.try_device, devices.OneDevice, summary={"en": "Try a device", "zh-CN": "发送测试通知"}
        )
        yield from OPERATIONS

    def receive(self, context: Context, params: intake.Receive) -> Responded:
        """What another program or a web form sends in."""
        return intake.receive(context, params, self.rates)

    def answer(self, context: Context, params: calling.Arrived) -> Responded:
        """A call of an endpoint, as it came."""
        return calling.arrived(context, params, self.rates)

    def call(self, context: Context, params: calling.Asked) -> Responded:
        """A call of an endpoint by its name."""
        return calling.asked(context, params, self.rates)

    def deliver(self, context: Context, params: deliveries.OneDelivery) -> Outcome:
        """One attempt to send a message."""
        return deliveries.deliver(context, params, self.tokens)

    def attempt(
        self, context: Context, params: channels.Try
    ) -> Annotated[dict[str, Any], has(done=bool, status=int | None, answer=str | None, error=str | None)]:
        """Try a connector."""
        return channels.attempt(context, params, self.tokens)

    def consult(self, context: Context, params: channels.Consult) -> dict[str, Any]:
        """Ask another program and read what it says."""
        return channels.consult(context, params, self.tokens)

    def try_device(self, context: Context, params: devices.OneDevice) -> None:
        """A test notice for a device."""
        sending.attempt(context, params, self.rates)

    def calendar_file(self, context: Context, params: personal.CalendarFile) -> dict[str, Any]:
        """What a calendar program gets."""
        return personal.calendar_file(context, params, self.rates)

    def begin_sign_in(self, context: Context, params: signing_in.Begin) -> dict[str, Any]:
        """Begin to sign in by another service."""
        return signing_in.begin(context, params, self.rates, self._through)

    def finish_sign_in(self, context: Context, params: signing_in.Finish) -> dict[str, Any]:
        """A browser came back from there."""
        return signing_in.finish(context, params, self._through)

    def leave(self, context: Context, params: signing_out.Leave) -> str | None:
        """Where the session ends too."""
        return signing_out.leave(context, params, self._through)

    def hear(self, context: Context, params: signing_out.Hear) -> dict[str, Any]:
        """A session ended there."""
        return signing_out.hear(context, params, self._through)

    def plan_sync(
        self, context: Context, params: syncing.OneOrganisation
    ) -> Annotated[dict[str, Any], has(departments=list[dict], people=list[dict], conflicts=list, counts=dict)]:
        """What would change, if the directory followed an organisation now."""
        return syncing.plan_sync(context, params, self._through)

    def follow(
        self, context: Context, params: syncing.Sync
    ) -> Annotated[dict[str, Any], has(departments=list[dict], people=list[dict], conflicts=list, counts=dict)]:
        """Let the directory follow an organisation."""
        return syncing.follow(context, params, self._through)

    @property
    def _through(self) -> signing_in.Through:
        return signing_in.Through(self.tokens, self.kept)

    def recognise(self, context: Context, params: keys.Presented) -> dict[str, Any]:
        """Whose key it is."""
        return keys.recognise(context, params, self.rates)


OPERATIONS = (
    Operation(
        "api.requests",
        intake.requests,
        intake.ListRequests,
        "administrator",
        writes=False,
        summary={"en": "What came in", "zh-CN": "接收记录"},
    ),
    Operation(
        "api.replay",
        intake.replay,
        intake.OneRequest,
        "administrator",
        summary={"en": "Take in again", "zh-CN": "重新处理"},
    ),
    Operation("api.endpoint_origins", calling.origins, calling.Arrived, "internal", writes=False),
    Operation("api.create_key", keys.create_key, keys.CreateKey, summary={"en": "Make a key", "zh-CN": "新建密钥"}),
    Operation("api.list_keys", keys.list_keys, writes=False, summary={"en": "Keys", "zh-CN": "密钥列表"}),
    Operation(
        "api.scopes", keys.scopes, writes=False, summary={"en": "What a key can be given", "zh-CN": "密钥可用的权限"}
    ),
    Operation("api.revoke_key", keys.revoke_key, keys.OneKey, summary={"en": "Revoke a key", "zh-CN": "吊销密钥"}),
    Operation(
        "api.key_uses",
        uses.uses,
        uses.ListUses,
        writes=False,
        summary={"en": "What a key was used for", "zh-CN": "密钥使用记录"},
    ),
    Operation("api.key_asked", uses.write_down, uses.Used, "internal"),
    Operation("api.key_used", keys.note_use, keys.Use, "internal"),
    Operation("api.send", deliveries.send, deliveries.Send, "internal", sealed=True),
    Operation("api.message", channels.send, channels.Send, "internal", sealed=True),
    Operation("api.settle_message", channels.settle, channels.Settle, "internal"),
    Operation(
        "api.channels",
        channels.channels,
        writes=False,
        summary={"en": "Channels", "zh-CN": "消息渠道"},
    ),
    Operation(
        "api.link_account",
        channels.link,
        channels.Link,
        "administrator",
        summary={"en": "Link an account", "zh-CN": "关联账号"},
    ),
    Operation(
        "api.connections",
        connections.connections,
        access="administrator",
        writes=False,
        summary={"en": "What the app is connected with", "zh-CN": "连接一览"},
    ),
    Operation("api.postponed", deliveries.postponed, deliveries.Postponed, "internal"),
    Operation("api.call_off", deliveries.call_off, deliveries.CallOff, "internal"),
    Operation("api.tried", deliveries.tried, deliveries.Tried, "internal"),
    Operation(
        "api.deliveries",
        deliveries.deliveries,
        deliveries.ListDeliveries,
        "administrator",
        writes=False,
        summary={"en": "What went out", "zh-CN": "推送记录"},
    ),
    Operation(
        "api.delivery",
        deliveries.delivery,
        deliveries.OneDelivery,
        "administrator",
        summary={"en": "One message that went out, whole", "zh-CN": "查看单条推送"},
    ),
    Operation(
        "api.delivery_reads",
        deliveries.reads,
        deliveries.ListReads,
        "administrator",
        writes=False,
        summary={"en": "Who read messages whole", "zh-CN": "推送查看记录"},
    ),
    Operation(
        "api.redeliver",
        deliveries.redeliver,
        deliveries.OneDelivery,
        "administrator",
        summary={"en": "Send again", "zh-CN": "重新推送"},
    ),
    Operation("api.fetch_mail", mailboxes.fetch, mailboxes.Fetch, "internal", writes=False, outside=True),
    Operation("api.looked", mailboxes.looked, mailboxes.Looked, "internal"),
    Operation(
        "api.take_mail",
        mailboxes.take,
        mailboxes.Take,
        "administrator",
        summary={"en": "Take a letter in", "zh-CN": "接收邮件"},
    ),
    Operation(
        "api.mailboxes",
        mailboxes.states,
        access="administrator",
        writes=False,
        summary={"en": "Mailboxes", "zh-CN": "邮箱"},
    ),
    Operation("api.wrote", mailboxes.wrote, mailboxes.Wrote, "internal"),
    Operation(
        "api.letters",
        mailboxes.listed,
        mailboxes.Letters,
        "administrator",
        writes=False,
        summary={"en": "Letters", "zh-CN": "往来邮件"},
    ),
    Operation(
        "api.file_letter",
        mailboxes.file,
        mailboxes.File,
        "administrator",
        summary={"en": "File a letter", "zh-CN": "邮件归档"},
    ),
    Operation(
        "api.organisations",
        syncing.organisations,
        access="administrator",
        writes=False,
        summary={"en": "Organisations that are followed", "zh-CN": "组织同步"},
    ),
    Operation(
        "api.syncs",
        syncing.runs,
        syncing.Runs,
        "administrator",
        writes=False,
        summary={"en": "What came of following an organisation", "zh-CN": "组织同步记录"},
    ),
    Operation("api.describe_sign_in", signing_in.described, signing_in.Described, "internal", writes=False),
    Operation("api.sign_in_methods", signing_in.methods, access="internal", writes=False),
    Operation("api.answered", idempotency.earlier, idempotency.Asked, "internal", writes=False),
    Operation("api.keep_answer", idempotency.keep, idempotency.Answered, "internal"),
    Operation(
        "api.openapi",
        openapi.describe,
        openapi.Describe,
        "anyone",
        writes=False,
        summary={"en": "Description of the API", "zh-CN": "接口说明"},
    ),
    Operation(
        "api.tools",
        agents.tools,
        access="anyone",
        writes=False,
        summary={"en": "Operations as tools of an agent", "zh-CN": "智能体工具"},
    ),
    Operation(
        "api.find_tools",
        agents.find_tools,
        agents.Find,
        "anyone",
        writes=False,
        granted=True,
        summary={"en": "Find tools by what they do", "zh-CN": "按用途查找工具"},
    ),
    Operation(
        "api.forms",
        agents.forms,
        access="anyone",
        writes=False,
        granted=True,
        summary={"en": "Which forms there are", "zh-CN": "表单列表"},
    ),
    Operation(
        "api.form",
        agents.form,
        agents.OneForm,
        "anyone",
        writes=False,
        granted=True,
        summary={"en": "The fields of a form", "zh-CN": "表单字段"},
    ),
    *personal.OPERATIONS,
    *listing.OPERATIONS,
    *PUSH,
    Operation("mail.notify", mail.notify, mail.Notify, "internal", sealed=True),
    Operation("mail.ready", mail.ready, access="internal", writes=False),
    Operation("mail.send", mail.send, mail.SendMail, "internal", writes=False, outside=True, sealed=True),
)
