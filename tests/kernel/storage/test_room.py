"""Of the errors of PostgreSQL, which mean that a computed number has no room."""

from __future__ import annotations

from psycopg.errors import InvalidTextRepresentation

from lowcode.kernel.storage.room import refusal

SAID = {
    'invalid input syntax for type numeric: "no room for sum with 2 decimals"': "/sum",
    "ungültige Eingabesyntax für Typ numeric: »no room for sum with 2 decimals«": "/sum",
    "syntaxe en entrée invalide pour le type numeric : « no room for sum with 12 decimals »": "/sum",
    '无效的类型 numeric 输入语法: "no room for 总数 with 2 decimals"': "/总数",
    'invalid input syntax for type integer: "no room for x with 99999999 decimals"': None,
    'invalid input syntax for type integer: "there is no room for x with 2 decimals"': None,
    "invalid input syntax for type integer: \"x\"\nLINE 1: SELECT 'no room for x with 2 decimals'": None,
}


def test_the_error_says_nothing_else() -> None:
    """The field is named by all that the server quotes; a text of somebody that sounds like it is no such error."""
    found = {each: refusal(InvalidTextRepresentation(each)) for each in SAID}
    assert SAID == {each: None if error is None else error.problems[0].pointer for each, error in found.items()}
