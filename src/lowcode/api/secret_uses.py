"""Where a document sends the secrets that it names, and whether it may.

Three things are held. No document names what the host itself is set up with (`bounds.OWN`). A secret that the host has
bound goes where the bound admits it, whenever it is used. And one that is not bound goes, by what somebody publishes
while the app runs, to no host where the app does not send it already: that is for the server to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from lowcode.api.connectors.kind import SecretReference, secrets_of
from lowcode.api.diagnostics import MESSAGES, problem
from lowcode.kernel.bounds import OWN, VARIABLE
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic, Place, Problem, Report

SCHEMES = frozenset({"http", "https", "ldap", "ldaps", "imap", "imaps"})
ADDRESSES = frozenset({"url", "issuer", "metadata"})
"""Options that hold an address a document speaks to; `…_url` is one as well."""


@dataclass(frozen=True, slots=True)
class SecretUse:
    """The secrets that a document names, and the hosts it speaks to: written, or in secrets that hold an address."""

    name: str
    place: Place
    secrets: tuple[str, ...]
    hosts: frozenset[str]
    leading: tuple[str, ...]

    @property
    def document(self) -> str:
        """As a bound names it."""
        return f"api/{self.name}"

    def destinations(self, secret: str, value: Callable[[str], str | None]) -> frozenset[str]:
        """The hosts to which a secret goes. One that is itself an address goes to where it leads."""
        leading = (secret,) if secret in self.leading else self.leading
        written = frozenset[str]() if secret in self.leading else self.hosts
        return written | {found for each in leading if (found := host_of(value(each) or ""))}


def use_of(document: BaseModel, source: SourceDocument, more: Iterable[str] = ()) -> SecretUse | None:
    """What a document does with secrets; None where it names none. `more`: the addresses of a program that describes
    itself."""
    names = secrets_of(document)
    if not names:
        return None
    found = [*_addresses(document), *more]
    hosts = frozenset(host for each in found if isinstance(each, str) and (host := host_of(each)))
    leading = tuple(each.secret for each in found if isinstance(each, SecretReference))
    return SecretUse(source.name, source.place(), names, hosts, leading)


def check_own(use: SecretUse, report: Report) -> None:
    """No document speaks of what the host is set up with."""
    for name in use.secrets:
        if name in OWN:
            report.add(MESSAGES.diagnostic("own-secret", use.place, name=name))


def _addresses(value: Any) -> Iterator[Any]:
    if isinstance(value, BaseModel):
        for name, each in value:
            if name in ADDRESSES or name.endswith("_url"):
                yield each
            else:
                yield from _addresses(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            if isinstance(each, BaseModel):
                yield from _addresses(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _addresses(each)


def host_of(address: str) -> str | None:
    """The host of an address; None for what is none, and for the value of a secret that is another thing."""
    try:
        parts = urlsplit(address)
        return parts.hostname.rstrip(".").lower() if parts.scheme in SCHEMES and parts.hostname else None
    except ValueError:
        return None


def refusal(host: Any, use: SecretUse, secret: str, to: Iterable[str] = ()) -> Problem | None:
    """That a document may not use a secret that is bound to something else; `to`: what it speaks to besides."""
    bound = host.bound(secret)
    if bound is None:
        return None
    hosts = sorted({*use.destinations(secret, host.secret), *to})
    if bound.admits(use.document, hosts):
        return None
    return problem("secret-bound", **_said(use, secret, hosts, bound))


def judged(host: Any, uses: Mapping[str, SecretUse], before: Iterable[SecretUse]) -> list[Diagnostic]:
    """What of documents that somebody publishes while the app runs would send a secret where the host has not said
    that it goes: beyond its bound, or, for one without, to a host that the app as it stands does not send it to."""
    found = []
    for use in uses.values():
        for name in use.secrets:
            if refusal(host, use, name) is not None:
                values = _said(use, name, sorted(use.destinations(name, host.secret)), host.bound(name))
                found.append(MESSAGES.diagnostic("secret-bound", use.place, **values))
                continue
            fresh = sorted(_fresh(host, use, name, before))
            if fresh:
                values = _said(use, name, fresh, "")
                found.append(MESSAGES.diagnostic("secret-unbound", use.place, **values))
    return found


def _fresh(host: Any, use: SecretUse, secret: str, before: Iterable[SecretUse]) -> frozenset[str]:
    """The hosts to which a secret that is there and not bound would go for the first time."""
    if host.bound(secret) is not None or secret in use.leading or not host.secret(secret):
        return frozenset()
    standing = [each.destinations(secret, host.secret) for each in before if secret in each.secrets]
    return use.destinations(secret, host.secret).difference(*standing)


def _said(use: SecretUse, secret: str, hosts: Iterable[str], bound: object) -> dict[str, str]:
    return {
        "name": secret, "document": use.document, "hosts": ", ".join(hosts) or "–", "bound": str(bound),
        "variable": VARIABLE.format(name=secret),
    }  # fmt: skip


def told_secret(host: Any, name: str) -> dict[str, Any]:
    """What an administrator reads of a secret: whether it is there and what it is for, never what it is."""
    bound = host.bound(name)
    return {
        "name": name, "variable": f"LOWCODE_SECRET_{name}", "there": bool(host.secret(name)),
        "bound": None if bound is None else str(bound), "bound_by": VARIABLE.format(name=name),
    }  # fmt: skip
