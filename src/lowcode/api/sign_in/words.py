"""What parts of a message between this app and a provider are called in Chinese, by their English."""

from __future__ import annotations

CHINESE = {
    "email": "邮箱", "phone": "电话",
    "its description": "其服务描述", "its keys": "其公钥",
    "the metadata": "元数据", "the response": "响应", "the message": "消息",
    "the envelope": "信封", "the answer": "应答",
    "the name": "名称", "the assertion": "断言",
    "kind of message": "消息类型", "version": "版本", "issuer": "签发者",
    "destination": "目标地址", "made at": "签发时间",
    "not before": "生效时间", "not on or after": "失效时间",
    "in response to": "所回应的请求", "confirmed for": "确认对象",
    "session": "会话", "conditions": "条件", "audience": "受众",
}  # fmt: skip


def chinese(words: str) -> str:
    """A part by its English; what has no other name stays as it is."""
    return CHINESE.get(words, words)
