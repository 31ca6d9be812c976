"""What the designer of connections calls kinds, options and choices."""

from __future__ import annotations

from collections.abc import Mapping

from lowcode.kernel.definitions.designing import spoken

GROUPS = spoken({
    "rooms": "群机器人 | Robots in groups",
    "applications": "办公应用（消息、登录、通讯录） | Applications of an organisation: messages, sign-in, people",
    "texts": "短信 | Text messages",
    "programs": "调用其他程序 | Other programs that are asked",
    "out": "数据变化时推送 | Told when something happens",
    "in": "接收其他程序的数据 | What other programs send in",
    "other": "其他 | Others",
})  # fmt: skip
KINDS: Mapping[str, tuple[str, str]] = {
    "dingtalk_robot": ("rooms", "往钉钉群里发消息：需要机器人的 Webhook 地址，加签时还要密钥。 | Messages for a group: "
                       "the robot's webhook address, and its secret where it signs."),
    "wecom_robot": ("rooms", "往企业微信群里发消息：需要机器人的 Webhook 地址。 | Messages for a group: the robot's "
                    "webhook address."),
    "feishu_robot": ("rooms", "往飞书群里发消息：需要机器人的 Webhook 地址，签名校验时还要密钥。 | Messages for a "
                     "group: the robot's webhook address, and its secret where it signs."),
    "dingtalk_app": ("applications", "需要应用的 Client ID、Client Secret 和 AgentId。 | Client ID, client secret and "
                     "AgentId of the application."),
    "wecom_app": ("applications", "需要企业 ID、应用的 Secret 和 AgentId。 | The id of the enterprise, secret and "
                  "AgentId of the application."),
    "feishu_app": ("applications", "需要应用的 App ID 和 App Secret。 | App ID and app secret of the application."),
    "sms_aliyun": ("texts", "需要 AccessKey、已审核的短信签名和模板。 | An AccessKey, the approved signature and "
                   "template."),
    "sms_tencent": ("texts", "需要 SecretId、SecretKey、应用编号、已审核的短信签名和模板。 | SecretId, SecretKey, the "
                    "application, the approved signature and template."),
    "connector": ("programs", "把消息以 JSON 发到一个地址，可签名（Standard Webhooks）。 | A message as JSON for any "
                  "address, signed as Standard Webhooks have it."),
    "request": ("programs", "自定义地址、参数和正文，适合没有接口文档的程序。 | Path, query and body as you "
                "write them, for a program without a document."),
    "openapi": ("programs", "按接口文档（OpenAPI）调用，规则和流程可选择其中的操作。 | A program with an "
                "OpenAPI document; rules and flows choose from its operations."),
    "webhook": ("out", "记录新建、修改、删除或满足条件时，通知另一个程序。 | Tells another program when a record "
                "is created, changed, deleted, or becomes something."),
}  # fmt: skip
"""Where each kind stands and what it needs, in the order in which they are shown; kinds of plug-ins come last."""
OPTIONS = spoken({
    "access_key": "AccessKey ID / SecretId | Access key",
    "agent": "AgentId | AgentId",
    "app": "App ID | App ID",
    "app_key": "Client ID（AppKey） | Client ID (AppKey)",
    "application": "短信应用 SdkAppId | SmsSdkAppId",
    "at": "在回答中的位置 | Where it stands in the answer",
    "body": "正文 | Body",
    "card": "审批消息样式 | How approvals look",
    "client": "客户端 | Client",
    "client_secret": "客户端密钥 | Client secret",
    "corporation": "企业 ID | Id of the enterprise",
    "document": "接口文档 | OpenAPI document",
    "enabled": "启用 | Switched on",
    "encoding": "正文格式 | How the body is written",
    "event": "事件 | What happens",
    "fields": "只在这些字段变化时 | Only when one of these changed",
    "form": "表单 | Form",
    "headers": "请求头 | Headers",
    "is": "表示成功的值 | What it is then",
    "lenient": "允许回答与文档不符 | Takes answers that are not as documented",
    "limit": "每分钟最多发送 | Messages a minute at most",
    "method": "方法 | Method",
    "on": "触发条件 | When it is told",
    "parameters": "模板参数与取值 | Parameters of the template and their values",
    "password": "密码 | Password",
    "path": "路径 | Path",
    "query": "查询参数 | Query",
    "reach": "作为消息渠道发给 | As a channel it reaches",
    "region": "地域 | Region",
    "secret": "密钥 | Secret",
    "security": "身份验证 | Who asks",
    "server": "文档中的服务器（从 0 数） | Server of the document, from 0",
    "signature": "短信签名 | Signature",
    "template": "短信模板编号 | Template",
    "timeout": "超时（秒） | Timeout in seconds",
    "title": "名称 | Title",
    "token_url": "获取令牌的地址 | Where tokens are asked for",
    "url": "地址 | Address",
    "user": "用户名 | User",
    "value": "值 | Value",
    "variables": "地址中的变量 | Variables in the address",
    "when": "条件 | When",
    "words": "失败原因的位置 | Where it says why not",
    "yes": "怎样算成功 | What a yes looks like",
})  # fmt: skip
CHOICES = spoken({
    "account": "账号 | an account",
    "becomes": "变为满足条件 | becomes",
    "buttons": "每个决定一个按钮 | a button for each decision",
    "created": "新建 | is created",
    "deleted": "删除 | is deleted",
    "email": "邮箱 | a mail address",
    "form": "表单 | form",
    "json": "JSON | JSON",
    "phone": "手机号 | a phone",
    "room": "群 | a group",
    "status": "打开页面，状态栏显示结果 | opens the page, its bar says what was decided",
    "updated": "修改 | is changed",
})  # fmt: skip
