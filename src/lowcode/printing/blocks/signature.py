"""`signature`: the parties side by side, each with lines to sign on and, where allowed, its seal."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Part, Template
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.pictured import pictures_of
from lowcode.printing.blocks.stamp import Seal, Stamp, compile_stamp
from lowcode.printing.blocks.values import Facts, Value, Words

SIGNED_WIDTH, SIGNED_HEIGHT = 40.0, 12.0
"""Millimetres that a hand signature takes on its line."""


class SignatureItem(Part):
    """A label and what stands on its line; nothing leaves the line to be written on."""

    label: Template
    text: Template = ""
    picture: Expression | None = Field(None, description="A field that holds a hand signature, set on the line.")


class Party(Part):
    """Who signs."""

    title: Template = ""
    items: list[SignatureItem] = Field(min_length=1)
    stamp: Seal | None = None


class SignatureBlock(Block):
    """Who signs, side by side."""

    type: Literal["signature"]
    parties: list[Party] = Field(min_length=1, max_length=4)


@dataclass(frozen=True, slots=True)
class Signing:
    """One party, understood."""

    title: Words
    items: tuple[tuple[Words, Words, Value | None], ...]
    stamp: Stamp | None

    def node(self, facts: Facts) -> Node:
        """The party's part of the node."""
        return {
            "title": self.title.show(facts),
            "items": [
                {"label": label.show(facts), "value": value.show(facts), **signed(hand, facts)}
                for label, value, hand in self.items
            ],
            "stamp": self.stamp.node(facts) if self.stamp is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Signature:
    """All parties, understood."""

    parties: tuple[Signing, ...]

    def draw(self, facts: Facts) -> list[Node]:
        """One node, kept together on a page."""
        return [{"type": "signature", "parties": [party.node(facts) for party in self.parties]}]


def compile_signature(block: SignatureBlock, compiling: Compiling, pointer: str) -> Signature:
    """Every party."""
    parties = []
    for index, party in enumerate(block.parties):
        at = f"{pointer}/parties/{index}"
        items = tuple(
            (
                compiling.words(item.label, f"{at}/items/{place}/label"),
                compiling.words(item.text, f"{at}/items/{place}/text"),
                None if item.picture is None else compiling.pictured(item.picture, f"{at}/items/{place}/picture"),
            )
            for place, item in enumerate(party.items)
        )
        stamp = compile_stamp(party.stamp, compiling, f"{at}/stamp") if party.stamp is not None else None
        parties.append(Signing(compiling.words(party.title, f"{at}/title"), items, stamp))
    return Signature(tuple(parties))


def signed(hand: Value | None, facts: Facts) -> dict[str, Node]:
    """The hand signature on a line, where there is one."""
    found = pictures_of(hand, facts, 1, SIGNED_WIDTH, SIGNED_HEIGHT) if hand is not None else []
    return {"picture": {**found[0], "alt": ""}} if found else {}


PARTIES = (("甲方", "Party A"), ("乙方", "Party B"))
LINES = (("签字", "Signature"), ("日期", "Date"))


def begin_signature(_: Outline) -> dict[str, Any]:
    """Two parties with lines to sign on."""
    items = [{"label": {"zh-CN": chinese, "en": english}} for chinese, english in LINES]
    return {"parties": [{"title": {"zh-CN": zh, "en": en}, "items": deepcopy(items)} for zh, en in PARTIES]}


KIND = BlockKind(
    "signature", SignatureBlock, compile_signature, {"zh-CN": "签字", "en": "Signatures"}, "signing", begin_signature
)
