"""Addresses of pages for messages that leave the app: `PUBLIC_URL`, which the host gives, and the place of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

NAME = "PUBLIC_URL"
"""What the host calls the address people open the app at, such as https://crm.example.com."""


def public_url(host: Any) -> str:
    """The address the app is opened at, without a slash at its end; blank when the host does not say."""
    return (host.secret(NAME) or "").rstrip("/")


def link_to(context: Context, form: str | None, record: int | None) -> str:
    """The address of a record's page; blank when the host does not say where the app is, or nothing is led to."""
    address = public_url(context.host)
    return f"{address}/#/records/{form}/{record}" if address and form is not None and record is not None else ""
