"""An app in a Django site that sends its letters as the site does: by the backend of its `EMAIL_BACKEND`.

    host = Host("examples/crm_app", settings.CRM_DATABASE, prefix="crm_", mailer=DjangoMailer())

Backends ask a message for its sender, its recipients and its text; a letter of the app has all three already.
"""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail import get_connection


class DjangoMailer:
    """The mailer of a host: the mail backend of the site. `backend` names another one than the site's."""

    def __init__(self, sender: str | None = None, backend: str | None = None) -> None:
        self._sender = sender
        self._backend = backend

    @property
    def sender(self) -> str:
        """`DEFAULT_FROM_EMAIL`, where nothing else was said."""
        return self._sender or str(settings.DEFAULT_FROM_EMAIL)

    def send(self, letter: EmailMessage) -> None:
        """Hand it to the backend. What the backend raises counts: smtplib's refusals are final, all else is retried."""
        if not get_connection(self._backend).send_messages([Finished(letter)]):
            raise OSError("Django's mail backend took no letter")


class Finished(DjangoMessage):  # type: ignore[misc]  # Django has no types
    """A letter that is written already, as backends want it."""

    def __init__(self, letter: EmailMessage) -> None:
        super().__init__(str(letter["Subject"]), "", str(letter["From"]), [str(letter["To"])])
        self.letter = letter

    def message(self, **options: Any) -> EmailMessage:
        """The letter itself."""
        return email.message_from_bytes(self.letter.as_bytes(policy=SMTP), _class=Written, policy=SMTP)


class Written(EmailMessage):
    """Django's backends ask for line ends in their own way; those of SMTP serve all of them."""

    def as_bytes(self, unixfrom: bool = False, policy: Policy[Any] | None = None, linesep: str = "\r\n") -> bytes:
        """The letter as it travels."""
        return super().as_bytes(unixfrom, policy or SMTP.clone(linesep=linesep))
