"""An app on a running host, reached over HTTP with a key of an administrator: `LOWCODE_KEY` holds it, or several
by address."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import LowcodeError, Report
from lowcode.kernel.storage.migrate.versions import text_of

KEY = "LOWCODE_KEY"
MARK = Path(".lowcode") / "pulled.json"
"""What of a folder came from where: so that a push sees what others published since."""
PATIENCE = 600.0
"""Seconds an apply may take: large tables are rewritten in it."""


class Refused(LowcodeError):
    """The host refused, cannot be reached, or no key is set; nothing was done."""


def ask(url: str, operation: str, **parameters: Any) -> Any:
    """Ask a running host an operation. Raises Refused."""
    try:
        from lowcode.client import Client, Unreachable
        from lowcode.client import Refused as Answered
    except ImportError:
        raise Refused("to reach a running host: pip install 'lowcode[client]'") from None
    key = key_for(url)
    try:
        with Client(url, key, timeout=PATIENCE) as client:
            return client.ask(operation, **parameters)
    except Answered as refused:
        lines = [each.detail for each in refused.problems] or [str(refused)]
        raise Refused(f"{url} refused ({refused.status}):\n  " + "\n  ".join(lines)) from None
    except Unreachable as error:
        raise Refused(f"{url} does not answer: {error}") from None


def key_for(url: str) -> str:
    """The key to bring to a host: the one there is, or of several (`https://crm.example.com=lc_…`, with blanks between
    them) the one of this address, so that no host is shown another one's. Raises Refused."""
    written = os.environ.get(KEY, "").split()
    keys = {address.rstrip("/"): key for address, _, key in (each.rpartition("=") for each in written if "://" in each)}
    found = keys.get(url.rstrip("/")) if keys else written[0] if len(written) == 1 else None
    if found is None:
        told = f"; it has one for {', '.join(keys)} and none for {url}" if keys else ""
        raise Refused(f"set {KEY} to a key of an administrator with the scope app (made in the app, under Keys){told}")
    return found


def told_apart(*urls: str) -> None:
    """Make sure that each of several hosts gets a key of its own. Raises Refused, before any host is asked, where there
    is one key that does not say whose it is: it would be shown to all of them."""
    hosts = {urlsplit(each)[:2]: each for each in reversed(urls)}
    written = os.environ.get(KEY, "").split()
    if len(hosts) > 1 and len(written) == 1 and "://" not in written[0]:
        each = " ".join(f"{url.rstrip('/')}=lc_…" for url in reversed(hosts.values()))
        raise Refused(f"{KEY} holds a key that does not say which host it is for; say it of each: {KEY}='{each}'")


def documents_of(url: str, report: Report, engines: Iterable[str] = ()) -> Documents:
    """The app that a running host uses."""
    found = ask(url, "app.documents")
    files = {path: base64.b64decode(text) for path, text in found["files"].items()}
    return load({**found["documents"], **files}, report, engines=engines)


def sent(documents: Documents) -> dict[str, Any]:
    """An app as it is sent."""
    return {
        "whole": True,
        "documents": {each.path: text_of(each) for each in documents},
        "files": {path: base64.b64encode(content).decode() for path, content in documents.files.items()},
    }


def marked(folder: Any, url: str) -> str | None:
    """The digest of what was fetched from there, or pushed there last; None when nothing was."""
    path = folder / MARK if isinstance(folder, Path) and folder.is_dir() else None
    if path is None or not path.is_file():
        return None
    found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    digest = found.get(url.rstrip("/"))
    return str(digest) if digest else None


def mark(folder: Any, url: str, digest: str) -> None:
    """Remember what the folder and the host have in common now."""
    if not isinstance(folder, Path) or not folder.is_dir():
        return
    path = folder / MARK
    found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**found, url.rstrip("/"): digest}, indent=1) + "\n", "utf-8")
