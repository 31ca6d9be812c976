"""One expression against a hand-written lambda, and against the engines people would otherwise embed.

The record has 30 fields and two linked records, as records have: engines written in other languages convert all of it
for each evaluation, and that is what their users pay. The lambda minds blanks, as ours does and as one has to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import rule_engine
import zen

from bench.harness import Comparison, Size
from lowcode.kernel.expressions import FieldShape, Moment, RecordShape, Shapes, Type, compile_expression

Record = Mapping[str, Any]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Case:
    """The same condition or amount, as each side writes it. `fields` is what it names, with the kind of each."""

    name: str
    ours: str
    other: Callable[[Record], Any]
    zen: str
    rule: str
    condition: bool


def _simple(r: Record) -> bool:
    return (amount := r["amount"]) is not None and amount > 1000


def _five_terms(r: Record) -> bool:
    return (
        (amount := r["amount"]) is not None
        and amount > 1000
        and r["grade"] in ("A", "B")
        and r["stage"] != "lost"
        and r["customer.owner.region"] in ("华东", "华北")
        and ((discount := r["discount"]) is not None and discount <= Decimal("0.3"))
    )


def _arithmetic(r: Record) -> Decimal | None:
    quantity, price, discount = r["quantity"], r["price"], r["discount"]
    if quantity is None or price is None or discount is None:
        return None
    amount: Decimal = quantity * price * (1 - discount)
    return amount.quantize(CENT, ROUND_HALF_UP)


CASES = (
    Case("simple condition", "amount > 1000", _simple, "amount > 1000", "amount > 1000", True),
    Case(
        "condition of five terms",
        'amount > 1000 and grade in ("A", "B") and stage <> "lost"'
        ' and customer.owner.region in ("华东", "华北") and discount <= 0.3',
        _five_terms,
        'amount > 1000 and grade in ["A", "B"] and stage != "lost"'
        ' and customer.owner.region in ["华东", "华北"] and discount <= 0.3',
        'amount > 1000 and grade in ["A", "B"] and stage != "lost"'
        ' and customer["owner"]["region"] in ["华东", "华北"] and discount <= 0.3',
        True,
    ),
    Case(
        "line amount, rounded",
        "ROUND(quantity * price * (1 - discount), 2)",
        _arithmetic,
        "round(quantity * price * (1 - discount) * 100) / 100",
        "quantity * price * (1 - discount)",
        False,
    ),
)


def shapes() -> Shapes:
    """A quote of a customer who has an owner; numbers have the places that fields of forms have."""

    def record(name: str, fields: Mapping[str, Type]) -> RecordShape:
        return RecordShape(name, {field: FieldShape(field, field, type_) for field, type_ in fields.items()})

    text, money, share = Type("text"), Type("number", scale=2), Type("number", scale=4)
    plain = {f"note_{index}": text for index in range(23)}
    quote = {"amount": money, "quantity": money, "price": money, "discount": share, "grade": text, "stage": text}
    return Shapes({
        "quote": record("quote", {**quote, "customer": Type("record", record="customer"), **plain}),
        "customer": record("customer", {"name": text, "owner": Type("record", record="owner")}),
        "owner": record("owner", {"region": text, "name": text}),
    })  # fmt: skip


def flat_record() -> dict[str, Any]:
    """As the house keeps a record: one flat mapping by dotted path."""
    own = {
        "amount": Decimal("12800.50"), "quantity": Decimal(12), "price": Decimal("1066.71"),
        "discount": Decimal("0.05"), "grade": "A", "stage": "negotiating", "customer": 7,
        "customer.owner": 3, "customer.owner.region": "华东",
    }  # fmt: skip
    return {**own, **{f"note_{index}": f"跟进记录 {index}" for index in range(23)}}


def nested_record() -> dict[str, Any]:
    """As engines from elsewhere are given it: nested, with floats."""
    flat = flat_record()
    own = {key: float(value) if isinstance(value, Decimal) else value for key, value in flat.items() if "." not in key}
    owner = {"name": "李娜", "region": "华东", "phone": "13800000000", "department": "east", "active": True}
    return {**own, "customer": {"name": "上海远景", **{f"fact_{i}": i for i in range(12)}, "owner": owner}}


def comparisons(size: Size) -> Iterator[Comparison]:
    """Ours against the hand-written lambda, zen-engine and rule-engine."""
    batch = size.of(BATCH)
    known, moment = shapes(), Moment(datetime(2026, 3, 2, 9, tzinfo=UTC))
    flat, nested = flat_record(), nested_record()
    for case in CASES:
        expression = compile_expression(case.ours, known, "quote")
        evaluate: Callable[..., Any] = expression.test if case.condition else expression.evaluate
        assert evaluate(flat, moment) == case.other(flat), case.name
        yield Comparison(
            f"{case.name}: hand-written lambda", _ours(evaluate, flat, moment, batch),
            _calls(case.other, flat, batch), 0.7, "evaluations", batch,
        )  # fmt: skip
        zen_expression, rule = zen.compile_expression(case.zen), rule_engine.Rule(case.rule)
        _agree(case, evaluate(flat, moment), zen_expression.evaluate(nested), rule.evaluate(nested))
        others: tuple[tuple[str, Callable[[Any], Any]], ...] = (
            ("zen-engine", zen_expression.evaluate), ("rule-engine", rule.evaluate),
        )  # fmt: skip
        for name, other in others:
            yield Comparison(
                f"{case.name}: {name}", _ours(evaluate, flat, moment, batch), _calls(other, nested, batch), 20,
                "evaluations", batch,
            )  # fmt: skip


def _agree(case: Case, ours: Any, *others: Any) -> None:
    """A race is fair only when all arrive at the same place."""
    for other in others:
        same = bool(ours) == bool(other) if case.condition else abs(float(ours) - float(other)) < 0.01
        assert same, f"{case.name}: {ours} and {other}"


BATCH = 1000


def _ours(evaluate: Callable[..., Any], record: Record, moment: Moment, batch: int) -> Callable[[], None]:
    def work() -> None:
        for _ in range(batch):
            evaluate(record, moment)

    return work


def _calls(evaluate: Callable[[Record], Any], record: Record, batch: int) -> Callable[[], None]:
    def work() -> None:
        for _ in range(batch):
            evaluate(record)

    return work
