"""Letters a public form sends: the link that confirms, and the ticket. Their links lead to where the app is for
visitors, which the host says (the secret `PUBLIC_URL`): an address taken from a request could be made up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from lowcode.forms.public.plan import Public
from lowcode.forms.public.words import problem
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.links import public_url


def confirmation_letter(
    context: Context, face: Public, values: Mapping[str, Any], language: str, token: str
) -> None:  # fmt: skip
    """The letter with the link that confirms."""
    confirm = face.definition.confirm
    assert confirm is not None
    _send(context, values.get(confirm.email), confirm.subject, confirm.text, language, f"confirm/{token}")


def ticket_letter(context: Context, face: Public, values: Mapping[str, Any], language: str, token: str) -> None:
    """The letter with the ticket's address."""
    ticket = face.definition.ticket
    assert ticket is not None
    subject = ticket.subject or face.definition.title
    _send(context, values.get(ticket.email or ""), subject, ticket.text, language, f"ticket/{token}")


def _send(context: Context, to: Any, subject: Any, text: Any, language: str, path: str) -> None:
    if not to:
        return
    base = public_url(context.host)
    if not base:
        raise Rejected(problem("no-public-address"))
    link = f"{base}/{path}?lang={language}" if language else f"{base}/{path}"
    message = hashlib.sha256(f"{to}|{link}".encode()).hexdigest()[:40]
    context.later(
        "mail.send", key=f"mail.send:{message}", to=str(to), subject=localized(subject, language),
        text=f"{localized(text, language)}\n\n{link}\n", message=message,
    )  # fmt: skip
