"""What the designer of connections calls the ways to sign in, directories and organisations, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.definitions.designing import spoken

GROUPS = spoken({
    "sign_in": "登录方式 | Ways to sign in",
    "directory": "组织架构同步 | Departments and people that follow a directory",
})  # fmt: skip
KINDS: Mapping[str, tuple[str, str]] = {
    "oidc": (
        "sign_in",
        "Keycloak、Entra ID、Authing 等：需要签发者地址、客户端 ID 和密钥。 | "
        "Keycloak, Entra ID, Google and others: the issuer's address, a client id and its secret.",
    ),
    "saml": (
        "sign_in",
        "Entra ID、ADFS、Okta 等：需要对方元数据的地址或内容。 | "
        "Entra ID, ADFS, Okta and others: where the provider's metadata is, or the metadata itself.",
    ),
    "dingtalk_sign_in": (
        "sign_in",
        "用钉钉账号登录：需要先连接钉钉应用。 | With DingTalk accounts; the application is connected first.",
    ),
    "wecom_sign_in": (
        "sign_in",
        "用企业微信账号登录：需要先连接企业微信应用。 | With WeCom accounts; the application is connected first.",
    ),
    "feishu_sign_in": (
        "sign_in",
        "用飞书账号登录：需要先连接飞书应用。 | With Feishu accounts; the application is connected first.",
    ),
    "ldap": (
        "sign_in",
        "用公司目录的用户名和密码登录（OpenLDAP、Active Directory）：需要服务器、只读账号和人员所在位置。 | "
        "With the passwords of a directory (OpenLDAP, Active Directory): its server, a reader, and where people are.",
    ),
    "organisation": (
        "directory",
        "部门和人员跟随钉钉、企业微信、飞书或 LDAP：需要先有对应的连接。 | "
        "Departments and people follow DingTalk, WeCom, Feishu or LDAP; the connection comes first.",
    ),
}
"""Where each kind stands and what it needs, in the order in which they are shown."""
BEGIN: Mapping[str, Mapping[str, Any]] = {
    "oidc": {"issuer": "https://", "client": "", "secret": {"secret": ""}},
    "saml": {"metadata": "https://"},
    "dingtalk_sign_in": {"connector": ""},
    "wecom_sign_in": {"connector": ""},
    "feishu_sign_in": {"connector": ""},
    "ldap": {"url": "ldaps://", "base": "", "reader": "", "password": {"secret": ""}},
    "organisation": {"connector": ""},
}
"""What a new one says at first."""
OPTIONS = spoken({
    "attributes": "属性对应 | Which attribute is what",
    "authority": "自建证书机构的证书（PEM） | Certificate of an authority of one's own (PEM)",
    "base": "从哪里查找 | Where it is looked for",
    "claim": "按哪一项 | By which part",
    "connector": "通过哪个连接 | By which connection",
    "departments": "部门也跟随 | Departments follow too",
    "domains": "只限这些邮箱域名 | Addresses of these domains only",
    "entity": "本应用在对方的标识（Entity ID） | Entity id of this app",
    "groups": "组 | Groups",
    "head": "部门负责人属性 | Attribute of who leads a unit",
    "inside": "在企业微信内打开时直接登录 | Inside of WeCom, without its page",
    "issuer": "签发者地址（Issuer） | Issuer",
    "leaves": "一次最多离开百分之几 | Percent of the people who may leave at once",
    "manager": "上级属性 | Attribute of the manager",
    "member": "成员属性 | Attribute of the members",
    "metadata": "对方元数据 | Metadata of the provider",
    "name_id": "NameID 格式 | Format of the NameID",
    "nested": "组中的组也算 | Groups in groups count",
    "page": "登录页面地址 | Page people sign in at",
    "phone": "手机号 | Phone",
    "email": "邮箱 | E-mail",
    "account": "永不改变的标识 | What never changes",
    "login": "登录名 | Login",
    "name": "姓名 | Name",
    "prompt": "每次要求 | Asks again for",
    "reader": "只读账号 | As whom the directory is read",
    "same_logins": "登录名相同即为同一人 | Whoever has the same login is meant",
    "scopes": "请求的范围（scopes） | Scopes",
    "second_factor": "二次验证 | Second factor",
    "sign_in": "可用目录密码登录 | People sign in with its passwords",
    "sign_out": "退出时也退出对方 | Signing out here leads to signing out there",
    "start_tls": "先加密（StartTLS） | Encrypted before anything is said (StartTLS)",
    "trusts_addresses": "信任对方给出的邮箱和电话 | Addresses it gives are trusted",
    "trusts_email": "信任对方给出的邮箱 | The address it gives is trusted",
    "create.department": "放入部门 | Department they come into",
    "create.roles": "赋予角色 | Roles they get",
    "people.create": "首次登录时新建人员 | Makes who is not there yet",
    "people.department": "部门按对方的信息 | Department by what it says",
    "people.find": "首次如何认出已有人员 | By what somebody is found at first",
    "people.roles": "角色按对方的信息 | Roles by what it says",
    "roles.values": "哪个值对应哪些角色 | Roles for each value",
    "department.values": "哪个值对应哪个部门 | Department for each value",
    "groups.name": "组名属性 | Attribute of the name",
    "groups.where": "哪些算组（LDAP 过滤器） | Which are groups (LDAP filter)",
    "attributes.title": "职位 | Title",
})  # fmt: skip
CHOICES = spoken({
    "login": "重新输入密码 | the password",
    "nothing": "只认管理员关联的账号 | only accounts that an administrator linked",
    "ours": "按本应用的规定 | as this app asks for it",
    "persistent": "persistent | persistent",
    "select_account": "选择账号 | which account",
    "theirs": "对方已验证，不再要求 | theirs counts; ours is left out",
    "unspecified": "unspecified | unspecified",
})  # fmt: skip
_PEOPLE = {
    "people": "人员如何对应 | Which person is meant", "roles": "角色 | Roles", "department": "部门 | Department",
    "find": "如何认出 | Found by", "create": "新建人员 | Makes people", "values": "对应 | Values",
    "client": "客户端 ID（Client ID） | Client id", "secret": "密钥 | Secret",
    "key": "本应用的密钥对 | Keys of this app",
}  # fmt: skip
OWN_WORDS: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys(("oidc", "saml", "dingtalk_sign_in", "wecom_sign_in", "feishu_sign_in"), spoken(_PEOPLE)),
    "ldap": spoken({
        **_PEOPLE, "where": "哪些算人员（LDAP 过滤器） | Who counts (LDAP filter)", "url": "服务器地址 | Server",
        "password": "只读账号的密码 | Password of the reader",
    }),
    "organisation": spoken({**_PEOPLE, "every": "每隔几分钟同步 | Minutes between two looks"}),
}  # fmt: skip
"""What a kind calls an option that others call otherwise."""
