"""Operations as tools of an agent (Model Context Protocol): the same gate, the same parameters, the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log
from typing import Annotated, Any

from pydantic import Field

from lowcode.api.diagnostics import problem
from lowcode.api.endpoints.described import endpoint_tools
from lowcode.api.openapi import may_ask
from lowcode.api.openapi_forms import record_schema, values_schema
from lowcode.kernel.answers import Items, answer_schema, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, localized, nearest
from lowcode.kernel.records.searchwords import HAN, folded, runs, wanted

UNSAID: tuple[Any, ...] = (None, [], {}, "")
"""What a parameter is when it is left out, where that need not be said."""
ORDER = (
    "api.forms", "api.form", "api.find_tools", "records.", "api.call", "flows.tasks", "flows.task", "flows.decide",
    "reports.run", "reports.", "flows.", "forms.", "printing.",
)  # fmt: skip
"""What agents ask most stands first: a client that reads one page of tools has what it needs for a day's work."""


AT_THE_BROWSER = "push."
"""What a person asks for from the browser before them, and a key never may."""


class OneForm(Parameters):
    """A form by its name, as `api.forms` lists them."""

    form: str


class Find(Parameters):
    """Tools by words of what they do, in any language of the app: their names, and what they are given."""

    text: str = Field(min_length=1, max_length=200)
    limit: int = Field(8, ge=1, le=30)


NAME, TITLE, MORE, PARTS = 8, 6, 2, 1
"""What it counts where a word is found."""
SHORTEST, SHORT = 3, 4
"""Shorter words than the one stand everywhere; of words longer than the other the end may be a plural's."""
Described = tuple[str, dict[str, Any], dict[str, Any]]


def tool_name(operation: str) -> str:
    """An operation's name as clients take it, which know no dots."""
    return operation.replace(".", "_")


def tools(context: Context, _: Nothing) -> Items:
    """Every operation and endpoint whoever asks may ask, as a tool: `items` with `operation`, and the parameters that
    are given already (`with`), beside what the protocol wants. What is asked most stands first."""
    found = [each for each in (_tool(context, one) for one in context.app.operations.values()) if each]
    found += endpoint_tools(context)
    return {"items": sorted(found, key=lambda each: (_place(each["operation"]), str(each["name"])))}


def find_tools(context: Context, params: Find) -> Items:
    """The tools that are about some words, the nearest first; where there is none, the first words of all of them. A
    word that few tools have counts more than one that many have."""
    found = tools(context, Nothing())["items"]
    said = [_said(context, each) for each in found]
    counted = [0.0] * len(found)
    for term, _ in wanted(params.text).terms:
        if len(term) < SHORTEST and not HAN.match(term):
            continue
        counts = [_counted(term, places) for places in said]
        having = sum(1 for each in counts if each)
        for at, count in enumerate(counts):
            counted[at] += count * log(1 + len(found) / having) if count else 0
    nearest_first = sorted((-count, at) for at, count in enumerate(counted) if count)
    items = [
        {word: found[at][word] for word in ("name", "title", "description", "inputSchema", "annotations")}
        for _, at in nearest_first[: params.limit]
    ]
    if items:
        return {"items": items, "more": max(0, len(nearest_first) - params.limit)}
    return {"items": [], "more": 0, "groups": dict(Counter(str(each["name"]).split("_")[0] for each in found))}


Said = tuple[tuple[int, str], ...]
"""What is said of a tool, and what it counts where a word is found there: ` a b c`, folded."""


def _said(context: Context, tool: Mapping[str, Any]) -> Said:
    operation = context.app.operations.get(tool["operation"])
    summary = operation.summary if operation is not None else ""
    titles = " ".join(map(str, summary.values())) if isinstance(summary, Mapping) else summary
    texts = (
        (NAME, str(tool["name"])), (TITLE, f"{tool['title']} {titles}"), (MORE, str(tool["description"])),
        (PARTS, " ".join(tool["inputSchema"].get("properties", {}))),
    )  # fmt: skip
    return tuple((count, " " + " ".join(word for _, word in runs(folded(text)))) for count, text in texts)


def _counted(term: str, said: Said) -> int:
    """How much a tool is about a word: Chinese anywhere, another from its beginning, whichever its number is."""
    singular = term.removesuffix("s") if len(term) > SHORT else term
    looked_for = term if HAN.match(term) else f" {singular}"
    return sum(count for count, text in said if looked_for in text)


def _place(operation: str) -> int:
    return next((place for place, each in enumerate(ORDER) if operation.startswith(each)), len(ORDER))


def short(schema: Any) -> Any:
    """A schema of parameters without what tells an agent nothing: titles that repeat names, `null` beside what may be
    left out, defaults that are nothing, room for keys that are not read. Nothing else is taken or refused by it."""
    if isinstance(schema, list):
        return [short(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {word: value for word, value in schema.items() if not _idle(word, value)}
    if found.get("default", "said") in UNSAID:
        left = [each for each in found.get("anyOf", ()) if each != {"type": "null"}]
        if found.pop("default") is None and len(left) == 1:
            found |= {**left[0], **{word: each for word, each in found.items() if word != "anyOf"}}
            found.pop("anyOf", None)
        elif left and len(left) < len(found["anyOf"]):
            found["anyOf"] = left
    named = ("properties", "$defs", "patternProperties")
    return {
        word: {name: short(each) for name, each in value.items()} if word in named else
        value if word in ("default", "enum", "const", "examples") else short(value)
        for word, value in found.items()
    }  # fmt: skip


def _idle(word: str, value: Any) -> bool:
    return (word == "title" and isinstance(value, str)) or (word == "patternProperties" and value == {"^x-": {}})


def _tool(context: Context, operation: Operation) -> dict[str, Any] | None:
    if (operation.access == "anyone" and not operation.granted) or not may_ask(context, operation):
        return None
    if operation.name.startswith(AT_THE_BROWSER):
        return None
    known: dict[str, Described | None] = context.host.cached("api.agents", dict)
    if operation.name not in known:
        known[operation.name] = _described(operation)
    described = known[operation.name]
    if described is None:
        return None
    title = localized(operation.summary, context.actor.locale) or operation.name
    more, schema, answered = described
    return {
        "name": tool_name(operation.name), "operation": operation.name, "title": title,
        "description": f"{title}. {more}".strip(), "inputSchema": schema, **answered,
        "annotations": {
            "readOnlyHint": not operation.writes, "destructiveHint": operation.writes and not operation.adds,
            "openWorldHint": operation.outside,
        },
    }  # fmt: skip


def _described(operation: Operation) -> Described | None:
    """What is said of an operation's parameters, and their schema; worked out once, as it takes a millisecond and a
    half."""
    try:
        schema = operation.params.model_json_schema()
    except Exception:  # a parameter that is no JSON (bytes of a file) is asked for at an address of its own
        return None
    return schema.pop("description", ""), {"type": "object", **short(schema)}, _answered(operation)


def _answered(operation: Operation) -> dict[str, Any]:
    """What is said of an operation's answer, as the protocol has it: an object, or `result` in one."""
    schema = answer_schema(operation.run)
    if schema is None or "type" not in schema:
        return {}
    if schema["type"] != "object":
        schema = {"type": "object", "required": ["result"], "properties": {"result": schema}}
    if {"content", "media_type"} <= schema.get("properties", {}).keys():  # what is in a file is handed over beside it
        known = {name: each for name, each in schema["properties"].items() if name != "content"}
        schema = {**schema, "required": [each for each in schema["required"] if each != "content"], "properties": known}
    return {"outputSchema": short(schema)}


def forms(context: Context, _: Nothing) -> Items:
    """The forms whoever asks may do something with, by name, with their titles and what may be done."""
    found = []
    for name, record_type in context.app.types.items():
        grant = context.host.grant(record_type, context.actor)
        can = [verb for verb in ("read", "create", "edit", "delete", "export") if grant.may(verb)]
        if record_type.parent is None and can:
            found.append(
                {"form": name, "title": localized(record_type.title or name, context.actor.locale), "can": can}
            )
    return {"items": found}


def form(
    context: Context, params: OneForm
) -> Annotated[dict[str, Any], has(form=str, title=str, can=list[str], record=dict, values=dict)]:
    """The fields of a form as JSON Schemas: what is read of a record, and what is written."""
    known = {each["form"]: each for each in forms(context, Nothing())["items"]}
    if params.form not in known:
        near = nearest(params.form, known) or ""
        raise NotFound(problem("no-form", "/form", name=params.form, near=near))
    record_type = context.app.types[params.form]
    grant = context.host.grant(record_type, context.actor)
    locale = context.actor.locale
    return {
        **known[params.form], "record": record_schema(record_type, grant, locale),
        "values": values_schema(record_type, grant, locale),
    }  # fmt: skip
