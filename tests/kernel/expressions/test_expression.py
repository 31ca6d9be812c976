"""The public face: what an expression knows of itself, its messages, its limits."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from lowcode.kernel.calendar import Calendar
from lowcode.kernel.expressions import (
    CycleError,
    DependencyGraph,
    Expression,
    ExpressionError,
    Moment,
    Place,
    Type,
    catalogue,
    compile_expression,
    fuse,
    parse,
)
from lowcode.kernel.expressions.functions import FORMS
from tests.conformance.expressions.support import flat_record, moment_of, shapes_of

FIELDS = {
    "amount": "number:2", "status": "choice:new|won|lost", "due": "date", "name": "text", "customer": "record:customer",
    "customer.owner": "user", "customer.owner.region": "text", "items": "rows:item", "items.amount": "number:2",
    "items.product": "record:product", "items.product.price": "number:2",
}  # fmt: skip
SHAPES = shapes_of(FIELDS)
MOMENT = moment_of({}, FIELDS)


def made(text: str, record: str = "subject", place: Place = Place.READ) -> Expression:
    return compile_expression(text, SHAPES, record, place=place)


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as raised:
        made(text)
    return raised.value


def test_an_expression_names_what_it_reads() -> None:
    """The caller loads exactly these paths."""
    expression = made('customer.owner.region = "N" and SUM(items.amount * items.product.price, amount > 1) > amount')
    assert expression.paths == {"amount", "customer.owner.region"}
    assert expression.rows == {"items": {"amount", "product.price"}}
    assert "user.region" in expression.reads and "product.price" in expression.reads
    assert not expression.volatile
    assert made("DAYSSINCE(due) > 3").volatile


def test_a_message_underlines_the_place_and_offers_the_nearest_name() -> None:
    """Where, what, cure."""
    (problem,) = refusal("1 = 1 and\namuont > 3").problems
    assert (2, 1, "amount") == (problem.line, problem.column, problem.nearest)
    assert "amuont > 3\n  ^^^^^^\n  Did you mean amount?" in str(problem)


def test_every_mistake_is_told_at_once() -> None:
    """Nobody corrects one mistake to find the next."""
    codes = [one.code for one in refusal('amuont > 3 and status = "wno" and LENN(name)').problems]
    assert ["expressions.unknown-field", "expressions.unknown-option", "expressions.unknown-function"] == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1" + "+1" * 4999, "too-long"),
        ("1" + "+1" * 400, "too-many-parts"),
        ("not " * 300 + "true", "too-deep"),
        ("(" * 60 + "1" + ")" * 60, None),
        ("+".join(["SUM(items.amount)"] * 9), "too-many-aggregates"),
    ],
)
def test_what_is_too_large_is_refused(text: str, code: str | None) -> None:
    """A definition cannot make the server work without bound."""
    if code is None:
        made(text)
    else:
        assert [f"expressions.{code}"] == [one.code for one in refusal(text).problems]


def test_explain_names_the_blank_field() -> None:
    """A condition that is not met says which field was blank."""
    record = flat_record(FIELDS, {"amount": "5"})
    trace = made("amount > 3 and DAYSSINCE(due) > 3").explain(record, MOMENT)
    assert (None, ("due",)) == (trace.value, trace.blanks)
    assert {"amount > 3": True, "amount": Decimal(5), "due": None, "DAYSSINCE(due)": None}.items() <= {
        one.text: one.value for one in trace.walk()
    }.items()


def test_circles_are_refused_across_roll_ups() -> None:
    """A formula may not need itself, however long the way."""
    graph = DependencyGraph()
    graph.add("subject.amount", made("SUM(items.amount)"))
    graph.add("item.amount", made("product.price * 2", "item"))
    assert ("item.amount", "subject.amount") == graph.order()
    assert ("item.amount", "subject.amount") == graph.affected(frozenset({"product.price"}))
    graph.add("item.amount", made("amount + 1", "item"))
    with pytest.raises(CycleError, match=r"item.amount → item.amount"):
        graph.order()


def test_fused_conditions_find_what_each_finds() -> None:
    """The hash on equality columns and the order of bounds change nothing but the time."""
    texts = [f'status = "{one}" and amount > {n}' for n, one in enumerate(["new", "won", "lost"] * 20)]
    texts += [f"amount {op} {n}" for op in ("<", "<=", ">", ">=") for n in (1, 2, 2, 30)]
    texts += [f'{n} < amount and name = "{name}"' for n in (1, 2, 30) for name in "ab"]
    texts += ["amount > 3", 'status in ("won", blank)', "status is blank", 'name = "a"', "not (amount > 3)"]
    rules = [(number, made(text)) for number, text in enumerate(texts)]
    fused = fuse(rules)
    for status in ("new", "won", "lost", None):
        for amount in ("2", "30", None):
            record = flat_record(FIELDS, {"status": status, "amount": amount, "name": "a"})
            wanted = [key for key, expression in rules if expression.test(record, MOMENT)]
            assert wanted == fused(record, MOMENT, {})


def test_variables_stand_beside_the_record_and_may_not_hide_fields() -> None:
    """A name means one thing."""
    known = {"rate": Type("number", scale=2), "payload.name": Type("text")}
    expression = compile_expression("amount * rate & payload.name", SHAPES, "subject", variables=known)
    record = flat_record(FIELDS, {"amount": "2"})
    assert "3x" == expression.evaluate(record, MOMENT, rate=Decimal("1.5"), **{"payload.name": "x"})
    with pytest.raises(ExpressionError, match="variable and a field"):
        compile_expression("amount", SHAPES, "subject", variables={"amount": Type("number")})


def test_the_place_decides_what_is_expected() -> None:
    """A default for a choice must be one of its options."""
    compile_expression('"won"', SHAPES, "subject", expect=Type("choice", options=("won", "lost")))
    with pytest.raises(ExpressionError, match="not one of the options"):
        compile_expression('"wno"', SHAPES, "subject", expect=Type("choice", options=("won", "lost")))
    with pytest.raises(ExpressionError, match="needs a boolean"):
        compile_expression("amount", SHAPES, "subject", expect=Type("boolean"))


def test_a_measure_aggregates_the_set_itself() -> None:
    """Reports write SUM(amount) over what they selected."""
    measure = made('SUM(amount, status = "won") / COUNT()', place=Place.AGGREGATE)
    rows = [flat_record(FIELDS, {"amount": "4", "status": "won"}), flat_record(FIELDS, {"amount": "9"})]
    assert Decimal(2) == measure.evaluate({"": rows}, MOMENT)
    with pytest.raises(ExpressionError, match="only inside an aggregate"):
        made("amount", place=Place.AGGREGATE)


def test_the_shipped_tables_belong_to_the_grammar() -> None:
    """What is shipped was made from the grammar beside it; `frozen_tables` makes it anew."""
    parse_module = sys.modules["lowcode.kernel.expressions.parse"]
    import pickle

    shipped = pickle.loads(files("lowcode.kernel.expressions").joinpath("grammar.tables").read_bytes())  # noqa: S301
    assert parse_module.grammar_source() == shipped["grammar"]
    assert parse_module.build_parser().parse("amount > 3") == parse_module.parser().parse("amount > 3")


def test_importing_builds_no_parser() -> None:
    """The tables are read when the first expression is, not before; SQLAlchemy when the first SQL is."""
    code = (
        "import sys, lowcode.kernel.expressions as e; from lowcode.kernel.expressions.parse import parser;"
        "assert parser.cache_info().currsize == 0; assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


def test_every_function_is_declared_once_and_described() -> None:
    """The table is the reference page, the checker's signatures and the browser's contract."""
    names = set(catalogue()) | set(FORMS)
    assert len(names) >= 105
    assert not set(catalogue()) & set(FORMS)
    assert all(one.summary.endswith(".") and one.parameters for one in catalogue().values())
    page = files("lowcode").joinpath("../../docs/expressions-javascript.md").read_text(encoding="utf-8")
    assert [name for name, one in catalogue().items() if one.javascript and f"`{name}(" not in page] == []


def test_long_texts_leave_no_trees_behind() -> None:
    """Anyone who may filter a list may send texts of the full length, each another: memory does not grow with them."""
    before = parse._kept.cache_info().currsize
    for number in range(20):
        parse.parse(f"{number} + " + " + ".join(["1"] * 200))
    assert parse._kept.cache_info().currsize == before
    parse.parse("1 + 20261128")
    assert parse._kept.cache_info().currsize in (before + 1, parse.KEPT)


def test_of_centuries_nobody_counts_the_working_hours() -> None:
    """Days are looked at one by one: of two instants at the ends of all calendars that took seconds for each record."""
    moment = Moment(MOMENT.now, calendar=Calendar(ZoneInfo("Asia/Shanghai")))
    long = made("WORKINGHOURS(DAYSTART(DATE(1, 1, 3)), DAYSTART(DATE(9999, 12, 29)))")
    short = made("WORKINGHOURS(DAYSTART(DATE(2026, 3, 2)), DAYSTART(DATE(2026, 3, 4)))")
    assert (None, Decimal(18)) == (long.evaluate({}, moment), short.evaluate({}, moment))
