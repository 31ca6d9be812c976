"""What actions that write to people share: the words (written there, or a message template), and when they go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from lowcode.rules.actions.kind import Firing, Site
from lowcode.rules.compile_trigger import span_of
from lowcode.rules.definition import SpanDocument
from lowcode.rules.messages.documents import QuietDocument, WayPart, WordsPart
from lowcode.rules.messages.message import Message, inline
from lowcode.rules.messages.outbox import Allowance
from lowcode.rules.schedules.quiet import Quiet

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Moment


@dataclass(frozen=True, slots=True)
class Way:
    """When a message goes out, and how often one recipient may be written to."""

    name: str
    quiet: Quiet | None
    once_per: timedelta | None
    allowance: Allowance | None

    def at(self, moment: Moment) -> datetime | None:
        """The hour it waits for; None: at once."""
        return self.quiet.over(moment) if self.quiet is not None else None

    def key(self, firing: Firing, to: object) -> str:
        """The same for every message that is not to be sent twice: those of a firing, or those within the span."""
        if self.once_per is None:
            return f"{firing.variables.get('@key')}:{to}"
        period = int(firing.moment.now.timestamp() // self.once_per.total_seconds())
        return f"once:{self.name}:{firing.record_id or 0}:{to}:{period}"


def compile_words(options: WordsPart, site: Site) -> Message | None:
    """The words written here, or those of the template; an unknown template becomes a finding."""
    if options.message is None:
        return inline(site.template(options.subject, "/subject"), site.template(options.text, "/text"))
    return message_of(options.message, site)


def message_of(name: str, site: Site) -> Message | None:
    """A message template for the form of the rule; if there is none, that is a finding."""
    if not site.knows("message", name, "/message"):
        return None
    found = site.messages.get(name)
    if found is not None and found.form != site.form:
        site.refuse("message-of-another-form", "/message", seen=name, form=found.form, expected=site.form)
        return None
    return found


def compile_way(options: WayPart, site: Site) -> Way | None:
    """Spans must be of a fixed length."""
    once_per, within = fixed(options.once_per, site, "/once_per"), None
    if options.at_most is not None:
        within = fixed(options.at_most.per, site, "/at_most/per")
    if (options.once_per is not None and once_per is None) or (options.at_most is not None and within is None):
        return None
    allowance = Allowance(options.at_most.most, within) if options.at_most is not None and within else None
    return Way(f"{site.source.name}{site.pointer}", quiet_of(options.quiet), once_per, allowance)


def fixed(written: SpanDocument | None, site: Site, below: str) -> timedelta | None:
    """The length of a span; one that depends on the calendar becomes a finding."""
    if written is None:
        return None
    span = span_of(written).fixed
    if not span:
        site.refuse("calendar-span", below, seen=str(span_of(written)))
        return None
    return span


def quiet_of(written: QuietDocument | None) -> Quiet | None:
    """Quiet hours; without 'from' and 'until', whenever people do not work."""
    if written is None:
        return None
    if written.from_ is None or written.until is None:
        return Quiet()
    return Quiet(time.fromisoformat(written.from_), time.fromisoformat(written.until))
