"""Letters to people, by SMTP. The server is the secret `SMTP_URL`.

`smtp://user:password@host:587?from=crm@example.com` turns to TLS when the server offers it, `smtps://` begins with it.
Without the secret, notices stay in the app.
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
from lowcode.kernel.storage.files import printable

log = logging.getLogger("lowcode.mail")

SECRET = "SMTP_URL"
TIMEOUT = 20


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
    if not host.secret(SECRET):
        log.info("the secret %s is not set: the notice stays in the app", SECRET)
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
    """Whether the app has a mail server: without one nobody waits for a letter that cannot go out."""
    return bool(context.host.secret(SECRET))


def send(context: Context, params: SendMail) -> Outcome:
    """Hand one letter to the server. What it refuses for good is a refusal; all else is tried again."""
    url = context.host.secret(SECRET)
    if not url:
        raise Rejected(problem("no-secret", name=SECRET, variable=f"LOWCODE_SECRET_{SECRET}"))
    parts = urlsplit(url)
    letter = compose(params, _sender(parts), context.now())
    for each in params.files:
        main, _, kind = each.media_type.partition(";")[0].partition("/")
        content = context.host.files.get(each.digest)
        letter.add_attachment(content, maintype=main, subtype=kind, filename=printable(each.name))
    try:
        with _connected(parts) as client:
            client.send_message(letter)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _refuse(code, words)
    except smtplib.SMTPResponseException as refused:
        _refuse(refused.smtp_code, refused.smtp_error)
    if params.form is None or params.record is None or not params.message:
        return Outcome()
    told = {"message": str(letter["Message-ID"]), "sender": _sender(parts), "subject": params.subject}
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
        raise Rejected(problem("mail-refused", "/to", reason=f"'{params.to}' is not an address")) from None
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


def _sender(parts: SplitResult) -> str:
    given = parse_qs(parts.query).get("from")
    return given[0] if given else f"lowcode@{parts.hostname or 'localhost'}"


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
