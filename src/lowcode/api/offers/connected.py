"""A connector and the document of its program together: what can be asked, where, and as whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lowcode.api.connectors.kind import Refuse, SecretReference
from lowcode.api.offers.operations import Described, names_in, operations
from lowcode.api.offers.reading import Unreadable, checked, read
from lowcode.api.offers.references import References, Unusable
from lowcode.api.offers.security import ClientPart, Scheme, chosen, schemes
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.reasons import both, filled
from lowcode.kernel.requests import Offer

if TYPE_CHECKING:
    from lowcode.api.offers.openapi import OpenapiDocument

VERSIONS = ("3.0", "3.1")
OTHER_VERSION = {
    "en": "it is {seen}, and OpenAPI {either} is read",
    "zh-CN": "其版本为 {seen}，只能读取 OpenAPI {each}",
}
ONE_TOKEN = {
    "en": "a connector has one token; make another connector for the other",
    "zh-CN": "一个连接只有一个令牌，请为另一个新建连接",
}
FOLDER = "openapi"
"""Where an app keeps the documents of other programs."""


class Connected:
    """What one connector offers (`kernel.requests.Offers`), and what its requests are made with."""

    def __init__(self, document: OpenapiDocument, tree: Mapping[str, Any], known: Mapping[str, Scheme]) -> None:
        self.document, self.tree, self.known = document, tree, known
        self.url: str | SecretReference = document.url or ""
        self._described: dict[str, Described] = {}
        self._addresses: dict[str, Described] = {}
        self._offers: dict[str, Offer | Text] = {}
        for each in operations(References(tree), str(tree["openapi"])):
            name = each.name if each.name not in self._described else each.address
            self._described[name] = each
            self._addresses[each.address.lower()] = each

    @property
    def names(self) -> Sequence[str]:
        """Every operation, in the order of the document."""
        return tuple(self._described)

    def described(self, name: str) -> Described | None:
        """An operation by its operationId, or by method and path."""
        return self._described.get(name) or self._addresses.get(name.lower())

    def get(self, name: str) -> Offer | Text | None:
        """What an author is held to; why the operation cannot be asked; None when there is none."""
        found = self.described(name)
        if found is None:
            return None
        if found.address not in self._offers:
            self._offers[found.address] = self._offer(found)
        return self._offers[found.address]

    def _offer(self, found: Described) -> Offer | Text:
        try:
            self.proofs(found)
            if self.document.url is None and found.servers is not None:
                self.server(found)
            return found.offer
        except Unusable as reason:
            return reason.reason

    def proofs(self, found: Described) -> list[Scheme]:
        """The security schemes an operation is asked with. Raises Unusable."""
        wanted = found.security
        general = self.tree.get("security")
        return chosen(wanted if wanted is not None else general if isinstance(general, list) else [], self.known)

    def server(self, found: Described | None = None) -> str:
        """The address of the server: of the document, or of an operation that has its own. Raises Unusable."""
        given = self.tree.get("servers")
        own = found.servers if found is not None else None
        servers = own or (given if isinstance(given, list) else [])
        at = 0 if own is not None else self.document.server
        if at >= len(servers):
            raise Unusable(
                both(
                    f"there is no server {at}; the document has {len(servers)}",
                    f"没有第 {at} 个服务器，文档中有 {len(servers)} 个（从 0 数起）",
                )
                if servers
                else both("the document has no server", "文档中没有服务器")
            )
        return _address(servers[at], self.document.variables)

    @property
    def addresses(self) -> Iterator[str]:
        """Wherever a request may go: the server, those of operations with their own, and where a token is asked for."""
        if isinstance(self.url, str):
            yield self.url
        if self.document.url is None:
            for each in self._described.values():
                with suppress(Unusable):
                    yield self.server(each)
        if self.client is not None:
            with suppress(Unusable):
                yield self.server()  # where an address of a token begins that is no whole one
            yield self.client.token_url

    @property
    def client(self) -> Scheme | None:
        """The scheme with which a token is asked for."""
        return next((each for each in self.known.values() if isinstance(each.given, ClientPart)), None)


def _address(server: Any, given: Mapping[str, str]) -> str:
    """The address of a server, its variables filled in. Raises Unusable."""
    template = str(server.get("url", "")) if isinstance(server, Mapping) else ""
    variables = _variables(server)
    found = template
    for name in names_in(template):
        known = variables.get(name)
        value = given.get(name, known.get("default") if isinstance(known, Mapping) else None)
        if value is None:
            raise Unusable(
                both(
                    f"its address {template} needs a value for '{name}' in 'variables'",
                    f"其地址 {template} 需要在 variables 中给出“{name}”",
                )
            )
        options = known.get("enum") if isinstance(known, Mapping) else None
        if isinstance(options, list) and value not in options:
            possible = ", ".join(map(str, options))
            raise Unusable(
                both(
                    f"'{value}' is no '{name}' of {template}; possible: {possible}",
                    f"“{value}”不能用作 {template} 的“{name}”，可用：{possible}",
                )
            )
        found = found.replace(f"{{{name}}}", str(value))
    parts = urlsplit(found)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unusable(
            both(f"its server {found or '(none)'} is no whole address", f"其服务器 {found or '（无）'} 不是完整的地址")
        )
    return found


def _variables(server: Any) -> Mapping[str, Any]:
    found = server.get("variables") if isinstance(server, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def connected(document: OpenapiDocument, files: Mapping[str, bytes], refuse: Refuse) -> Connected | None:
    """A connector with its document read; None when it cannot be, which is noted then."""
    tree = _tree(document, files, refuse)
    if tree is None:
        return None
    try:
        known = _known(document, schemes(References(tree)), refuse)
        found = Connected(document, tree, known)
    except Unusable as reason:
        refuse("bad-description", "/document", reason=reason.reason)
        return None
    _check_server(found, refuse)
    return found


def _tree(document: OpenapiDocument, files: Mapping[str, bytes], refuse: Refuse) -> Mapping[str, Any] | None:
    written = document.document
    if isinstance(written, str) and written not in files:
        refuse("no-description", "/document", seen=written, known=[each for each in files if each.startswith(FOLDER)])
        return None
    try:
        tree = read(files[written], written) if isinstance(written, str) else checked(written)
    except Unreadable as reason:
        refuse("bad-description", "/document", reason=reason.reason)
        return None
    version = str(tree.get("openapi") or f"Swagger {tree.get('swagger', '?')}")
    if not version.startswith(VERSIONS):
        refuse(
            "bad-description",
            "/document",
            reason=filled(OTHER_VERSION, seen=version, either=" or ".join(VERSIONS), each="、".join(VERSIONS)),
        )
        return None
    return tree


def _known(document: OpenapiDocument, offered: Mapping[str, Any], refuse: Refuse) -> dict[str, Scheme]:
    found: dict[str, Scheme] = {}
    for name, given in document.security.items():
        pointer = f"/security/{name}"
        if not isinstance(offered.get(name), Mapping):
            refuse("unknown-scheme", pointer, seen=name, known=list(offered))
            continue
        try:
            made = Scheme(name, offered[name], given)
        except Unusable as reason:
            refuse("bad-scheme", pointer, reason=reason.reason)
            continue
        if isinstance(given, ClientPart) and any(isinstance(each.given, ClientPart) for each in found.values()):
            refuse("bad-scheme", pointer, reason=ONE_TOKEN)
            continue
        found[name] = made
    return found


def _check_server(found: Connected, refuse: Refuse) -> None:
    """The address it is reached at, unless the connector has one of its own."""
    servers = found.tree.get("servers")
    known = {name for each in (servers if isinstance(servers, list) else []) for name in _variables(each)}
    known |= {name for each in found._described.values() for one in each.servers or () for name in _variables(one)}
    for name in found.document.variables:
        if name not in known:
            refuse("unknown-variable", f"/variables/{name}", seen=name, known=sorted(known))
    if found.document.url is not None:
        return
    try:
        found.url = found.server()
    except Unusable as reason:
        refuse("no-server", "/server" if found.document.server else "/document", reason=reason.reason)
