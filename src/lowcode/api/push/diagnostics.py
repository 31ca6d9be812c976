"""What is refused about devices."""

from __future__ import annotations

from lowcode.kernel.diagnostics import Text

WORDS: dict[str, Text] = {
    "push-unready": {
        "en": "this app cannot send to devices: {reason}",
        "zh-CN": "此应用暂不能向设备发送通知：{reason}",
    },
    "push-old-key": {
        "en": "the browser subscribed with a key that the app has no more; load the page again",
        "zh-CN": "浏览器订阅时使用的密钥已更换，请刷新页面后重试",
    },
    "push-elsewhere": {
        "en": "'{seen}' is no push service that this app sends to; it sends to {known}. A host adds one with the "
        "setting {setting} (LOWCODE_SECRET_{setting})",
        "zh-CN": "“{seen}”不在此应用可用的推送服务之列；可用：{known}。"
        "可通过 {setting}（LOWCODE_SECRET_{setting}）添加",
    },
    "push-bad-key": {
        "en": "'{name}' is not what a browser gives: p256dh is a public key of P-256, auth has 16 bytes, both in "
        "base64url",
        "zh-CN": "“{name}”不是浏览器给出的内容：p256dh 为 P-256 公钥，auth 为 16 字节，均为 base64url",
    },
    "push-too-many": {
        "en": "you have {most} devices that show notices; forget one of them first",
        "zh-CN": "最多 {most} 台设备接收通知，请先移除一台",
    },
    "push-no-session": {
        "en": "the session that this device belongs to is over; sign in again",
        "zh-CN": "此设备所属的会话已结束，请重新登录",
    },
    "push-let-go": {
        "en": "you removed this device; press “Receive notices on this device” in it to add it again",
        "zh-CN": "您已移除此设备；如需恢复，请在该设备上点击“在此设备上接收通知”",
    },
    "push-no-device": {"en": "none of your devices is this one", "zh-CN": "您没有这台设备"},
    "push-by-key": {
        "en": "a person adds the device they sit before; a key of a program cannot",
        "zh-CN": "通知设备由本人在设备上添加，不能用程序密钥操作",
    },
    "push-refused": {
        "en": "the push service refused with {status}: {reason}",
        "zh-CN": "推送服务拒绝（{status}）：{reason}",
    },
}
