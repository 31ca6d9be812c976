"""The kinds of connectors: other programs that rules and flows send to, and channels that people are reached by.

`kind` is their contract, `codes` reads what services say, `sms` is what providers of text messages share. `setup` adds
the built-in ones to the kinds of a host, as a plug-in adds its own; `offers` adds the one that a document describes.
"""

from lowcode.api.connectors.dingtalk_app import DINGTALK_APP
from lowcode.api.connectors.dingtalk_robot import DINGTALK_ROBOT
from lowcode.api.connectors.feishu_app import FEISHU_APP
from lowcode.api.connectors.feishu_robot import FEISHU_ROBOT
from lowcode.api.connectors.http import HTTP
from lowcode.api.connectors.kind import ConnectorKind
from lowcode.api.connectors.request import REQUEST
from lowcode.api.connectors.sms_aliyun import SMS_ALIYUN
from lowcode.api.connectors.sms_tencent import SMS_TENCENT
from lowcode.api.connectors.wecom_app import WECOM_APP
from lowcode.api.connectors.wecom_robot import WECOM_ROBOT
from lowcode.kernel.registry import Kinds, tagged

BUILT_IN: tuple[ConnectorKind, ...] = (
    HTTP, REQUEST, DINGTALK_ROBOT, DINGTALK_APP, WECOM_ROBOT, WECOM_APP, FEISHU_ROBOT, FEISHU_APP, SMS_ALIYUN,
    SMS_TENCENT,
)  # fmt: skip


def setup(kinds: Kinds) -> None:
    """Open the extension point `connector` and add the built-in kinds."""
    kinds.open("connector", "connector", ("model", "write", "judge"), tagged("model"))
    kinds.add("connector", *BUILT_IN)
