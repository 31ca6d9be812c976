"""Papers that rules have made: printed after the commit, kept with the record, sent as an enclosure of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.storage.files import keep
from lowcode.rules import diagnostics as words
from lowcode.rules.messages.outbox import Allowance, Outgoing, put

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context


class Paper(Parameters):
    """A paper of a record: by which template, in which field it is kept, and the letter it goes out with."""

    template: str
    form: str
    record: int
    format: str = "pdf"
    language: str | None = None
    into: str | None = None
    letter: Mapping[str, Any] | None = None


def made(context: Context, params: Paper) -> dict[str, Any]:
    """Print, keep and send; a paper that cannot be made now is a refusal, and nothing is sent without it."""
    if "printing.render" not in context.app.operations:
        raise Rejected(words.problem("no-channel", words.NO_CHANNEL, "/template", name="printing"))
    paper = context.ask(
        "printing.render", template=params.template, id=params.record, format=params.format, language=params.language
    )
    file = keep(context, paper["name"], paper["media_type"], paper["content"])
    if params.into is not None:
        field = params.into
        had = context.ask("records.get", type=params.form, id=params.record, fields=(field,)).get(field) or ()
        files = [*(each["id"] if isinstance(each, Mapping) else each for each in had), file["id"]]
        context.ask("records.update", type=params.form, id=params.record, values={field: files})
    if params.letter is not None:
        digest = context.host.files.put(paper["content"])
        put(context, outgoing(params.letter, [{"digest": digest, "name": file["name"], "media_type": file["type"]}]))
    return {"file": file["id"], "name": file["name"]}


def as_json(letter: Outgoing) -> dict[str, Any]:
    """A message as it waits for its paper."""
    kept = {name: getattr(letter, name) for name in Outgoing.__dataclass_fields__ if name not in ("files", "values")}
    allowance = letter.allowance
    limit = [allowance.most, int(allowance.within.total_seconds())] if allowance is not None else None
    at = letter.at.isoformat() if letter.at is not None else None
    return {**kept, "values": dict(letter.values), "at": at, "allowance": limit}


def outgoing(kept: Mapping[str, Any], files: list[dict[str, Any]]) -> Outgoing:
    """The message again, with its paper."""
    at, limit = kept["at"], kept["allowance"]
    read = {
        "at": datetime.fromisoformat(at) if at else None,
        "allowance": Allowance(limit[0], timedelta(seconds=limit[1])) if limit else None,
        "files": files,
    }
    return Outgoing(**{**kept, **read})


OPERATIONS = (
    Operation("rules.paper", made, Paper, "internal", summary={"en": "Print, keep and send", "zh-CN": "打印并发送"}),
)
