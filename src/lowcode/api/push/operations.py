"""What can be asked of notices on devices."""

from __future__ import annotations

from lowcode.api.push import devices, sending
from lowcode.kernel.contract import Operation

OPERATIONS = (
    Operation(
        "push.devices", devices.devices, devices.OfBrowser, writes=False,
        summary={"en": "My devices that show notices", "zh-CN": "我的通知设备"},
    ),
    Operation(
        "push.subscribe", devices.subscribe, devices.Subscribe,
        summary={"en": "Show notices on this device", "zh-CN": "在此设备上接收通知"},
    ),
    Operation(
        "push.release", devices.release, devices.OfBrowser,
        summary={"en": "Show nobody else's notices in this browser", "zh-CN": "此浏览器不再接收他人的通知"},
    ),
    Operation(
        "push.choose", devices.choose, devices.Choose,
        summary={"en": "Choose which notices a device shows", "zh-CN": "选择设备接收哪些通知"},
    ),
    Operation(
        "push.forget", devices.forget, devices.OneDevice, summary={"en": "Forget a device", "zh-CN": "移除通知设备"}
    ),
    Operation("push.notify", sending.notify, sending.Notify, "internal", sealed=True),
    Operation("push.send", sending.send, sending.Push, "internal", writes=False, outside=True, sealed=True),
    Operation("push.again", sending.again, sending.Again, "internal", sealed=True),
    Operation("push.gone", sending.gone, sending.Gone, "internal"),
    Operation("push.reached", sending.reached, sending.Reached, "internal"),
)  # fmt: skip
