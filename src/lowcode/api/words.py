"""What the designer of connections calls kinds, options and choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "endpoint": ("in", "自定义地址：其他程序来查询或写入，按步骤处理并回答。 | An address of the app's own: what is "
                 "sent, what is done step by step, and what is answered."),
    "webhook": ("out", "记录新建、修改、删除或满足条件时，通知另一个程序。 | Tells another program when a record "
                "is created, changed, deleted, or becomes something."),
    "intake": ("in", "网页或其他程序发来数据，写成一条记录：粘贴示例，对应字段即可。 | What a page or a program sends "
               "becomes a record: paste a sample, and say which part is which field."),
    "mailbox": ("in", "收取邮箱来信，按发件人归入客户、联系人等记录：需要 IMAP 服务器、用户名和密码。 | "
                "Letters become records at the people they are from: a server (IMAP), a user and a password."),
}  # fmt: skip
"""Where each kind stands and what it needs, in the order in which they are shown; kinds of plug-ins come last."""
OPTIONS = spoken({
    "access": "谁可以调用 | Who may call",
    "access_key": "AccessKey ID / SecretId | Access key",
    "adopt": "认领的早先记录 | Earlier records that it takes along",
    "after": "从哪里接着取 | Where the page begins",
    "agent": "AgentId | AgentId",
    "aggregate": "统计 | Count and add up",
    "answer": "回答 | Answer",
    "app": "App ID | App ID",
    "app_key": "Client ID（AppKey） | Client ID (AppKey)",
    "application": "短信应用 SdkAppId | SmsSdkAppId",
    "as": "以后称为 | Later steps know it as",
    "at": "在回答中的位置 | Where it stands in the answer",
    "authentication": "谁可以提交 | Who may send",
    "average": "求平均 | Averages",
    "body": "正文 | Body",
    "by": "按字段 | By the field",
    "card": "审批消息样式 | How approvals look",
    "client": "客户端 | Client",
    "client_secret": "客户端密钥 | Client secret",
    "code": "拒绝代码 | Code of the refusal",
    "corporation": "企业 ID | Id of the enterprise",
    "count": "个数的名称 | Name of how many there are",
    "create": "新建记录 | Make a record",
    "delete": "删除记录 | Put a record away",
    "document": "接口文档 | OpenAPI document",
    "duplicates": "已有相同记录时 | When it is known already",
    "enabled": "启用 | Switched on",
    "encoding": "正文格式 | How the body is written",
    "event": "事件 | What happens",
    "every": "每隔几分钟收取 | Minutes between two looks",
    "examples": "示例 | Examples",
    "field": "指调用中的哪一项 | What of the call is meant",
    "fields": "只在这些字段变化时 | Only when one of these changed",
    "files": "附件存入字段 | The field that gets the files",
    "filters": "筛选 | Filters",
    "find": "按什么识别关联记录 | How a linked record is named",
    "flow": "流程 | Flow",
    "folder": "文件夹（默认 INBOX） | Folder (INBOX by default)",
    "for_each": "逐项处理的列表 | For each entry of",
    "form": "表单 | Form",
    "group": "按什么分组 | By what it is counted",
    "header": "签名所在的请求头 | Header with the signature",
    "headers": "请求头 | Headers",
    "honeypot": "蜜罐字段（人看不到，填写即为机器） | A field that people do not see",
    "is": "表示成功的值 | What it is then",
    "key": "API 密钥 | A key",
    "lenient": "允许回答与文档不符 | Takes answers that are not as documented",
    "limit": "每分钟最多发送 | Messages a minute at most",
    "limit_total": "所有地址合计每分钟最多 | A minute from all addresses together",
    "link": "关联字段 | Link field",
    "list": "查多条记录 | Look several up",
    "message": "消息 | Words",
    "method": "方法 | Method",
    "missing": "找不到时 | Without a record",
    "on": "触发条件 | When it is told",
    "origins": "允许的网页来源 | Pages that may send",
    "parameters": "模板参数与取值 | Parameters of the template and their values",
    "part": "所属功能块 | Part of the app",
    "password": "密码 | Password",
    "path": "路径 | Path",
    "payload": "数据结构（JSON Schema） | What is sent (JSON Schema)",
    "people": "按发件人查找 | Whose letters belong where",
    "public": "任何人 | Anybody",
    "query": "查询参数 | Query",
    "reach": "作为消息渠道发给 | As a channel it reaches",
    "record": "哪条记录 | Which record",
    "refuse": "拒绝 | Refuse the call",
    "region": "地域 | Region",
    "report": "报表 | Report",
    "roles": "只限这些角色 | These roles only",
    "run_as": "以谁的身份保存 | As whom it is saved",
    "secret": "密钥 | Secret",
    "security": "身份验证 | Who asks",
    "server": "文档中的服务器（从 0 数） | Server of the document, from 0",
    "session": "已登录的人 | People who are signed in",
    "sets": "新记录的字段取自 | Fields of the new record",
    "signal": "通知流程 | Tell flows",
    "signature": "短信签名 | Signature",
    "signed": "签名 | A signature",
    "sort": "排序（前加 - 为降序） | Order (- before a field: descending)",
    "start_flow": "发起流程 | Start a flow",
    "status": "状态码 | Status",
    "steps": "步骤 | Steps",
    "sum": "求和 | Sums",
    "template": "短信模板编号 | Template",
    "timeout": "超时（秒） | Timeout in seconds",
    "title": "名称 | Title",
    "token_url": "获取令牌的地址 | Where tokens are asked for",
    "unknown": "找不到关联记录时 | When nothing is named so",
    "update": "修改记录 | Change a record",
    "upsert": "有则修改，无则新建 | Change it, or make one",
    "url": "地址 | Address",
    "user": "用户名 | User",
    "value": "值 | Value",
    "values": "字段对应 | Which part is which field",
    "variables": "地址中的变量 | Variables in the address",
    "when": "条件 | When",
    "where": "条件 | For which this holds",
    "words": "失败原因的位置 | Where it says why not",
    "yes": "怎样算成功 | What a yes looks like",
})  # fmt: skip
CHOICES = spoken({
    "account": "账号 | an account",
    "becomes": "变为满足条件 | becomes",
    "blank": "留空 | leave it blank",
    "buttons": "每个决定一个按钮 | a button for each decision",
    "create": "仍然新建 | make another",
    "created": "新建 | is created",
    "deleted": "删除 | is deleted",
    "email": "邮箱 | a mail address",
    "form": "表单 | form",
    "hmac_sha256": "HMAC-SHA256（只签正文） | HMAC-SHA256 of the body",
    "json": "JSON | JSON",
    "link": "新建并关联到早先的 | make one that names the earlier",
    "phone": "手机号 | a phone",
    "refuse": "拒绝并告知 | refuse, and say so",
    "room": "群 | a group",
    "standard_webhooks": "Standard Webhooks | Standard Webhooks",
    "status": "打开页面，状态栏显示结果 | opens the page, its bar says what was decided",
    "update": "更新它 | change that one",
    "updated": "修改 | is changed",
})  # fmt: skip
OWN_WORDS: Mapping[str, Mapping[str, Any]] = {
    "endpoint": spoken({
        "body": "内容 | What is answered", "by": "按唯一字段 | By the unique field",
        "find": "查一条记录 | Look a record up",
        "limit": "每分钟最多次数，或最多几条 | At most (calls a minute, or records)",
        "path": "地址（{名称} 为可变部分） | Address ({name} for a part of it)",
        "payload": "数据结构（JSON Schema） | What is sent (JSON Schema)", "query": "查询参数 | Query",
        "run_as": "以谁的身份执行 | As whom it is done", "values": "字段取值 | Values of fields",
        "when": "只在此条件下执行 | Only when this holds",
    }),
    "intake": spoken({
        "by": "签名方式 | How it is signed", "form": "写成哪种记录 | What it becomes",
        "limit": "每个地址每分钟最多 | Requests a minute from one address",
        "secret": "签名密钥 | Secret of the signature", "value": "取值 | Its value",
    }),
    "mailbox": spoken({
        "by": "邮箱字段 | Field with the mail address", "form": "来信写成哪种记录 | What a letter becomes",
        "url": "收信服务器（IMAP） | Mail server (IMAP)",
    }),
}  # fmt: skip
"""What a kind calls an option that others call otherwise."""
