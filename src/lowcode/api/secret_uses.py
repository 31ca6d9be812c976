"""Where a document sends the secrets that it names, and whether it may.

Four things are held. No document names what the host itself is set up with (`bounds.OWN`). A secret that the host has
bound goes where the bound admits it, whenever it is used. One for which the host has named no hosts goes, by what
somebody publishes while the app runs, to no scheme, host and port where the app does not send it already: that is for
the server to say. And what stands for an address is one: a key in its place would be read in the words of the failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from lowcode.api.connectors.kind import SecretReference, secrets_in, secrets_of
from lowcode.api.diagnostics import MESSAGES, problem
from lowcode.kernel.bounds import OWN, VARIABLE
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic, Place, Problem, Report

PORTS = {"http": 80, "https": 443, "ldap": 389, "ldaps": 636, "imap": 143, "imaps": 993}
"""The schemes that are spoken, and the port of each where an address has none."""
ADDRESSES = frozenset({"url", "issuer", "metadata"})
"""Options that hold an address a document speaks to; `…_url` is one as well."""


@dataclass(frozen=True, slots=True)
class SecretUse:
    """The secrets that a document names, and where it speaks to (scheme, host and port): as it is written, or by
    secrets that hold an address (`leading`). Of these `alone` are nothing else in the document."""

    name: str
    place: Place
    secrets: tuple[str, ...]
    origins: frozenset[str]
    leading: frozenset[str]
    alone: frozenset[str]

    @property
    def document(self) -> str:
        """As a bound names it."""
        return f"api/{self.name}"

    def destinations(self, secret: str, value: Callable[[str], str | None]) -> dict[str, str]:
        """Where a secret goes, and how that is said: by an address in a secret it is the name of that secret. One that
        is an address and nothing else goes to where it leads."""
        alone = secret in self.alone
        led = {origin_of(value(each) or ""): each for each in ((secret,) if alone else self.leading)}
        found = {origin: name for origin, name in led.items() if origin is not None}
        return found if alone else found | {each: each for each in self.origins}


def use_of(document: BaseModel, source: SourceDocument, more: Iterable[str] = ()) -> SecretUse | None:
    """What a document does with secrets; None where it names none. `more`: the addresses of a program that describes
    itself."""
    names = secrets_of(document)
    if not names:
        return None
    found = [*_addresses(document), *more]
    origins = frozenset(origin for each in found if isinstance(each, str) and (origin := origin_of(each)))
    leading = Counter(each.secret for each in found if isinstance(each, SecretReference))
    elsewhere = Counter(secrets_in(document)) - leading
    return SecretUse(
        source.name, source.place(), names, origins, frozenset(leading), frozenset(leading) - frozenset(elsewhere)
    )


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
            yield from _addresses(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _addresses(each)


def origin_of(address: str) -> str | None:
    """Scheme, host and port of an address; None for what is none, and for the value of a secret that is another
    thing."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in PORTS or not host:
        return None
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + ("" if port == PORTS[parts.scheme] else f":{port}")


def no_address(use: SecretUse, secret: str, value: str | None) -> bool:
    """Whether a document takes a secret for an address that is another thing; a provider's metadata may stand in it
    instead of where it is published."""
    written = (value or "").strip()
    return written != "" and secret in use.leading and origin_of(written) is None and not written.startswith("<")


def refusal(host: Any, use: SecretUse, secret: str, to: Iterable[str] = ()) -> Problem | None:
    """That a document may not use a secret that is bound to something else; `to`: what it speaks to besides."""
    bound = host.bound(secret)
    if bound is None:
        return None
    going = {**{each: each for each in to}, **use.destinations(secret, host.secret)}
    if bound.admits(use.document, going):
        return None
    return problem("secret-bound", **_said(use, secret, going.values(), bound))


def judged(host: Any, uses: Mapping[str, SecretUse], before: Iterable[SecretUse]) -> list[Diagnostic]:
    """What of documents that somebody publishes while the app runs would send a secret where the host has not said
    that it goes: beyond its bound, or, for one whose bound names no hosts, where the app as it stands does not send
    it to."""
    return [found for use in uses.values() for name in use.secrets if (found := _judged(host, use, name, before))]


def _judged(host: Any, use: SecretUse, name: str, before: Iterable[SecretUse]) -> Diagnostic | None:
    bound = host.bound(name)
    if refusal(host, use, name) is not None:
        values = _said(use, name, use.destinations(name, host.secret).values(), bound)
        return MESSAGES.diagnostic("secret-bound", use.place, **values)
    if no_address(use, name, host.secret(name)):
        return MESSAGES.diagnostic("secret-no-address", use.place, name=name, document=use.document)
    fresh = _fresh(host, use, name, before)
    if fresh:
        return MESSAGES.diagnostic("secret-unbound", use.place, **_said(use, name, fresh, ""))
    return None


def _fresh(host: Any, use: SecretUse, secret: str, before: Iterable[SecretUse]) -> list[str]:
    """Where a secret that is there and of which the server has named no hosts would go for the first time. What a
    document names that its bound does not admit goes nowhere yet."""
    bound = host.bound(secret)
    if (bound is not None and bound.hosts) or secret in use.alone or not host.secret(secret):
        return []
    standing = {
        origin for each in before
        if secret in each.secrets and (bound is None or bound.by(each.document))
        for origin in each.destinations(secret, host.secret)
    }  # fmt: skip
    return [said for origin, said in use.destinations(secret, host.secret).items() if origin not in standing]


def _said(use: SecretUse, secret: str, hosts: Iterable[str], bound: object) -> dict[str, str]:
    return {
        "name": secret, "document": use.document, "hosts": ", ".join(sorted({*hosts})) or "–", "bound": str(bound),
        "variable": VARIABLE.format(name=secret),
    }  # fmt: skip


def told_secret(host: Any, name: str) -> dict[str, Any]:
    """What an administrator reads of a secret: whether it is there and what it is for, never what it is."""
    bound = host.bound(name)
    return {
        "name": name, "variable": f"LOWCODE_SECRET_{name}", "there": bool(host.secret(name)),
        "bound": None if bound is None else str(bound), "bound_by": VARIABLE.format(name=name),
    }  # fmt: skip
