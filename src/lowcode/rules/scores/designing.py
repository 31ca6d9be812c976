"""What the designer of score cards asks: what may be written, what is wrong with a card as it would be, what it would
give a record or a set, and how far the records of a changed card have been scored anew.

As with decision tables, a card that is designed is the document itself; it is looked at and published by `app.plan` and
`app.publish`, as any other document.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.definitions.designing import palette, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Problem, Rejected, Report
from lowcode.rules.compile_score import compile_score
from lowcode.rules.scores.card import ScoreCard
from lowcode.rules.scores.documents import ScoreCardDocument
from lowcode.rules.scores.keeping import cards_of, standing
from lowcode.rules.scores.learning import model_of
from lowcode.rules.scores.operations import Looking, OfCard, card_of, tried
from lowcode.rules.scores.words import CHOICES, OPTIONS


class CheckScore(Parameters):
    """A score card as it would be."""

    document: dict[str, Any]


class TryScore(CheckScore, Looking):
    """The same, for one record or a set."""


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return schema_of(ScoreCardDocument)


def score_palette(context: Context, _: Nothing) -> Annotated[dict[str, Any], has(schema=dict, kinds=list, words=dict)]:
    """The schema of what may be written, the words for it, and the forms, relations, scorers and functions there are.

    `relations`: of each form the relations whose records may be counted, with the form they lead to."""
    app: Any = context.app
    return {
        "schema": _schema(),
        "kinds": [],
        "words": {"groups": {}, "options": OPTIONS, "choices": CHOICES},
        "forms": sorted(app.scope.names("form")),
        "relations": {
            name: {relation: each.record_type for relation, each in record_type.relations.items()}
            for name, record_type in app.types.items() if record_type.relations
        },
        "scorers": list(_scorers(context).names),
        **palette(context),
    }  # fmt: skip


def _scorers(context: Context) -> Any:
    host: Any = context.host
    return host.kinds["scorer"]


def examine(context: Context, document: Mapping[str, Any]) -> tuple[Report, ScoreCard | None]:
    """A card held against the app as it stands: what is wrong with it, and what it is where it can be understood."""
    report = Report()
    source = SourceDocument("rules", Source(f"rules/{document.get('name')}.json", None, dict(document)))
    written: ScoreCardDocument | None = parse(ScoreCardDocument, source, report)
    if written is None:
        return report, None
    return report, compile_score(written, source, context.app.scope, report, _scorers(context))


def check_score(
    context: Context, params: CheckScore
) -> Annotated[dict[str, Any], has(findings=list[dict], elsewhere=bool, scores=object)]:
    """Everything that is wrong with a card (`findings`). `elsewhere`: other documents may speak of what the card no
    longer says: of another field, or of bands."""
    report, found = examine(context, params.document)
    now = cards_of(context.app).get(str(params.document.get("name")))
    return {
        "findings": told(report, context.actor.locale),
        "elsewhere": now is not None and (found is None or _known(now) != _known(found)),
        "scores": None if found is None else found.field,
    }


def _known(card: ScoreCard) -> tuple[Any, ...]:
    """What others know of a card."""
    return card.form, card.field, card.band_field, {each.name for each in card.bands}


def try_score(
    context: Context, params: TryScore
) -> Annotated[dict[str, Any], has(card=str, looked_at=int, results=list[dict])]:
    """What a card would give, as `rules.try_card` says it, with the label of each record. Raises Rejected with what is
    wrong with it."""
    report, card = examine(context, params.document)
    if card is None or report.errors:
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])
    found = tried(context, card, params)
    labels = context.ask("records.label", type=card.form, ids=tuple(each["record"] for each in found["results"]))
    return found | {"results": [{**each, "label": labels.get(each["record"])} for each in found["results"]]}


def scores(context: Context, _: Nothing) -> Items:
    """The score cards of the app: `{"items": [{"card", "title", "form", "field", "parts", "bands", "learned"}]}`."""
    return {
        "items": [
            {"card": each.name, "title": each.title, "form": each.form, "field": each.field,
             "parts": len(each.attributes) + len(each.behaviours) + (each.learned is not None),
             "bands": [{"name": band.name, "title": band.title} for band in each.bands],
             "learned": each.learned is not None}
            for each in sorted(cards_of(context.app).values(), key=lambda each: each.name)
        ]
    }  # fmt: skip


def score_progress(context: Context, params: OfCard) -> Annotated[dict[str, Any], has(card=str, model=int | None)]:
    """How far the records of a card are scored by it as it is: `records` in all, and those `left`."""
    card = card_of(context, params.card)
    model = model_of(context, card)
    return {"card": card.name, "model": model.number if model is not None else None, **standing(context, card)}


OPERATIONS = (
    Operation(
        "rules.score_palette", score_palette, Nothing, "administrator", False,
        {"en": "What a score card may say", "zh-CN": "评分卡设计器选项"},
    ),
    Operation(
        "rules.check_score", check_score, CheckScore, "administrator", False,
        {"en": "What is wrong with a score card", "zh-CN": "检查评分卡"},
    ),
    Operation(
        "rules.try_score", try_score, TryScore, "administrator", False,
        {"en": "What a score card would give", "zh-CN": "试算未发布的评分卡"},
    ),
    Operation(
        "rules.scores", scores, Nothing, "administrator", False,
        {"en": "The score cards", "zh-CN": "评分卡列表"},
    ),
    Operation(
        "rules.score_progress", score_progress, OfCard, "administrator", False,
        {"en": "How far records are scored anew", "zh-CN": "评分更新进度"},
    ),
)  # fmt: skip
