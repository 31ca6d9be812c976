"""What a visitor of a public form, or who scans a ticket, can be told is wrong."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Problem

REFUSALS: dict[str, dict[str, str]] = {
    "no-public-form": {"en": "there is no such form. {near}", "zh-CN": "没有此表单。{near}"},
    "no-such-field": {"en": "this form does not ask for '{name}'", "zh-CN": "此表单没有“{name}”"},
    "needed": {"en": "please fill this in", "zh-CN": "请填写此项"},
    "not-agreed": {"en": "please agree to this", "zh-CN": "请勾选同意"},
    "not-offered": {"en": "this cannot be chosen any more", "zh-CN": "该选项已不可选"},
    "not-open-yet": {"en": "This form opens on {at}", "zh-CN": "此表单将于 {at} 开放填写"},
    "no-longer-open": {"en": "This form is closed", "zh-CN": "此表单已停止收集"},
    "public-full": {"en": "This form has all the answers it takes", "zh-CN": "此表单的名额已满"},
    "page-expired": {"en": "the page is out of date; load it again", "zh-CN": "页面已过期，请刷新后重试"},
    "too-fast": {"en": "that was quick; try again in a moment", "zh-CN": "提交过快，请稍候再试"},
    "no-labour": {"en": "your browser has not finished its work; try again", "zh-CN": "浏览器校验未完成，请重试"},
    "too-often": {"en": "too many requests", "zh-CN": "请求过于频繁"},
    "no-files-here": {
        "en": "'{name}' takes no files; these do: {known}",
        "zh-CN": "“{name}”不能上传文件；可上传的有：{known}",
    },
    "file-empty": {"en": "'{name}' is empty", "zh-CN": "“{name}”是空文件"},
    "file-too-large": {"en": "'{name}' is larger than {limit}", "zh-CN": "“{name}”超过 {limit}"},
    "file-not-taken": {"en": "'{name}' is {seen}; taken are: {known}", "zh-CN": "“{name}”是 {seen}；可上传：{known}"},
    "file-other-inside": {
        "en": "'{name}' says that it is {seen} and is not",
        "zh-CN": "“{name}”的内容不是 {seen}",
    },
    "too-many-uploads": {
        "en": "no more files are taken here today; send what you have, and the rest in another way",
        "zh-CN": "今日上传已达上限；请先提交，其余文件用其他方式发送",
    },
    "file-not-sent": {"en": "upload this file again", "zh-CN": "请重新上传此文件"},
    "no-public-address": {
        "en": "no letter can be sent: the secret PUBLIC_URL, the address of this app for visitors, is not set",
        "zh-CN": "无法发送邮件：未设置 PUBLIC_URL（本应用对外的访问地址）",
    },
    "no-submission": {
        "en": "this link does not serve any more; fill in the form again",
        "zh-CN": "链接已失效，请重新填写表单",
    },
    "no-ticket": {
        "en": "This is no ticket of ours, or its form takes no tickets any more.",
        "zh-CN": "无效的签到码，或该表单已不再使用签到码。",
    },
    "public-no-person": {
        "en": "the public form acts as '{login}', who is not there",
        "zh-CN": "公开表单的执行人“{login}”不存在",
    },
}


def problem(key: str, pointer: str = "", **values: Any) -> Problem:
    """A problem with these words."""
    return Problem(f"forms.{key}", REFUSALS[key], pointer, values)
