"""Models of the learned part of score cards: learned from the app's own records, judged, kept with a number, adopted
and given up by a person. A score says by which model it was made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.records.selecting import select_records
from lowcode.rules import diagnostics as words
from lowcode.rules import tables as t
from lowcode.rules.scores.card import Model, ScoreCard, features_of
from lowcode.rules.scores.judging import LEAST, LEAST_EACH, enough, judged
from lowcode.rules.scores.scorers.kind import Example

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

MOST = 5000
"""Records a model learns from: the newest."""

PAGE = 500
EFFECTS, SEEN = 12, 0.05
"""What is told of a model: its strongest effects, of those that change the odds by a twentieth and more."""
IN_USE = (t.model.c.adopted_at.is_not(None), t.model.c.given_up_at.is_(None))
ADOPTED = sa.select(t.model).where(t.model.c.card == sa.bindparam("card"), *IN_USE)
ALL = sa.select(t.model).where(t.model.c.card == sa.bindparam("card")).order_by(t.model.c.number.desc())
LAST = sa.select(sa.func.max(t.model.c.number).label("number")).where(t.model.c.card == sa.bindparam("card"))
NOW = sa.bindparam("now_at", type_=t.model.c.adopted_at.type)
GIVE_UP = sa.update(t.model).where(t.model.c.card == sa.bindparam("of_card"), *IN_USE).values(given_up_at=NOW)
ADOPT = (
    sa.update(t.model)
    .where(t.model.c.card == sa.bindparam("of_card"), t.model.c.number == sa.bindparam("of_number"))
    .values(adopted_at=NOW, adopted_by=sa.bindparam("person"), given_up_at=None)
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


def learn(
    context: Context, params: OfCard
) -> Annotated[dict[str, Any], has(card=str, number=int, examples=int, with_outcome=int, of_use=bool)]:
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


def adopt(context: Context, params: Adopt) -> Annotated[dict[str, Any], has(card=str, number=int)]:
    """Score by a model from now on, or by none; every record is scored anew by and by."""
    card = learning_card(context, params.card)
    at = {"of_card": card.name, "now_at": context.now()}
    context.unit.run(GIVE_UP, **at)
    if params.number:
        if not context.unit.run(ADOPT, **at, of_number=params.number, person=context.actor.id):
            raise NotFound(words.problem("no-such-model", words.NO_SUCH_MODEL, "/number", number=params.number))
    return {"card": card.name, "number": params.number}


def models(context: Context, params: OfCard) -> Items:
    """The models of a card, the newest first: when and by whom they were learned and adopted, how good they are, what
    they learned of each attribute, which is in use."""
    card = learning_card(context, params.card)
    names = ("number", "scorer", "at", "report", "adopted_at", "given_up_at")
    people = context.host.directory(context.unit).users
    items = [
        {
            **{name: row[name] for name in names},
            **{name: people[row[name]].name if row[name] in people else None for name in ("by", "adopted_by")},
            "in_use": row["adopted_at"] is not None and row["given_up_at"] is None,
            "effects": effects_of(card, row),
        }
        for row in context.unit.fetch(ALL, card=card.name)
    ]
    return {"card": card.name, "items": items}


def effects_of(card: ScoreCard, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a model learned of each case of each attribute: by how much it multiplies the odds, the strongest first. An
    attribute that is a number counts by its size, and is named without one."""
    learned = card.learned
    assert learned is not None
    if row["scorer"] != learned.scorer.name:
        return []
    found: list[tuple[float, Any, str]] = []
    for part in card.attributes:
        for case in part.cases:
            odds = learned.scorer.predict(row["model"], {part.name: case.when.text}).parts.get(part.name, 0.0)
            if abs(odds) >= SEEN:
                found.append((odds, part.title or part.name, case.when.text))
    strongest = sorted(found, key=lambda each: -abs(each[0]))[:EFFECTS]
    return [{"attribute": name, "case": case, "odds": round(math.exp(odds), 2)} for odds, name, case in strongest]


def learning(context: Context, _: Nothing) -> Items:
    """The cards that learn: what is learned from which records, how many there are, and how many it takes."""
    cards: Mapping[str, ScoreCard] = context.app.plans["rules"].cards
    items = []
    for card in cards.values():
        if card.learned is None:
            continue
        found = select_records(context.as_app(), ("learn", card.name), card.form, when=card.learned.settled)
        model = model_of(context, card)
        items.append({
            "card": card.name, "title": card.title or card.name, "form": card.form, "field": card.field,
            "outcome": card.learned.outcome.text, "settled": card.learned.settled.text,
            "records": sum(1 for _ in islice(found, MOST)), "most": MOST, "least": LEAST, "least_each": LEAST_EACH,
            "in_use": model.number if model is not None else None,
        })  # fmt: skip
    return {"items": items}


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
        "rules.learning", learning, Nothing, "administrator", False,
        {"en": "What learns from the past", "zh-CN": "可学习的评分"},
    ),
    Operation(
        "rules.models", models, OfCard, "administrator", False, {"en": "Models of a card", "zh-CN": "评分模型"}
    ),
)  # fmt: skip
