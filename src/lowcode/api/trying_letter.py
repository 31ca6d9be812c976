"""What the designer of mailboxes asks beside whether one can be looked into: what would become of a letter. Nothing of
it is kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.api import letters, mailboxes
from lowcode.api.diagnostics import problem
from lowcode.api.trying import Examined
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.designing import told
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.attachments import readable

MOST = 3_000_000
"""Characters of a letter in base64; a larger one is uploaded as a file."""
LONG = 4_000
"""Characters of its text that are told."""


class TryLetter(Parameters):
    """A mailbox as it would be, and a letter as it comes (RFC 5322): in base64, or a file that was uploaded
    (`api/files`)."""

    document: dict[str, Any]
    letter: str | None = Key(None, min_length=1, max_length=MOST)
    file: int | None = None


class _Undone(Exception):
    """What was saved to see what comes of it is taken back."""


def try_letter(
    context: Context, params: TryLetter, examined: Examined
) -> Annotated[
    dict[str, Any], has(findings=list[dict], read=dict, known=bool, state=str | None, saved=dict, problems=list)
]:
    """What would become of a letter in a mailbox, as it is and before it is published. `findings`: what is wrong with
    the mailbox; `read`: what is understood of the letter; `known`: whether it was taken in before; `state`, `by` and
    `about`: whether it is filed, by what, and where; `saved`: the record that is made; `problems`: why it is refused.
    Nothing stays of it. Raises Rejected for what is no base64, NotFound for a file that is not theirs."""
    letter = letters.read(_sent(context, params))
    report, plan = examined(context, {**params.document, "enabled": True})
    found: dict[str, Any] = {
        "findings": told(report, context.actor.locale), "read": _read(letter), "state": None, "by": None,
        "about": None, "saved": {}, "problems": [],
        "known": context.unit.one(mailboxes.KNOWN, of_message=letter.message) is not None,
    }  # fmt: skip
    mailbox = plan.mailboxes.get(str(params.document.get("name")))
    if mailbox is None or not report.ok:
        return found
    try:
        with context.unit.savepoint():
            found.update(mailboxes.rehearsed(context, mailbox, letter))
            raise _Undone
    except _Undone:
        return found
    except Rejected as refused:
        locale = context.actor.locale
        said = [{"pointer": each.pointer, "detail": each.words(locale)} for each in refused.problems]
        return {**found, "state": "refused", "problems": said}


def _sent(context: Context, params: TryLetter) -> bytes:
    """The letter as it came."""
    if (params.letter is None) is (params.file is None):
        raise Rejected(problem("no-letter", "/letter"))
    if params.letter is None:
        file = readable(context, params.file or 0)
        host: Any = context.host
        content: bytes = host.files.get(file["digest"])
        return content
    try:
        return base64.b64decode(params.letter, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected(problem("no-letter", "/letter")) from None


def _read(letter: letters.Letter) -> dict[str, Any]:
    return {
        "subject": letter.subject, "sender": letter.sender, "sender_name": letter.sender_name,
        "recipients": list(letter.recipients), "at": letter.at, "text": letter.text[:LONG],
        "files": [each.name for each in letter.files], "answers": bool(letter.answers),
    }  # fmt: skip


def operations(examined: Examined) -> Iterable[Operation]:
    """Every operation."""
    yield Operation(
        "api.try_letter", partial(try_letter, examined=examined), TryLetter, "administrator",
        summary={"en": "What would become of a letter", "zh-CN": "用样信试运行邮箱"},
    )  # fmt: skip
