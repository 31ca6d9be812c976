"""Models refuse what they do not know, and say it in the author's words, in the branch the author meant."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from lowcode.kernel.definitions import Document, Expression, Name, Part, Text, load, parse
from lowcode.kernel.diagnostics import Report


class TextField(Part):
    type: Literal["text"]
    name: Name
    required: bool = False
    title: Text = ""


class NumberField(Part):
    type: Literal["number"]
    name: Name
    scale: int = Field(0, ge=0, le=10)


class Set(Part):
    set: dict[str, Expression]


class Words(Part):
    to: list[str]
    text: Text


class Notify(Part):
    notify: Words


class Form(Document):
    fields: tuple[Annotated[TextField | NumberField, Field(discriminator="type")], ...] = ()
    actions: tuple[Set | Notify, ...] = ()
    mode: Literal["all", "any"] = "all"
    source: str | list[str] = Field("*", alias="from")


Case = tuple[str, dict[str, Any], list[tuple[str, str, str]]]


def _field(**values: Any) -> dict[str, Any]:
    return {"fields": [{"type": "text", "name": "a", **values}]}


def _number(scale: Any) -> dict[str, Any]:
    return {"fields": [{"type": "number", "name": "a", "scale": scale}]}


def _action(value: Any) -> dict[str, Any]:
    return {"actions": [value]}


OWN_KEYS = {"x-a": 1, **_field(**{"x-b": {}}), **_action({"set": {}, "x-c": 1})}
BY_LANGUAGE = 'Write a text, or one text per language such as {"zh-CN": "…", "en": "…"}.'
UNIT_PRICE = "Write 'unit_price', and put the words people see into the title."

CASES: list[Case] = [
    ("unknown key", {"titel": "x"}, [("unknown-key", "/titel", "Did you mean 'title'?")]),
    ("alias is the key", {"fron": "x"}, [("unknown-key", "/fron", "Did you mean 'from'?")]),
    ("key of a branch", _field(requird=True), [("unknown-key", "/fields/0/requird", "Did you mean 'required'?")]),
    ("unknown tag", _field(type="txt"), [("unknown-value", "/fields/0/type", "Did you mean 'text'?")]),
    ("missing tag", {"fields": [{"name": "a"}]}, [("missing", "/fields/0", 'Add "type".')]),
    (
        "misspelt tag",
        {"fields": [{"tpye": "text", "name": "a"}]},
        [("unknown-key", "/fields/0/tpye", "Did you mean 'type'?")],
    ),
    ("missing key", {"fields": [{"type": "text"}]}, [("missing", "/fields/0", 'Add "name".')]),
    ("text for a number", _number("2"), [("wrong-type", "/fields/0/scale", "Write a whole number.")]),
    ("number for truth", _field(required=1), [("wrong-type", "/fields/0/required", "Write true or false.")]),
    ("too large", _number(11), [("value", "/fields/0/scale", "Write at most 10.")]),
    ("a name with a capital", _field(name="unitPrice"), [("name", "/fields/0/name", UNIT_PRICE)]),
    ("unknown word", {"mode": "al"}, [("unknown-value", "/mode", "Did you mean 'all'?")]),
    ("a text of the wrong sort", {"title": 3}, [("wrong-type", "/title", BY_LANGUAGE)]),
    ("key that tells branches", _action({"ste": {}}), [("unknown-key", "/actions/0/ste", "Did you mean 'set'?")]),
    ("no key that tells", _action({}), [("no-shape-fits", "/actions/0", "Expected one of: notify, set.")]),
    (
        "errors of the branch that was meant only",
        _action({"notify": {"to": "x", "text": "y"}}),
        [("wrong-type", "/actions/0/notify/to", "Write a list [ ].")],
    ),
    (
        "many errors inside the branch that was meant",
        _action({"notify": {"tu": "x", "txt": "y", "a": 1, "b": 2}}),
        [
            ("missing", "/actions/0/notify", 'Add "to".'),
            ("missing", "/actions/0/notify", 'Add "text".'),
            ("unknown-key", "/actions/0/notify/tu", "Known: text, to."),
            ("unknown-key", "/actions/0/notify/txt", "Did you mean 'text'?"),
            ("unknown-key", "/actions/0/notify/a", "Known: text, to."),
            ("unknown-key", "/actions/0/notify/b", "Known: text, to."),
        ],
    ),
    ("a value of no branch's sort", _action(5), [("wrong-type", "/actions/0", "Write an object { }.")]),
    ("a value of neither sort", {"from": 4}, [("wrong-type", "/from", "Write a text or a list [ ].")]),
    ("an author's own keys pass everywhere", OWN_KEYS, []),
]


@pytest.mark.parametrize(("rule", "values", "expected"), CASES, ids=[case[0] for case in CASES])
def test_errors_in_the_authors_words(rule: str, values: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """Each error has the code, the place and the cure an author needs, and nothing beside it."""
    text = json.dumps({"name": "quote", **values}, indent=1)
    report = Report()
    documents = load({"app.json": {"name": "a"}, "forms/quote.json": text}, report)
    form = parse(Form, documents.of("forms")[0], report)
    assert [(f"definitions.{code}", pointer, hint) for code, pointer, hint in expected] == [
        (each.code, each.place.pointer, each.hint) for each in report
    ]
    assert (form is None) == bool(expected)
    assert all(each.place.line for each in report)


def test_a_part_of_a_document() -> None:
    """An engine may read one part by its kind's model; places are those of the whole document."""
    report = Report()
    documents = load(
        {"app.json": {"name": "a"}, "forms/a.json": '{"name": "a",\n"fields": [{"type": "text", "nam": "b"}]}'}
    )
    assert parse(TextField, documents.of("forms")[0], report, "/fields/0") is None
    assert [(each.place.pointer, each.place.line) for each in report] == [("/fields/0", 2), ("/fields/0/nam", 2)]


def test_free_keys_are_not_the_authors_own() -> None:
    """A mapping with free keys keeps those that begin with x-."""
    report = Report()
    source = load({"app.json": {"name": "a"}, "forms/a.json": {"name": "a", "actions": [{"set": {"x-key": "1"}}]}}).of(
        "forms"
    )[0]
    form = parse(Form, source, report)
    assert form is not None and form.actions == (Set(set={"x-key": "1"}),)
