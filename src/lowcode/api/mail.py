"""Letters to people, by the mailer that the embedding program gave its host, else by SMTP.

The server is the secret `SMTP_URL`: `smtp://user:password@host:587?from=crm@example.com` turns to TLS when the server
offers it, `smtps://` begins with it. Without mailer and secret, notices stay in the app.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import smtplib
import ssl
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import Field as Key

from lowcode.api.diagnostics import problem
from lowcode.kernel.contract import Context, Nothing, Outcome, Parameters
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.links import link_to
from lowcode.kernel.reasons import filled
from lowcode.kernel.services import LetterRefused, Mailer
from lowcode.kernel.storage.files import printable

log = logging.getLogger("lowcode.mail")

SECRET = "SMTP_URL"
TIMEOUT = 20
NO_ADDRESS = {"en": "'{to}' is not an address", "zh-CN": "“{to}”不是邮箱地址"}


class Notify(Parameters):
    """A notice for people of the directory."""

    to: tuple[int, ...]
    title: Any
    text: Any = None
    form: str | None = None
    record: int | None = None


class Enclosed(Parameters):
    """A file that goes with a letter: its name and type, and the digest it is kept under in the file store."""

    name: str
    media_type: str = Key(pattern=r"^[\w.+-]+/[\w.+-]+")
    digest: str = Key(pattern=r"^[0-9a-f]{64}$")


class SendMail(Parameters):
    """One letter. `message` names it: sent twice after a crash, it carries the same Message-ID. With `html`, `text` is
    what readers without HTML see."""

    to: str = Key(min_length=3, max_length=320)
    name: str = ""
    subject: str
    text: str = ""
    html: str = ""
    files: tuple[Enclosed, ...] = ()
    message: str = ""
    pictures: Mapping[str, str] = Key(
        default_factory=dict, description="PNG pictures in base64, by the `cid:` names that the HTML shows them under."
    )
    form: str | None = None
    record: int | None = None
    """What it is about: an answer to it belongs there."""


def notify(context: Context, params: Notify) -> int:
    """A letter for each person who has an address, in their language; how many were put off to be sent."""
    host: Any = context.host
    if mailer_of(host) is None:
        log.info("there is no mailer, and the secret %s is not set: the notice stays in the app", SECRET)
        return 0
    people = host.directory(context.unit).users
    sent = 0
    for identity in dict.fromkeys(params.to):
        person = people.get(identity)
        if person is None or not person.active or not person.email:
            continue
        locale = person.locale or context.app.definition.languages[0]
        subject, text = localized(params.title, locale), localized(params.text, locale)
        text = "\n\n".join(each for each in (text or subject, link_to(context, params.form, params.record)) if each)
        about = f"{context.now()}|{identity}|{params.form}|{params.record}|{subject}|{text}"
        message = hashlib.sha256(about.encode()).hexdigest()[:40]
        context.later(
            "mail.send",
            key=f"mail.send:{message}",
            to=person.email,
            name=person.name,
            subject=subject,
            text=text,
            message=message,
            form=params.form,
            record=params.record,
        )
        sent += 1
    return sent


def ready(context: Context, params: Nothing) -> bool:
    """Whether somebody sends letters: without, nobody waits for one that cannot go out."""
    return mailer_of(context.host) is not None


def mailer_of(host: Any) -> Mailer | None:
    """Who sends letters of a host: the embedding program's own mailer, else the server of the secret, if any."""
    if host.mailer is not None:
        given: Mailer = host.mailer
        return given
    url = host.secret(SECRET)
    return Smtp(url) if url else None


def send(context: Context, params: SendMail) -> Outcome:
    """Hand one letter to the mailer. What it refuses for good is a refusal; all else is tried again."""
    mailer = mailer_of(context.host)
    if mailer is None:
        raise Rejected(problem("no-secret", name=SECRET, variable=f"LOWCODE_SECRET_{SECRET}"))
    sender = mailer.sender
    letter = compose(params, sender, context.now())
    for each in params.files:
        main, _, kind = each.media_type.partition(";")[0].partition("/")
        content = context.host.files.get(each.digest)
        letter.add_attachment(content, maintype=main, subtype=kind, filename=printable(each.name))
    identity = str(letter["Message-ID"])
    try:
        mailer.send(letter)
    except LetterRefused as refused:
        raise Rejected(problem("mail-refused", reason=str(refused) or type(refused).__name__)) from refused
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _refuse(code, words)
    except smtplib.SMTPResponseException as refused:
        _refuse(refused.smtp_code, refused.smtp_error)
    if params.form is None or params.record is None or not params.message:
        return Outcome()
    told = {"message": identity, "sender": sender, "subject": params.subject}
    return Outcome(None, (("api.wrote", {**told, "form": params.form, "record": params.record}),))


def _refuse(code: int, words: bytes | str) -> None:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if 500 <= code < 600:
        raise Rejected(problem("mail-refused", reason=f"{code} {said}"))
    raise OSError(f"the mail server answered {code} {said}")


def compose(params: SendMail, sender: str, at: Any) -> EmailMessage:
    """The letter. Line breaks in a subject would be headers of their own; they become blanks."""
    letter = EmailMessage()
    letter["From"] = sender
    try:
        letter["To"] = Address(_line(params.name), addr_spec=params.to)
    except (ValueError, IndexError, HeaderParseError):
        raise Rejected(problem("mail-refused", "/to", reason=filled(NO_ADDRESS, to=params.to))) from None
    letter["Subject"] = _line(params.subject)
    letter["Date"] = format_datetime(at)
    if params.message:
        letter["Message-ID"] = f"<{params.message}@{sender.rpartition('@')[2].strip('> ') or 'lowcode'}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(params.text)
    if params.html:
        letter.add_alternative(params.html, subtype="html")
        _, shown = letter.iter_parts()
        for name, picture in params.pictures.items():
            content = base64.b64decode(picture)
            shown.add_related(content, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")
    return letter


def _line(text: str) -> str:
    return " ".join(text.split())


class Smtp:
    """The mailer there is without one of the program's: a server of SMTP, connected to for each letter."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    @property
    def sender(self) -> str:
        """`from` of the address, else a name at the server's."""
        given = parse_qs(self.parts.query).get("from")
        return given[0] if given else f"lowcode@{self.parts.hostname or 'localhost'}"

    def send(self, letter: EmailMessage) -> None:
        """Hand it to the server. Raises what smtplib raises."""
        with _connected(self.parts) as client:
            client.send_message(letter)


def _connected(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    client: smtplib.SMTP
    if parts.scheme == "smtps":
        client = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        client = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
        client.ehlo()
        if client.has_extn("starttls"):
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
    if parts.username:
        client.login(unquote(parts.username), unquote(parts.password or ""))
    return client
