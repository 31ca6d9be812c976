"""An LDAP directory on this machine: anyldap's server over a tree in memory, with StartTLS, told as LDIF.

It shares nothing with the client: that one's messages are made by another library.
"""

from __future__ import annotations

import io
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import SocketAttribute
from anyldap.inmemory import fromLDIFFile
from anyldap.protocols import pureldap
from anyldap.protocols.ldap import ldaperrors
from anyldap.protocols.ldap.ldapserver import LDAPServer, serve_stream
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certificate(folder: Path) -> tuple[Path, str]:
    """A certificate of 127.0.0.1 that signs itself: the file of key and certificate, and its text."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "directory")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    text = made.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "directory.pem"
    path.write_bytes(private + text.encode())
    return path, text


@dataclass
class Directory:
    """A directory that is served: its address, its tree, what was asked of it and whether that was encrypted."""

    url: str = ""
    authority: str = ""
    root: Any = None
    asked: list[str] = field(default_factory=list)

    def tell(self, ldif: str) -> None:
        """The tree from now on."""
        text = io.BytesIO(ldif.strip().encode() + b"\n\n")
        with ThreadPoolExecutor(1) as thread:  # a browser's driver keeps an event loop in the main thread of a worker
            self.root = thread.submit(anyio.run, fromLDIFFile, text).result()


@contextmanager
def running(ldif: str, folder: Path) -> Iterator[Directory]:
    """A directory for as long as the block lasts."""
    directory = Directory()
    directory.tell(ldif)
    file, directory.authority = certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)

    class Server(LDAPServer):
        encrypted = False

        @property
        def factory(self) -> Any:  # type: ignore[override]
            return directory

        async def extendedRequest_LDAPStartTLSRequest(self, data: Any, reply: Any) -> Any:
            self.encrypted = True
            self.start_tls(context)
            return pureldap.LDAPStartTLSResponse(resultCode=0)

        extendedRequest_LDAPStartTLSRequest.oid = pureldap.LDAPStartTLSRequest.oid  # type: ignore[attr-defined]

        async def handle_LDAPBindRequest(self, request: Any, controls: Any, reply: Any) -> Any:
            directory.asked.append("bind" if self.encrypted else "bind in the open")
            return await super().handle_LDAPBindRequest(request, controls, reply)

        async def handle_LDAPSearchRequest(self, request: Any, controls: Any, reply: Any) -> Any:
            if self.boundUser is None:
                return pureldap.LDAPSearchResultDone(resultCode=ldaperrors.LDAPInsufficientAccessRights.resultCode)
            return await super().handle_LDAPSearchRequest(request, controls, reply)

    ready, stop = threading.Event(), anyio.Event
    state: dict[str, Any] = {}

    async def one(stream: Any) -> None:
        with suppress(Exception):  # a client that does not believe the certificate hangs up
            await serve_stream(stream, Server)

    async def serve() -> None:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        async with anyio.create_task_group() as group:
            state["token"] = anyio.lowlevel.current_token()
            state["stop"] = stop()
            state["address"] = listener.extra(SocketAttribute.local_address)
            group.start_soon(listener.serve, one)
            ready.set()
            await state["stop"].wait()
            group.cancel_scope.cancel()
        await listener.aclose()

    thread = threading.Thread(target=lambda: anyio.run(serve), daemon=True)
    thread.start()
    assert ready.wait(10)
    directory.url = f"ldap://127.0.0.1:{state['address'][1]}"
    try:
        yield directory
    finally:
        anyio.from_thread.run_sync(state["stop"].set, token=state["token"])
        thread.join(10)
