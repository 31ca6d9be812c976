"""People are asked to agree: 会签, 或签, 依次, 逐级 and 票签."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.asking import people, roster
from lowcode.flows.nodes.asking.asking import (
    PERMITS,
    Asking,
    CheckDocument,
    DeadlineDocument,
    FieldsDocument,
    Permit,
    ask,
    late,
    read_checklist,
    read_fields,
    read_ladder,
    read_link,
    read_sources,
)
from lowcode.flows.nodes.asking.people import Sources
from lowcode.flows.nodes.asking.reviewers.kind import read_reviewer
from lowcode.flows.nodes.asking.roster import Policies
from lowcode.flows.nodes.asking.spans import SpanDocument
from lowcode.flows.nodes.asking.votes import CHOICES, DEFAULT_DECIDED_BY, DecidedBy, Groups, Mode, Passes, Seat, Voting
from lowcode.flows.nodes.kind import Again, Go, HandOn, NodeDocument, Rest, Settle, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Name, Part, Text

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class PassesDocument(Part):
    """When a vote passes: by `count` or by `share`."""

    count: int | None = Field(
        None, ge=1, description="So many have to agree (M of N); of fewer people all. With weighted: so much weight."
    )
    share: str | None = Field(None, description="Such a part has to agree: 2/3, 60%, 0.5.")
    weighted: bool = Field(False, description="Count weights and not heads.")
    more_than: bool = Field(False, description="More than that, not as much as that.")
    abstentions: Literal["count", "left_out"] = Field(
        "count", description="Whether those who abstain are among those of whom a share is taken."
    )


class ApproveDocument(NodeDocument):
    """Asks people to approve the record."""

    type: Literal["approve"]
    approvers: Sources = Field(description="Who is asked.")
    mode: Mode = Field(
        "all",
        description="all: everybody has to agree (会签); any: one person is enough (或签); in_order: one after the "
        "other (依次); vote: enough have to agree (票签).",
    )
    decided_by: DecidedBy | None = Field(
        None,
        description="all, in_order: by the first_rejection (default), or when everyone has answered; "
        "any: by the first_decision whatever it is (default), or by the first_agreement.",
    )
    passes: PassesDocument | None = Field(None, description="vote: when it passes.")
    groups: Groups = Field(
        "together", description="together: all people are one round; each: every entry of `approvers` has to pass."
    )
    claim: bool = Field(False, description="any: one of them may take it for themselves (认领).")
    nobody: roster.Nobody = Field("to_administrator", description="What happens when nobody is found.")
    instead: Sources = Field(default_factory=list, description="Who is asked when nobody is found, before `nobody`.")
    starter_is_approver: roster.StarterIsApprover = Field(
        "keep", description="The starter among the approvers is asked (keep), left out (skip), or somebody above is."
    )
    same_person: roster.SamePerson = Field(
        "ask", description="Who approved before in this flow: asked again, or taken as agreed (skip, skip_consecutive)."
    )
    absent: roster.Absent = Field(
        "agent",
        description="Who is away: their agent is asked, or they themselves where they named none (agent); they "
        "themselves (keep); nobody (skip); their superior (manager).",
    )
    approved: str = Field(description="Where it goes on when they agree.")
    rejected: str = Field(description="Where it goes on when they do not.")
    late: str | None = Field(None, description="Where it goes on when the deadline says 'leave'.")
    returns: list[str] = Field(
        default_factory=list,
        description="Where an approver may send it back to (驳回): starter, previous, any, or ids of nodes.",
    )
    resume: Literal["again", "refuser", "choose"] = Field(
        "again", description="After that: every step again, straight to who refused, or as that person chooses."
    )
    help: Text = Field("", description="What to look at, in words.")
    checklist: list[CheckDocument] = Field(default_factory=list, description="What whoever agrees has to tick.")
    fields: FieldsDocument = FieldsDocument()
    opinion: Literal["none", "optional", "required", "required_to_reject"] = "optional"
    signature: bool = Field(False, description="Whoever agrees has to sign.")
    attachment: bool = Field(False, description="Whoever agrees has to add a file.")
    by_link: SpanDocument | None = Field(
        None,
        description="Whoever is asked gets a letter with a link by which they may decide for that long without signing "
        "in: once, and only after they looked at it.",
    )
    link_by: Name = Field(
        "mail",
        description="How the link is sent: `mail`, or a connector that reaches people by their account, such as a "
        "`dingtalk_app`, whose card has a button for each decision. Who has no account there gets a letter.",
    )
    permits: list[Permit] = Field(list(PERMITS), description="What those asked may do beside deciding.")
    deadline: DeadlineDocument | None = None
    reviewer: Any = Field(
        None, description="A program that looks at it too, gives advice, and within limits decides (AI 审批)."
    )


class ApproveNode(Step):
    """Rests until enough people have said yes or no."""

    name = "approve"
    document = ApproveDocument

    def exits(self, document: ApproveDocument) -> Mapping[str, tuple[str, str]]:
        """Agreed or not, or late."""
        found = {"approved": ("/approved", document.approved), "rejected": ("/rejected", document.rejected)}
        return {**found, "late": ("/late", document.late)} if document.late is not None else found

    def compile(self, document: ApproveDocument, reading: Reading) -> Understood:
        """The sources, the policies and the vote."""
        # Taken as agreed without being asked would leave an opinion or a signature unwritten.
        written = document.opinion == "required" or document.signature or document.attachment
        policies = Policies(
            document.nobody,
            document.starter_is_approver,
            "ask" if written else document.same_person,
            document.absent,
            document.groups == "each",
        )
        asking = Asking(
            read_sources(document.approvers, reading, "/approvers", document.id),
            policies,
            read_ladder(document.deadline, reading, document.late),
            people.read(document.instead, reading, "/instead", document.id),
        )
        values: dict[str, Any] = {
            "rests": True,
            "voting": _voting(document, reading),
            "locks": True,
            **read_fields(document.fields, reading),
            "opinion": document.opinion,
            "help": document.help,
            "checklist": read_checklist(document.checklist, reading),
            "signature": document.signature,
            "attachment": document.attachment,
            "by_link": read_link(document, reading),
            "link_by": document.link_by,
            "permits": frozenset((*document.permits, *(("claim",) if document.claim else ()))),
            "returns": tuple(document.returns),
            "resume": document.resume,
            "reviewer": read_reviewer(document, reading),
        }
        return Understood(asking, values)

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Seat the people; where a policy decides without anybody, go on at once."""
        return ask(work, node, node.work, {"approve": "approved", "reject": "rejected"})

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Go | Settle | HandOn | Again:
        """The deadline, and the ladder after it."""
        return late(work, node, seats, times)


def _voting(document: ApproveDocument, reading: Reading) -> Voting:
    decided_by = document.decided_by or DEFAULT_DECIDED_BY[document.mode]
    if decided_by not in CHOICES[document.mode]:
        known = CHOICES[document.mode]
        reading.finding("decided-by", "/decided_by", seen=decided_by, mode=document.mode, known=known)
        decided_by = known[0]
    if (document.mode == "vote") != (document.passes is not None):
        reading.finding("vote-passes", "/passes" if document.passes is not None else "", mode=document.mode)
    if document.claim and document.mode != "any":
        reading.finding("claim-mode", "/claim", mode=document.mode)
    passes = _passes(document.passes, reading) if document.passes is not None else Passes(1)
    exits: Any = {"approve": "approved", "reject": "rejected"}
    return Voting(document.mode, decided_by, exits, passes, document.groups, document.claim)


def _passes(document: PassesDocument, reading: Reading) -> Passes:
    if (document.count is None) == (document.share is None):
        reading.finding("passes-how", "/passes")
    share = None
    if document.share is not None:
        share = _share(document.share)
        if share is None:
            reading.finding("not-a-share", "/passes/share", seen=document.share)
    counts = document.abstentions == "count"
    return Passes(document.count, share, document.weighted, document.more_than, counts)


def _share(text: str) -> Fraction | None:
    """2/3, 60% or 0.5 as an exact fraction between 0 and 1."""
    stripped = text.strip()
    try:
        found = Fraction(stripped.removesuffix("%").strip())
    except (ValueError, ZeroDivisionError):
        return None
    found = found / 100 if stripped.endswith("%") else found
    return found if 0 < found <= 1 else None
