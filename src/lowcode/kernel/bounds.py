"""What a secret may be used for, as the host says it: for which hosts, and by which documents.

A document names a secret, and whoever writes documents is an administrator of the app, not of the server. So that
nobody sends a secret of the server to an address of their own, the server binds it beside its value:
`LOWCODE_BOUND_ERP_KEY="erp.example.com, *.example.org, api/erp_orders"`, or `bounds` of a `Host`. Each word is a host
(`*.` for every name below it) or a document; of each sort that is written, one has to fit. A host is spoken to with
TLS; where it has none, the word says so: `http://erp.intern`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

VARIABLE = "LOWCODE_BOUND_{name}"
OWN = frozenset({"ENCRYPTION_KEYS", "PUSH_KEYS", "PUSH_SERVICES", "PUBLIC_URL", "SMTP_URL"})
"""What the host itself is set up with. No document names one of these."""
HOST = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[?[0-9a-f:.]+\]?")
PLAIN = frozenset({"http", "imap"})
"""Schemes without TLS; `ldap` begins with StartTLS."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""What is sent there passes no network."""
DOCUMENT = re.compile(r"[a-z]+/[a-z][a-z0-9_]*")
Written = str | Iterable[str]


class BoundError(ValueError):
    """A bound has a word that is neither a host nor a document."""


@dataclass(frozen=True, slots=True)
class Bound:
    """For which hosts and by which documents a secret is used; what is empty is not limited."""

    hosts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def by(self, document: str) -> bool:
        """Whether a document may use the secret."""
        return not self.documents or document in self.documents

    def admits(self, document: str, origins: Iterable[str]) -> bool:
        """Whether a document may send the secret to all of these: scheme, host and port each."""
        if not self.by(document):
            return False
        return not self.hosts or all(any(_within(each, pattern) for pattern in self.hosts) for each in origins)

    def __str__(self) -> str:
        return ", ".join((*self.hosts, *self.documents))


def parse(name: str, written: Written) -> Bound:
    """A bound as it is written. Raises BoundError: one that nobody understands is no bound."""
    words = written.replace(",", " ").split() if isinstance(written, str) else [str(each) for each in written]
    hosts, documents = [], []
    for word in words:
        if DOCUMENT.fullmatch(word):
            documents.append(word)
        elif _is_host(word.lower()):
            hosts.append(word.lower().replace("[", "").replace("]", ""))
        else:
            raise BoundError(
                f"the bound of the secret {name} has '{word}': a word of it is a host (erp.example.com, *.example.com) "
                f"or a document (api/erp_orders), without port or path; http:// or imap:// stands before a host "
                f"that has no TLS"
            )
    if not words:
        raise BoundError(f"the bound of the secret {name} is empty: write the hosts or documents it is for")
    return Bound(tuple(hosts), tuple(documents))


def bounds_of(given: Mapping[str, Written] | None) -> Callable[[str], Bound | None]:
    """How a host knows the bound of a secret: the embedding program's, else that of the environment; None where there
    is none. What the embedding program says is read at once, so that it hears of a mistake. Raises BoundError."""
    known = {name: parse(name, written) for name, written in (given or {}).items()}

    def bound(name: str) -> Bound | None:
        if name in known:
            return known[name]
        written = os.environ.get(VARIABLE.format(name=name))
        return parse(name, written) if written is not None else None

    return bound


def _is_host(word: str) -> bool:
    scheme, apart, host = word.rpartition("://")
    return (not apart or scheme in PLAIN) and HOST.fullmatch(host) is not None


def _within(origin: str, pattern: str) -> bool:
    """Whether a word admits an origin: by its host, and without TLS only where the word says so or no network is passed
    on the way."""
    scheme, _, named = pattern.rpartition("://")
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if parts.scheme in PLAIN and scheme != parts.scheme and host not in LOOPBACK:
        return False
    return host.endswith(named[1:]) if named.startswith("*.") else host == named
