"""The kinds of sign-in methods: other services that say who somebody is.

`kind` is their contract, `id_tokens` reads what OpenID Connect providers sign, `saml_responses` and `saml_metadata`
what SAML providers do (by `saml_xml`), `saml_encryption` what they encrypt for the keys of `saml_keys`,
`saml_logout`, `saml_redirect` and `saml_soap` how sessions end at both ends, `said` what
DingTalk, WeCom and Feishu answer. `setup` adds the built-in ones to the kinds of a host, as a plug-in adds its own.
"""

from lowcode.api.sign_in.dingtalk import DINGTALK_SIGN_IN
from lowcode.api.sign_in.feishu import FEISHU_SIGN_IN
from lowcode.api.sign_in.kind import MEMBERS, SignInKind
from lowcode.api.sign_in.oidc import OIDC
from lowcode.api.sign_in.saml import SAML
from lowcode.api.sign_in.wecom import WECOM_SIGN_IN
from lowcode.kernel.registry import Kinds, tagged

BUILT_IN: tuple[SignInKind, ...] = (OIDC, SAML, DINGTALK_SIGN_IN, WECOM_SIGN_IN, FEISHU_SIGN_IN)


def setup(kinds: Kinds) -> None:
    """Open the extension point `sign_in` and add the built-in kinds."""
    kinds.open("sign_in", "sign-in method", MEMBERS, tagged("model"))
    kinds.add("sign_in", *BUILT_IN)
