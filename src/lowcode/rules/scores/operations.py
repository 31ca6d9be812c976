"""What can be asked of scores: why a record has its score and how it moved, and what a card would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, nearest
from lowcode.kernel.records.visible import kept_from
from lowcode.rules import diagnostics as words
from lowcode.rules.scores.card import ScoreCard, band_of, scored, told
from lowcode.rules.scores.keeping import (
    CHANGES,
    STORED,
    Rescore,
    RescoreMany,
    cards_of,
    rescore,
    rescore_many,
)
from lowcode.rules.scores.learning import OPERATIONS as LEARNING
from lowcode.rules.scores.learning import model_of
from lowcode.rules.selecting import paths


class OfCard(Parameters):
    """A score card, by name."""

    card: str


class AskScore(OfCard):
    """The score of a record, and its last changes."""

    record: int
    changes: int = Key(20, ge=0, le=200)


class Looking(Parameters):
    """What is looked at: one record, or those for which `where` holds, the newest first."""

    record: int | None = None
    where: str | None = None
    limit: int = Key(200, ge=1, le=1000)


class TryCard(OfCard, Looking):
    """What a card gives them."""


def card_of(context: Context, name: str) -> ScoreCard:
    """The score card of a name. Raises NotFound."""
    cards = cards_of(context.app)
    if name not in cards:
        raise NotFound(
            words.problem("no-such-card", words.NO_SUCH_CARD, "/card", name=name, near=nearest(name, cards) or "")
        )
    return cards[name]


def ask_score(
    context: Context, params: AskScore
) -> Annotated[dict[str, Any], has(card=str, points=str | None, band=dict | None, contributions=list[dict])]:
    """The score of a record with every contribution, and how it moved; for who may read the record and its score."""
    card = card_of(context, params.card)
    seen = context.ask("records.get", type=card.form, id=params.record, fields=(card.field,))
    if card.field not in seen:
        raise NotFound(words.problem("no-score", words.NO_SCORE, "/record"))
    stored = context.unit.one(STORED, card=card.name, record=params.record)
    changes = context.unit.fetch(CHANGES, card=card.name, record=params.record, count=params.changes)
    return {
        "card": card.name,
        "title": card.title,
        "points": _shown(card, stored["points"]) if stored else None,
        "band": _band(card, stored["band"]) if stored else None,
        "version": stored["version"] if stored else None,
        "until": stored["until"] if stored else None,
        "contributions": _visible(context, card, stored["contributions"]) if stored else [],
        "changes": [
            {
                "at": each["at"], "points": _shown(card, each["points"]), "band": each["band"],
                "former": _shown(card, each["former"]), "former_band": each["former_band"], "version": each["version"],
            }
            for each in changes
        ],
    }  # fmt: skip


def _visible(context: Context, card: ScoreCard, contributions: list[Any]) -> list[Any]:
    """The contributions without the values of fields this person does not see; the points are the score's own."""
    if context.actor.is_administrator:
        return contributions

    def reason(told: Mapping[str, Any]) -> dict[str, Any]:
        values = (told.get("values") or {}).items()
        seen = {path: value for path, value in values if not kept_from(context, card.form, path)}
        return {**told, "values": seen} if "values" in told else dict(told)

    return [{**each, "reasons": [reason(told) for told in each["reasons"]]} for each in contributions]


def _shown(card: ScoreCard, points: Decimal | None) -> Decimal | None:
    """Points with the places of their field."""
    return None if points is None else points.quantize(Decimal(1).scaleb(-card.scale))


def _band(card: ScoreCard, name: str | None) -> Mapping[str, Any] | None:
    return next(
        ({"name": each.name, "title": each.title or each.name} for each in card.bands if each.name == name), None
    )


def try_card(
    context: Context, params: TryCard
) -> Annotated[dict[str, Any], has(card=str, looked_at=int, results=list[dict])]:
    """What a card would give records now, beside what they have; nothing is changed."""
    return tried(context, card_of(context, params.card), params)


def tried(context: Context, card: ScoreCard, params: Looking) -> dict[str, Any]:
    """The same of any card: of one that is not published, too."""
    if params.record is not None:
        ids = [params.record]
    else:
        page = context.ask(
            "records.list", type=card.form, where=params.where, fields=("id",), limit=params.limit, sort=("-id",)
        )
        ids = [row["id"] for row in page["items"]]
    moment, model = context.moment(), model_of(context, card)
    results = []
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    needs = [*card.needs, paths(card.field, *((card.band_field,) if card.band_field else ()))]
    for identity, facts in context.as_app().facts(card.form, ids, needs).items():
        found = scored(card, facts, moment, model)
        had = facts.get(card.field)
        stood = facts.get(card.band_field) if card.band_field else band_of(card, had) if had is not None else None
        results.append(
            {"record": identity, "points": found.points, "band": found.band, "had": had, "band_had": stood,
             "contributions": told(found)}
        )  # fmt: skip
        after[found.band or ""] += 1
        before[stood or ""] += 1
    return {
        "card": card.name,
        "looked_at": len(ids),
        "results": results,
        "bands": dict(after),
        "bands_had": dict(before),
    }


OPERATIONS = (
    Operation(
        "rules.score", ask_score, AskScore, writes=False,
        summary={"en": "Why a score is what it is", "zh-CN": "评分依据"},
    ),
    Operation(
        "rules.try_card", try_card, TryCard, "administrator", False,
        {"en": "Try a score card out", "zh-CN": "试算评分卡"},
    ),
    Operation(
        "rules.rescore", rescore, Rescore, "internal",
        summary={"en": "Score a record anew", "zh-CN": "重新评分"},
    ),
    Operation(
        "rules.rescore_many", rescore_many, RescoreMany, "internal",
        summary={"en": "Bring scores up to date", "zh-CN": "批量更新评分"},
    ),
    *LEARNING,
)  # fmt: skip
