"""What every designer in the browser is told beside the schema of its documents: words in both languages, and what of
an app may be named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.kernel.diagnostics import Diagnostic, Text


def spoken(words: Mapping[str, str]) -> dict[str, Text]:
    """Words by name, of pairs written as `中文 | English`."""
    pairs = {name: each.split(" | ") for name, each in words.items()}
    return {name: {"zh-CN": chinese, "en": english} for name, (chinese, english) in pairs.items()}


def in_order(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Names in the order in which they are known; those of plug-ins last."""
    place = {name: at for at, name in enumerate(known)}
    return sorted(names, key=lambda name: place.get(name, len(place)))


def told(report: Iterable[Diagnostic], locale: str | None) -> list[dict[str, str]]:
    """What was found of a document that is designed, each at its place in it, as who designs it reads it."""
    return [
        {"code": each.code, "pointer": each.place.pointer, "severity": each.severity, "message": message, "hint": hint}
        for each in report
        for message, hint in (each.told(locale),)
    ]


def palette(context: Any) -> dict[str, Any]:
    """The functions of the host, and the roles and languages of the app."""
    return {
        "functions": [{"name": each.name, "signature": each.signature, "summary": each.summary}
                      for each in context.host.kinds["function"]],
        "roles": sorted(context.app.scope.names("role")),
        "languages": list(getattr(context.app.scope.app, "languages", ()) or ("zh-CN",)),
    }  # fmt: skip


def relations_of(context: Any) -> dict[str, dict[str, str]]:
    """Of each form its related records, by the name of the relation with their form."""
    return {
        name: {relation: each.record_type for relation, each in record_type.relations.items()}
        for name, record_type in context.app.types.items()
        if record_type.relations
    }
