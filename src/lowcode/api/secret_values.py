"""The value of a secret that a document names, and requests that are held to where it may go."""

from __future__ import annotations

from lowcode.api.diagnostics import problem
from lowcode.api.plan import Secret, plan_of
from lowcode.api.secret_uses import SecretUse, no_address, origin_of, refusal
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected


def known(context: Context, written: str | Secret, document: str) -> str:
    """A text, or the value of a secret that a document names. Raises Rejected naming a secret that is not set."""
    return written if isinstance(written, str) else secret_of(context, written.name, document)


def held_to(context: Context, url: str, *documents: str) -> None:
    """Refuse a request that goes beyond the bound of a secret that one of the documents names: a kind may have made
    another address of the one that is written, and a service may say where its tokens are. Raises Rejected."""
    uses = plan_of(context).uses
    for use in (uses[document] for document in documents if document in uses):
        for name in use.secrets:
            _admitted(context, use, name, (origin_of(url) or "",))


def _admitted(context: Context, use: SecretUse, name: str, to: tuple[str, ...] = ()) -> None:
    refused = refusal(context.host, use, name, to)
    if refused is not None:
        raise Rejected(refused)


def secret_of(context: Context, name: str, *documents: str) -> str:
    """The value of a secret, for documents by their names. Raises Rejected naming one that is not set, not for these,
    or not the address that it stands for."""
    uses, found = plan_of(context).uses, context.host.secret(name)
    for use in (uses[document] for document in documents if document in uses):
        if name in use.secrets:
            _admitted(context, use, name)
        if no_address(use, name, found):
            raise Rejected(problem("secret-no-address", name=name, document=use.document))
    if not found:
        raise Rejected(problem("no-secret", name=name, variable=f"LOWCODE_SECRET_{name}"))
    return str(found)
