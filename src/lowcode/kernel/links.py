"""Addresses of pages for messages that leave the app: `PUBLIC_URL`, which the host gives, and the place of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

NAME = "PUBLIC_URL"
"""What the host calls the address people open the app at, such as https://crm.example.com."""


def link_to(context: Context, form: str | None, record: int | None) -> str:
    """The address of a record's page; blank when the host does not say where the app is, or nothing is led to."""
    address = context.host.secret(NAME)
    if not address or form is None or record is None:
        return ""
    return f"{address.rstrip('/')}/#/records/{form}/{record}"
