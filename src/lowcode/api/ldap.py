"""One connection to an LDAP directory (RFC 4511): judged and pinned address, TLS, bind, search page by page.

The messages are made and read by sansldap (extra `ldap`), which does nothing on the network. What people type becomes
the value of an equality and never a part of a filter's text.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from lowcode.api import addresses
from lowcode.api.advice import TooLong
from lowcode.kernel.bounds import LOOPBACK
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.reasons import both

sansldap: Any
try:
    import sansldap
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    sansldap = None

START_TLS = "1.3.6.1.4.1.1466.20037"
PAGE = 200
MOST = 16 * 1024 * 1024
"""Bytes of one answer that is not whole yet."""
LONGEST = 1800.0
"""Seconds that anything may last, however large the directory is."""
WRONG_PASSWORD, TOO_MANY = 49, (4, 11)
LIMIT = 'limits dn.exact="READER" size.prtotal=unlimited'
"""What an OpenLDAP directory is told, so that its reader is given all there is."""
PART = re.compile(r"((?:\\.|[^,\\])+)", re.DOTALL)
ESCAPED = re.compile(r"(?:\\[0-9A-Fa-f]{2})+|\\.", re.DOTALL)


class LdapError(OSError):
    """The directory said no, or what it said cannot be understood: `reason` in the languages of the engine; `code` is
    the result code, if it gave one."""

    def __init__(self, reason: Text, code: int | None = None) -> None:
        super().__init__(localized(reason))
        self.reason = reason
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its distinguished name, and values by attribute, in lower case."""

    name: str
    values: Mapping[str, tuple[bytes, ...]]

    def texts(self, attribute: str) -> list[str]:
        """The values of an attribute that are texts."""
        found = []
        for value in self.values.get(attribute.lower(), ()):
            try:
                found.append(value.decode())
            except UnicodeDecodeError:
                continue
        return found

    def text(self, attribute: str) -> str:
        """The first text of an attribute, or blank."""
        return next(iter(self.texts(attribute)), "").strip()

    def mark(self, attribute: str) -> str:
        """What an entry is known by for good: a text as it is, bytes in hexadecimal."""
        value = next(iter(self.values.get(attribute.lower(), ())), b"")
        try:
            text = value.decode("ascii")
        except UnicodeDecodeError:
            return value.hex()
        return text if text.isprintable() else value.hex()


def possible() -> bool:
    """Whether the library is installed."""
    return sansldap is not None


class Connection:
    """A connection while the block lasts. Raises OSError (LdapError is one) and Rejected for a forbidden address.

    Each wait ends after `timeout` seconds, and all of it after `whole`: a directory that says a byte now and then keeps
    nobody."""

    def __init__(
        self, url: str, *, allowed: bool | Iterable[str], start_tls: bool = True, authority: str = "",
        timeout: float = 10.0, whole: float = LONGEST,
    ) -> None:  # fmt: skip
        self._timeout, self._whole = timeout, whole
        self._until = time.monotonic() + whole
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "ldaps"
        port = parts.port or (636 if secure else 389)
        if not secure and not start_tls and host not in LOOPBACK:  # where the address is a secret, nobody looked before
            raise LdapError(
                both(
                    "passwords are not sent in the open: use ldaps://, or leave 'start_tls' true",
                    "密码不能以明文发送：请使用 ldaps://，或保持 start_tls 为 true",
                )
            )
        self._client = sansldap.LDAPClient()
        self._waiting: list[Any] = []
        address = addresses.resolve(host, port, allowed)
        self._socket: socket.socket = socket.create_connection((address, port), self._left())
        try:
            context = ssl.create_default_context(cadata=authority or None)
            if not secure and start_tls:
                number = self._client.extended_request(START_TLS)
                self._yes(self._answer(number).result, "StartTLS")
                self._client, self._waiting = sansldap.LDAPClient(), []  # what else was said in the open counts not
            if secure or start_tls:
                self._socket.settimeout(self._left())  # of the whole handshake
                self._socket = context.wrap_socket(self._socket, server_hostname=host)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, sort: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def bind(self, name: str, password: str) -> None:
        """Become somebody. Raises LdapError; a blank password would be nobody's, and is refused."""
        if not password or not name:
            raise LdapError(both("a blank name or password proves nothing", "名称或密码为空，无法验证"), WRONG_PASSWORD)
        number = self._client.bind_simple(name, password)
        self._yes(self._answer(number).result, "bind")

    def search(
        self, base: str, where: Any, attributes: Iterable[str], *, alone: bool = False, most: int = 0
    ) -> Iterator[Entry]:
        """Entries below a base, page by page; `alone` means the base itself."""
        scope = sansldap.SearchScope.BASE if alone else sansldap.SearchScope.SUBTREE
        cookie = b""
        while True:
            paged = [sansldap.PagedResultControl(critical=False, size=most or PAGE, cookie=cookie)]
            number = self._client.search_request(
                base, scope, filter=where, attributes=list(attributes), controls=paged, size_limit=0
            )
            done: Any = None
            while done is None:
                message = self._answer(number)
                if isinstance(message, sansldap.SearchResultEntry):
                    values = {
                        each.name.lower(): tuple(bytes(one) for one in each.values) for each in message.attributes
                    }
                    yield Entry(message.object_name, values)
                elif isinstance(message, sansldap.SearchResultDone):
                    done = message
            self._yes(done.result, f"search below '{base}'")
            cookie = next((each.cookie for each in done.controls if isinstance(each, sansldap.PagedResultControl)), b"")
            if not cookie:
                return

    def _answer(self, number: int) -> Any:
        """The next message that answers a request."""
        self._socket.settimeout(self._left())
        self._socket.sendall(self._client.data_to_send())
        taken = 0
        while True:
            for index, message in enumerate(self._waiting):
                if message.message_id == number:
                    return self._waiting.pop(index)
            self._socket.settimeout(self._left())
            data = self._socket.recv(65_536)
            if not data:
                raise LdapError(both("the directory closed the connection", "目录关闭了连接"))
            taken += len(data)
            if taken > MOST:
                raise LdapError(both("the directory's answer is too long", "目录返回的内容过长"))
            try:
                self._waiting += self._client.receive(data)
            except (sansldap.LDAPError, ValueError) as error:
                raise LdapError(
                    both(f"the directory's answer cannot be read: {error}", f"无法读取目录返回的内容：{error}")
                ) from None

    def _left(self) -> float:
        """How long the next wait may be. Raises TooLong."""
        left = self._until - time.monotonic()
        if left <= 0:
            longest = f"{self._whole:g}"
            raise TooLong(both(f"it took longer than {longest} seconds altogether", f"总耗时超过 {longest} 秒"))
        return min(left, self._timeout)

    @staticmethod
    def _yes(result: Any, what: str) -> None:
        code = int(result.result_code)
        if code in TOO_MANY:
            raise LdapError(
                both(
                    f"{what}: the directory gives whoever reads it no more entries; raise the limit for the reader "
                    f"(OpenLDAP: {LIMIT})",
                    f"{what}：目录不再向读取账号返回更多条目；请在目录服务中放宽该账号的限制（OpenLDAP：{LIMIT}）",
                ),
                code,
            )
        if code != 0:
            raise LdapError(
                both(
                    f"{what}: {result.result_code.name} {result.diagnostics_message or ''}".strip(),
                    f"{what}：{result.result_code.name} {result.diagnostics_message or ''}".strip(),
                ),
                code,
            )


def all_of(filters: Sequence[Any]) -> Any:
    """A filter of which all have to hold."""
    return sansldap.FilterAnd(filters=list(filters))


def any_of(filters: Sequence[Any]) -> Any:
    """A filter of which one has to hold."""
    return sansldap.FilterOr(filters=list(filters))


def equals(attribute: str, value: str) -> Any:
    """An attribute that has a value, whatever characters are in it."""
    return sansldap.FilterEquality(attribute=attribute, value=value.encode())


def parsed(where: str) -> Any:
    """A filter that an author wrote. Raises ValueError."""
    return sansldap.LDAPFilter.from_string(where)


def steps(name: str) -> tuple[str, ...]:
    """A distinguished name as it is compared: its parts in lower case, from the top down, however it is written."""
    return tuple(f"{sort.strip()}={_plain(value)}".lower() for sort, value in reversed(_parts(name)))


def first_of(name: str) -> str:
    """The value of the first part of a distinguished name, such as the name of a group."""
    return _plain(_parts(name)[0][1])


def _parts(name: str) -> list[tuple[str, str]]:
    """Sort and value of each part of a distinguished name, as they are written (RFC 4514)."""
    found = (each.partition("=") for each in PART.findall(name))
    return [(sort, value) for sort, _, value in found] or [("", "")]


def _plain(value: str) -> str:
    """A value without the signs that let it stand in a name: `\\,` is a comma, and so is `\\2C`."""
    short = value.strip()
    if (len(short) - len(short.rstrip("\\"))) % 2:
        short += " "  # a blank at the end, which has a stroke before it
    return ESCAPED.sub(lambda each: _sign(each[0]), short)


def _sign(escaped: str) -> str:
    if len(escaped) == 2:
        return escaped[1]
    return bytes.fromhex(escaped.replace("\\", "")).decode("utf-8", "replace")
