"""Models of the learned part of score cards: learned from the app's own records, judged, kept with a number, adopted
and given up by a person. A score says by which model it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.rules import diagnostics as words
from lowcode.rules import tables as t
from lowcode.rules.scores.card import Model, ScoreCard, features_of
from lowcode.rules.scores.judging import LEAST, LEAST_EACH, enough, judged
from lowcode.rules.scores.scorers.kind import Example
from lowcode.rules.selecting import select_records

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

MOST = 5000
"""Records a model learns from: the newest."""

PAGE = 500
ADOPTED = sa.select(t.model).where(t.model.c.card == sa.bindparam("card"), t.model.c.adopted_at.is_not(None))
ALL = sa.select(t.model).where(t.model.c.card == sa.bindparam("card")).order_by(t.model.c.number.desc())
LAST = sa.select(sa.func.max(t.model.c.number).label("number")).where(t.model.c.card == sa.bindparam("card"))
GIVE_UP = sa.update(t.model).where(t.model.c.card == sa.bindparam("of_card")).values(adopted_at=None)
ADOPT = (
    sa.update(t.model)
    .where(t.model.c.card == sa.bindparam("of_card"), t.model.c.number == sa.bindparam("of_number"))
    .values(adopted_at=sa.bindparam("now_at", type_=t.model.c.adopted_at.type), by=sa.bindparam("person"))
)


class OfCard(Parameters):
    """A score card, by name."""

    card: str


class Adopt(OfCard):
    """A model of a card, by number; 0 gives the adopted one up."""

    number: int = Key(ge=0)


def model_of(context: Context, card: ScoreCard) -> Model | None:
    """The model a card scores by now: None when it has no learned part, or none was adopted."""
    if card.learned is None:
        return None
    row = context.unit.one(ADOPTED, card=card.name)
    return Model(row["number"], row["model"]) if row is not None and row["scorer"] == card.learned.scorer.name else None


def examples_of(context: Context, card: ScoreCard) -> list[Example]:
    """The newest records whose outcome is settled, with the features they have now, the oldest first."""
    learned = card.learned
    assert learned is not None
    found = select_records(context.as_app(), ("learn", card.name), card.form, when=learned.settled)
    ids = [row["id"] for row in found][-MOST:]
    moment, examples = context.moment(), []
    needs = [learned.outcome, *(each for part in card.attributes for each in part.expressions)]
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        facts = context.as_app().facts(card.form, page, needs)
        for each in page:
            if each in facts:
                outcome = learned.outcome.test(facts[each], moment)
                examples.append(Example(features_of(card, facts[each], moment), outcome))
    return examples


def learn(context: Context, params: OfCard) -> dict[str, Any]:
    """Learn a model anew and say how good it is on records it has not seen; it scores nothing until it is adopted.
    Rejected when there is too little to learn from."""
    card = learning_card(context, params.card)
    assert card.learned is not None
    examples = examples_of(context, card)
    if not enough(examples):
        won = sum(each.outcome for each in examples)
        said = {"records": len(examples), "won": won, "lost": len(examples) - won, "least": LEAST, "each": LEAST_EACH}
        raise Rejected(words.problem("too-little-history", words.TOO_LITTLE_HISTORY, "/card", **said))
    report = judged(card.learned.scorer, examples)
    model = card.learned.scorer.learn(examples)
    last = context.unit.one(LAST, card=card.name)
    number = int((last and last["number"]) or 0) + 1
    context.unit.insert(
        t.model, card=card.name, number=number, scorer=card.learned.scorer.name, version=card.version,
        at=context.now(), by=context.actor.id, model=model, report=report,
    )  # fmt: skip
    return {"card": card.name, "number": number, **report}


def adopt(context: Context, params: Adopt) -> dict[str, Any]:
    """Score by a model from now on, or by none; every record is scored anew by and by."""
    card = learning_card(context, params.card)
    context.unit.run(GIVE_UP, of_card=card.name)
    if params.number:
        asked = {"of_card": card.name, "of_number": params.number, "now_at": context.now()}
        if not context.unit.run(ADOPT, **asked, person=context.actor.id):
            raise NotFound(words.problem("no-such-model", words.NO_SUCH_MODEL, "/number", number=params.number))
    return {"card": card.name, "number": params.number}


def models(context: Context, params: OfCard) -> dict[str, Any]:
    """The models of a card, the newest first: when they were learned, how good they are, which is in use."""
    card = learning_card(context, params.card)
    names = ("number", "scorer", "at", "by", "report", "adopted_at")
    rows = context.unit.fetch(ALL, card=card.name)
    return {"card": card.name, "items": [{name: row[name] for name in names} for row in rows]}


def learning_card(context: Context, name: str) -> ScoreCard:
    """A card with a learned part. Raises NotFound."""
    cards: Mapping[str, ScoreCard] = context.app.plans["rules"].cards
    if name not in cards or cards[name].learned is None:
        raise NotFound(words.problem("nothing-to-learn", words.NOTHING_TO_LEARN, "/card", name=name))
    return cards[name]


OPERATIONS = (
    Operation(
        "rules.learn", learn, OfCard, "administrator",
        summary={"en": "Learn a score from the past", "zh-CN": "学习评分模型"},
    ),
    Operation(
        "rules.adopt_model", adopt, Adopt, "administrator",
        summary={"en": "Score by a model", "zh-CN": "启用评分模型"},
    ),
    Operation(
        "rules.models", models, OfCard, "administrator", False, {"en": "Models of a card", "zh-CN": "评分模型"}
    ),
)  # fmt: skip
