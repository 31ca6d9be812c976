"""Every refusal of the directory, for whoever is refused: who they are, how they sign in, when they are away.

A key is the code behind `identity.`; a code that is said in two ways has a second key in `ALSO`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.diagnostics import Problem, Text

WORDS: Mapping[str, Text] = {
    "wrong-password": {"en": "the name or the password is wrong", "zh-CN": "用户名或密码不正确"},
    "wrong-own-password": {"en": "this is not your present password", "zh-CN": "当前密码不正确"},
    "too-many-attempts": {
        "en": "too many attempts; try again in {seconds} seconds",
        "zh-CN": "尝试次数过多，请在 {seconds} 秒后重试",
    },
    "second-factor": {"en": "a second factor is needed", "zh-CN": "需要二次验证"},
    "wrong-code": {
        "en": "the code is wrong or was used already; wait for the next one your app shows",
        "zh-CN": "验证码不正确或已使用过，请等待验证器显示下一个验证码",
    },
    "sign-in-again": {"en": "this took too long; sign in again", "zh-CN": "验证已超时，请重新登录"},
    "factor-needed": {"en": "your role needs a second factor", "zh-CN": "您的角色必须使用二次验证，不能停用"},
    "nothing-to-confirm": {
        "en": "there is nothing to confirm; begin anew",
        "zh-CN": "没有待确认的二次验证，请重新开始",
    },
    "no-keys": {
        "en": "a second factor is kept encrypted, and this host has no keys: install lowcode[encryption] and set "
        "LOWCODE_SECRET_{name}",
        "zh-CN": "二次验证需加密保存，但系统没有加密密钥：请安装 lowcode[encryption] 并设置 LOWCODE_SECRET_{name}",
    },
    "not-by-key": {
        "en": "a key may not do this; sign in as the person, on the page",
        "zh-CN": "不能使用密钥执行此操作，请本人登录页面后操作",
    },
    "short-password": {
        "en": "a password has at least {least} characters; this has {seen}",
        "zh-CN": "密码至少 {least} 个字符，现为 {seen} 个",
    },
    "no-letters": {
        "en": "this app sends no letters; an administrator can give another password",
        "zh-CN": "系统未配置发信，请由管理员重设密码",
    },
    "link-over": {
        "en": "this link has been used or is too old; ask for another one",
        "zh-CN": "链接已使用或已过期，请重新获取",
    },
    "invited-left": {
        "en": "{name} may not sign in; let them in first",
        "zh-CN": "{name}已停用，请先启用",
    },
    "invited-nowhere": {
        "en": "{name} has no e-mail address; fill it in first",
        "zh-CN": "{name}没有邮箱，请先填写",
    },
    "login-taken": {
        "en": "somebody signs in as '{login}' already; choose another name",
        "zh-CN": "登录名“{login}”已有人使用，请换一个",
    },
    "last-administrator": {
        "en": "'{login}' is the last administrator; make somebody else one first",
        "zh-CN": "“{login}”是最后一位管理员；请先将管理员角色授予其他人",
    },
    "unknown": {"en": "there is nobody called '{login}'. {near}", "zh-CN": "没有用户“{login}”。{near}"},
    "unknown-department": {
        "en": "there is no department '{name}'. {near}",
        "zh-CN": "没有部门“{name}”。{near}",
    },
    "inactive-agent": {
        "en": "'{login}' is no longer active; name somebody who works here",
        "zh-CN": "用户“{login}”已停用，请选择在职人员",
    },
    "agent-is-oneself": {
        "en": "somebody else has to stand in; name another person, or leave the agent out",
        "zh-CN": "代理人不能是本人，请选择其他人员，或不设代理人",
    },
    "backwards": {
        "en": "the end has to lie after the beginning",
        "zh-CN": "结束时间须晚于开始时间",
    },
    "not-yours": {
        "en": "this is for '{login}' to say, or for an administrator",
        "zh-CN": "此项只能由“{login}”本人或管理员设置",
    },
    "only-or-but": {
        "en": "either `only` some matters, or all `but` some; leave one of the two out",
        "zh-CN": "“仅限”（only）和“除外”（but）只能选择一种，请去掉其中一个",
    },
    "no-matter": {
        "en": "'{seen}' is nothing that somebody stands in for; possible: {sorts}",
        "zh-CN": "“{seen}”不属于可代理的事项；可以是：{sorts}",
    },
    "unknown-matter": {"en": "there is no '{seen}'. {near}", "zh-CN": "没有“{seen}”。{near}"},
    "no-such-absence": {"en": "there is no such absence any more", "zh-CN": "没有这条外出记录，或已结束"},
    "far-days": {
        "en": "the days are to lie from {least} to {most}; this is {seen}",
        "zh-CN": "日期须在 {least} 至 {most} 之间，现为 {seen}",
    },
    "too-many-days": {
        "en": "from 1 to {most} days at once; these are {seen}",
        "zh-CN": "一次可查询 1 到 {most} 天，现为 {seen} 天",
    },
}
ALSO: Mapping[str, str] = {"wrong-own-password": "wrong-password"}
"""What is said under the code of another."""


def problem(key: str, pointer: str = "", **values: Any) -> Problem:
    """A problem with the directory's words."""
    return Problem(f"identity.{ALSO.get(key, key)}", WORDS[key], pointer, values)


LETTERS: Mapping[str, Text] = {
    "link-subject": {"en": "Another password for {app}", "zh-CN": "重设{app}的密码"},
    "link-text": {
        "en": "Hello {name},\n\nsomebody, probably you, asked for another password for {login}. Choose it here, until "
        "{until}; the link serves once:\n\n{link}\n\nIf it was not you, leave this letter: your password stays as it "
        "is.\n",
        "zh-CN": "{name}，您好！\n\n有人（应该是您本人）申请重设账号 {login} 的密码。"
        "请在 {until} 前打开以下链接设置新密码，链接只能使用一次：\n\n{link}\n\n"
        "如果不是您本人操作，请忽略此邮件，密码不会改变。\n",
    },
    "invitation-subject": {"en": "Your way into {app}", "zh-CN": "邀请您使用{app}"},
    "invitation-text": {
        "en": "Hello {name},\n\nyou have a login for {app}: {login}. Choose your password here, until {until}; the "
        "link serves once:\n\n{link}\n",
        "zh-CN": "{name}，您好！\n\n已为您开通{app}，账号为 {login}。"
        "请在 {until} 前打开以下链接设置密码，链接只能使用一次：\n\n{link}\n",
    },
}
"""Letters to people about their passwords."""
