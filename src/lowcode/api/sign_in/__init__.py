"""The kinds of sign-in methods: other services that say who somebody is.

`kind` is their contract, `id_tokens` reads what OpenID Connect providers sign. `setup` adds the built-in ones to the
kinds of a host, as a plug-in adds its own.
"""

from lowcode.api.sign_in.kind import MEMBERS, SignInKind
from lowcode.api.sign_in.oidc import OIDC
from lowcode.kernel.registry import Kinds, tagged

BUILT_IN: tuple[SignInKind, ...] = (OIDC,)


def setup(kinds: Kinds) -> None:
    """Open the extension point `sign_in` and add the built-in kinds."""
    kinds.open("sign_in", "sign-in method", MEMBERS, tagged("model"))
    kinds.add("sign_in", *BUILT_IN)
