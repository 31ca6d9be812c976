"""The words of the api engine's findings and refusals."""

from __future__ import annotations

from typing import Any

from lowcode.api.chinese import CHINESE
from lowcode.api.endpoints.diagnostics import FINDINGS, WORDS
from lowcode.api.push.diagnostics import WORDS as PUSH
from lowcode.kernel.diagnostics import Catalogue, Message, Problem, Text

MESSAGES = Catalogue(
    "api",
    {
        "unknown-type": Message(
            "'{seen}' is not a type of document here",
            "A document of the folder api is an endpoint, an intake, a webhook, a mailbox, a calendar, a card, an "
            "organisation, an LDAP directory, a connector or a way to sign in.",
        ),
        "no-description": Message(
            "the app has no file '{seen}'",
            "A connector of the type openapi names the document of its program: a file in the folder openapi.",
        ),
        "bad-description": Message(
            "the document cannot be used: {reason}",
            "Operations, parameters and answers are read from an OpenAPI document (3.0 or 3.1, JSON or YAML).",
            "Correct the document, or ask its maker for one that is valid.",
        ),
        "no-server": Message(
            "no address can be made of the document: {reason}",
            "Requests go to a server of the document, or to the connector's own address.",
            "Write the address in 'url'.",
        ),
        "unknown-variable": Message(
            "no server of the document has a variable '{seen}'", "The address of a server may have variables in braces."
        ),
        "unknown-scheme": Message(
            "the document has no security scheme '{seen}'",
            "What proves who asks is given for the security schemes of the document.",
        ),
        "bad-scheme": Message(
            "the security scheme cannot be used like this: {reason}",
            "A key and a bearer token are a secret, http basic has a user, OAuth 2.0 a client.",
            "Write it as the scheme wants it.",
        ),
        "bad-schema": Message(
            "this is no JSON Schema: {reason}",
            "What is sent in is checked against this schema (draft 2020-12).",
            "Correct the schema.",
        ),
        "not-an-object": Message(
            "the payload of an intake is an object, and this schema allows something else",
            "Values are read as `payload.<name>`.",
            'Write "type": "object" with "properties".',
        ),
        "unknown-field": Message(
            "the form '{form}' has no field '{seen}'", "An intake gives values to fields of its form."
        ),
        "computed-field": Message(
            "the field '{seen}' is computed and cannot be given a value",
            "Formulas and roll-ups follow from other fields.",
            "Leave it out.",
        ),
        "link-field": Message(
            "'duplicates': 'link' needs \"link\" to name a field of '{form}' that links to '{form}'; it names {seen}",
            "The new record names the earlier one in this field.",
            'Add a field {{"type": "link", "to": "{form}"}} to the form and name it in "link".',
        ),
        "found-link": Message(
            "'{seen}' is no link that gets a value here, so nothing can be found for it",
            "`find` says by which field of the other form a value of this intake names a record.",
            "Name a link of the form '{form}' that stands in \"values\".",
        ),
        "found-by": Message(
            "'{seen}' is no unique text of the form '{form}'",
            "What names a record from outside must belong to one record only.",
        ),
        "no-duplicate-rule": Message(
            "the form '{form}' has no exact duplicate rule and nothing unique, so no record is ever found twice",
            "An intake recognises records by the form's `duplicates` with match exact, and by what is unique.",
            'Add "duplicates" to the form, or write "duplicates": "create".',
            "warning",
        ),
        "no-files-field": Message(
            "'{seen}' is no field for files of the form '{form}'",
            "The files of a letter are kept in a field of the type attachment or image.",
            "Name such a field, or leave 'files' out.",
        ),
        "no-calendar-library": Message(
            "a {what} is written by the library icalendar, which is not installed",
            "Calendars and cards follow RFC 5545 and RFC 6350, which the library knows.",
            'pip install "lowcode[calendar]"',
        ),
        "field-of-kind": Message(
            "the form '{form}' has no field '{seen}' that holds a {kinds}",
            "The value is read from a field of the form itself.",
        ),
        "lacks-extra": Message(
            "signing in by '{seen}' needs the extra '{extra}', which is not installed",
            "What speaks to other services, or checks their signatures, is a library of its own.",
            "Install it: pip install 'lowcode[{extra}]'.",
        ),
        "wrong-connector": Message(
            "'{name}' is a connector of the type '{seen}', and '{kind}' signs in by one of the type '{needed}'",
            "People sign in by the application that a connector of the service describes.",
            "Name a connector of the type '{needed}'.",
        ),
        "bad-filter": Message(
            "'{seen}' is no LDAP filter: {reason}",
            "Who of a directory counts is said as LDAP says it (RFC 4515).",
            "Write one such as (objectClass=person).",
        ),
        "no-people": Message(
            "behind the connector '{name}' of the type '{seen}' there is no organisation to follow",
            "Departments and people are read by applications inside of an organisation.",
            "Name a connector of the type dingtalk_app, wecom_app or feishu_app, or a document of the type ldap.",
        ),
        "name-of-a-channel": Message(
            "'{seen}' is the name of a channel that is always there, as are {known}",
            "Notices name their channels: these are served by the app itself, so a connector of the same name would "
            "never be reached.",
            "Call it '{suggested}', and name that in the notices that go by it.",
        ),
        "not-an-address": Message(
            "'{seen}' is not an address", "A webhook is sent to http:// or https://.", "Write the whole address."
        ),
        "own-secret": Message(
            "the secret '{name}' is what the server itself is set up with, and no document uses it",
            "A document names secrets of programs it speaks to.",
            "Give that program a secret of its own, under another name.",
        ),
        "secret-bound": Message(
            "the server has bound the secret '{name}' to {bound}, and {document} would send it to {hosts}",
            "A secret goes where the server says that it goes.",
            "Use a secret that is for this program, or let whoever runs the server change {variable}.",
        ),
        "secret-unbound": Message(
            "{document} would send the secret '{name}' to {hosts}, where the app does not send it so far",
            "Whoever publishes decides what the app does, and whoever runs the server where its secrets go.",
            "Let whoever runs the server say where it goes ({variable}), or give this program a secret of its own.",
        ),
        "secret-no-address": Message(
            "{document} takes the secret '{name}' for an address, and its value is none",
            "What stands for an address is said when it cannot be reached, and a secret is never said.",
            "Name the secret that holds an address, or write the address; a key belongs into another option.",
        ),
        **FINDINGS,
    },
    CHINESE,
    {"calendar": "日历", "card": "名片"},
)

REFUSALS: dict[str, Text] = {
    **WORDS,
    **PUSH,
    "no-intake": {"en": "there is no intake '{name}'. {near}", "zh-CN": "没有数据入口“{name}”。{near}"},
    "not-found-by": {
        "en": "there is no {form} with the {field} '{seen}'",
        "zh-CN": "没有{field}为“{seen}”的{form}",
    },
    "no-target": {"en": "there is no webhook or connector '{name}'", "zh-CN": "没有推送或连接“{name}”"},
    "no-channel": {"en": "there is no channel '{name}'. {near}", "zh-CN": "没有消息渠道“{name}”。{near}"},
    "directory-away": {
        "en": "the directory '{name}' cannot be reached at the moment; try again later",
        "zh-CN": "暂时无法连接目录“{name}”，请稍后重试",
    },
    "not-meant-unknown": {
        "en": "nobody here belongs to this account; ask your administrator for access",
        "zh-CN": "该账号在本系统中没有对应的用户，请联系管理员开通",
    },
    "not-meant-inactive": {"en": "your account is no longer active", "zh-CN": "您的账号已停用"},
    "not-meant-taken": {
        "en": "this account conflicts with somebody who is here already; ask your administrator to link it",
        "zh-CN": "该账号与已有用户冲突，请联系管理员关联账号",
    },
    "not-meant-ambiguous": {
        "en": "several people here have the same address or number; tell your administrator",
        "zh-CN": "有多个用户使用相同的邮箱或手机，请联系管理员",
    },
    "not-meant-setup": {
        "en": "signing in by the directory is not set up correctly; tell your administrator",
        "zh-CN": "目录登录的配置有误，请联系管理员",
    },
    "no-organisation": {
        "en": "there is no organisation '{name}' to follow. {near}",
        "zh-CN": "没有可同步的组织“{name}”。{near}",
    },
    "not-read": {"en": "the organisation '{name}' cannot be read: {reason}", "zh-CN": "无法读取组织“{name}”：{reason}"},
    "unreached": {
        "en": "'{name}' reaches nobody of these: say in 'to' whom to write to",
        "zh-CN": "“{name}”无法联系到指定人员，请在 to 中指定接收人",
    },
    "needs-key": {"en": "a key is needed: Authorization: Bearer …", "zh-CN": "需要密钥：Authorization: Bearer …"},
    "not-signed": {
        "en": "the message is not signed: {headers} is missing",
        "zh-CN": "消息没有签名：缺少请求头 {headers}",
    },
    "wrong-signature": {
        "en": "the signature in {header} is not right: compare the secret of both sides, and sign the bytes that are "
        "sent",
        "zh-CN": "{header} 中的签名不正确：请核对双方的密钥，并对实际发送的字节签名",
    },
    "stale-message": {
        "en": "the message was signed {seconds} seconds away from now; at most {limit} are taken: compare the clocks, "
        "and sign each attempt anew",
        "zh-CN": "消息签名时间与现在相差 {seconds} 秒，最多允许 {limit} 秒：请核对时钟，并在每次发送时重新签名",
    },
    "not-set-up": {
        "en": "'{name}' takes nothing yet: its secret is not set here; tell whoever runs this",
        "zh-CN": "“{name}”尚不能接收：此处未设置其密钥，请联系系统管理员",
    },
    "key-scope": {"en": "this key may not use the intake '{name}'", "zh-CN": "该密钥无权使用数据入口“{name}”"},
    "bad-key": {"en": "the key is wrong, expired or revoked", "zh-CN": "密钥无效、已过期或已吊销"},
    "origin": {"en": "pages of '{origin}' may not send here", "zh-CN": "不允许来自“{origin}”的页面提交"},
    "bad-body": {"en": "the body cannot be read: {reason}", "zh-CN": "请求内容无法读取：{reason}"},
    "media-type": {
        "en": "send JSON or a form, not '{seen}'",
        "zh-CN": "请发送 JSON 或表单，而不是“{seen}”",
    },
    "too-large": {"en": "a request has at most {limit} bytes", "zh-CN": "请求内容最多 {limit} 字节"},
    "payload": {"en": "{reason}", "zh-CN": "内容不符合要求：{reason}"},
    "unknown-key": {"en": "there is no '{name}' here. {near}", "zh-CN": "没有“{name}”。{near}"},
    "missing": {"en": "'{name}' is missing", "zh-CN": "缺少“{name}”"},
    "duplicate": {"en": "this is here already (record {id})", "zh-CN": "已有相同记录（{id}）"},
    "no-person": {"en": "the intake acts as '{login}', who is not there", "zh-CN": "数据入口的执行人“{login}”不存在"},
    "taken-already": {
        "en": "this message was sent again and taken in: it is request {id}; replay that one",
        "zh-CN": "此消息已重新发送并收取，见请求 {id}；如需重试，请重放该请求",
    },
    "no-row": {"en": "there is nothing with the number {id}", "zh-CN": "没有编号为 {id} 的内容"},
    "unknown-scope": {"en": "'{scope}' is no scope. {near}", "zh-CN": "没有权限范围“{scope}”。{near}"},
    "no-form": {"en": "there is no form '{name}'. {near}", "zh-CN": "没有表单“{name}”。{near}"},
    "no-field": {"en": "'{form}' has no field '{name}'. {near}", "zh-CN": "“{form}”没有字段“{name}”。{near}"},
    "bad-filter": {
        "en": "this says for no record whether the key works on it: {reason}",
        "zh-CN": "该条件无法判断密钥适用的记录：{reason}",
    },
    "keys-by-key": {"en": "a key cannot manage keys; sign in", "zh-CN": "密钥不能管理密钥，请登录操作"},
    "not-yours": {"en": "only an administrator may do this for others", "zh-CN": "只有管理员可以为他人操作"},
    "no-offers": {
        "en": "no connector '{name}' has a document that says what it can be asked. {near}",
        "zh-CN": "没有带接口文档的连接器“{name}”。{near}",
    },
    "no-offer": {
        "en": "'{connector}' offers no '{name}'. {near}",
        "zh-CN": "“{connector}”没有操作“{name}”。{near}",
    },
    "no-secret": {
        "en": "the secret '{name}' is not set; set {variable}",
        "zh-CN": "密钥“{name}”未设置；请设置 {variable}",
    },
    "secret-bound": {
        "en": "the server has bound the secret '{name}' to {bound}, and {document} would send it to {hosts}; whoever "
        "runs the server can change {variable}",
        "zh-CN": "服务器限定密钥“{name}”只用于 {bound}，而 {document} 要把它发往 {hosts}；如需更改，请由服务器维护人员"
        "调整 {variable}",
    },
    "secret-no-address": {
        "en": "{document} takes the secret '{name}' for an address, and its value is none: name the secret that holds "
        "one, or write the address",
        "zh-CN": "{document} 把密钥“{name}”用作地址，而其值不是地址：请改用存有地址的密钥，或直接填写地址",
    },
    "bad-address": {
        "en": "this is not an address to send to (it may be a secret, so it is not shown): write http:// or https:// "
        "and a host, with a port from 1 to 65535 and without a login",
        "zh-CN": "不是可发送的地址（可能含密钥，故不显示）：应为 http:// 或 https:// 加主机名，"
        "端口为 1 到 65535，不带用户名和密码",
    },
    "unsendable": {
        "en": "the address or a header has characters that no request can carry, such as a space or a line break (they "
        "may be of a secret, so they are not shown): look at what is written, and at the values of the secrets",
        "zh-CN": "地址或请求头中有无法发送的字符，如空格或换行（可能含密钥，故不显示）：请检查所填内容和密钥的值",
    },
    "private-address": {
        "en": "'{host}' is an address of a private network ({address}); the host program has to allow it",
        "zh-CN": "“{host}”是内网地址（{address}），需由宿主程序允许",
    },
    "idempotency-differs": {
        "en": "this Idempotency-Key was used for another request",
        "zh-CN": "该 Idempotency-Key 已用于其他请求",
    },
    "answer-forgotten": {
        "en": "this was done already; what was answered has been erased since, with a person's data",
        "zh-CN": "该请求已执行；其结果已随个人信息删除而清除",
    },
    "message-forgotten": {
        "en": "what this message said has been erased with a person's data; it cannot be sent again",
        "zh-CN": "该消息的内容已随个人信息删除而清除，无法重新发送",
    },
    "message-fleeting": {
        "en": "this message let its reader act, and its words were taken out of the log; it cannot be sent again",
        "zh-CN": "该消息含可直接操作的链接，内容已从记录中清除，无法重新发送",
    },
    "idempotency-length": {
        "en": "an Idempotency-Key has 1 to 255 characters",
        "zh-CN": "Idempotency-Key 应为 1 到 255 个字符",
    },
    "no-calendar": {"en": "there is no calendar '{name}'. {near}", "zh-CN": "没有日历“{name}”。{near}"},
    "no-card": {"en": "there is no card '{name}'. {near}", "zh-CN": "没有名片“{name}”。{near}"},
    "calendar-closed": {
        "en": "this calendar has another address now, or none; open it anew in the app",
        "zh-CN": "该日历地址已失效，请在应用中重新获取",
    },
    "no-mailbox": {"en": "there is no mailbox '{name}'", "zh-CN": "没有邮箱“{name}”"},
    "trial-over": {
        "en": "there is no such trial, or it is over; try the sign-in again",
        "zh-CN": "没有此次试登录，或已过期，请重新试登录",
    },
    "no-letter": {
        "en": "this is no letter: send what a mail program saves as .eml, in base64 or as an uploaded file",
        "zh-CN": "这不是一封邮件：请发送邮件程序保存的 .eml 内容（base64）或已上传的文件",
    },
    "not-understood": {
        "en": "this cannot be tried before it is complete: mend what is marked first",
        "zh-CN": "尚不完整，无法试用：请先改正标出的问题",
    },
    "no-mailbox-address": {
        "en": "there is no address to look into yet: write the server, or the secret that holds the address",
        "zh-CN": "还没有可收取的邮箱：请填写服务器，或存有邮箱地址的密钥",
    },
    "bad-mailbox": {
        "en": "this is no address of a mailbox (it may be a secret, so it is not shown): write "
        "imaps://user:password@host/INBOX",
        "zh-CN": "不是邮箱地址（可能含密钥，故不显示），应为 imaps://用户:密码@主机/INBOX",
    },
    "mailbox-control": {
        "en": "the user, the password or the folder of the mailbox holds a line break or another control character; "
        "each is one line",
        "zh-CN": "邮箱的用户名、密码或文件夹中含有换行等控制字符；每项须为一行文字",
    },
    "sample-wide": {
        "en": "the sample has {count} properties, and a schema is made of at most {limit}; paste one message, and "
        "leave out what no field of the form is for",
        "zh-CN": "示例含 {count} 个属性，最多可有 {limit} 个；请只粘贴一条消息，并去掉表单用不到的部分",
    },
    "mailbox-refused": {"en": "the mail server refused: {reason}", "zh-CN": "邮件服务器拒绝：{reason}"},
    "not-about": {
        "en": "the mailbox '{name}' files no letters at '{form}'",
        "zh-CN": "邮箱“{name}”不会归档到“{form}”",
    },
    "no-message": {
        "en": "'{name}' cannot make a message of what it was given: {reason}",
        "zh-CN": "“{name}”无法生成消息：{reason}",
    },
    "not-signed-out": {
        "en": "no session was ended: this is not the word of '{method}'; the log says why",
        "zh-CN": "未退出任何会话：消息并非来自“{method}”，原因见日志",
    },
    "sign-in-setup": {
        "en": "the way to sign in '{method}' is not set up: {reason}",
        "zh-CN": "登录方式“{method}”配置有误：{reason}",
    },
    "mail-refused": {"en": "the mail server refused: {reason}", "zh-CN": "邮件服务器拒绝：{reason}"},
}


def problem(key: str, pointer: str = "", **values: Any) -> Problem:
    """A problem with this engine's words."""
    return Problem(f"api.{key}", REFUSALS[key], pointer, values)
