"""Operations as tools of an agent (Model Context Protocol): the same gate, the same parameters, the same words."""

from __future__ import annotations

from typing import Any

from lowcode.api.diagnostics import problem
from lowcode.api.endpoints.described import endpoint_tools
from lowcode.api.openapi import may_ask
from lowcode.api.openapi_forms import record_schema, values_schema
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, localized, nearest


class OneForm(Parameters):
    """A form by its name, as `api.forms` lists them."""

    form: str


def tool_name(operation: str) -> str:
    """An operation's name as clients take it, which know no dots."""
    return operation.replace(".", "_")


def tools(context: Context, _: Nothing) -> dict[str, Any]:
    """Every operation and endpoint whoever asks may ask, as a tool: `items` with `operation`, and the parameters that
    are given already (`with`), beside what the protocol wants."""
    found = [each for each in (_tool(context, one) for one in context.app.operations.values()) if each]
    found += endpoint_tools(context)
    return {"items": sorted(found, key=lambda each: str(each["name"]))}


def _tool(context: Context, operation: Operation) -> dict[str, Any] | None:
    if (operation.access == "anyone" and not operation.granted) or not may_ask(context, operation):
        return None
    try:
        schema = operation.params.model_json_schema()
    except Exception:  # a parameter that is no JSON (bytes of a file) is asked for at an address of its own
        return None
    title = localized(operation.summary, context.actor.locale) or operation.name
    schema.pop("title", None)
    more = schema.pop("description", "")
    return {
        "name": tool_name(operation.name), "operation": operation.name, "title": title,
        "description": f"{title}. {more}".strip(), "inputSchema": {"type": "object", **schema},
        "annotations": {
            "title": title, "readOnlyHint": not operation.writes, "openWorldHint": operation.outside,
        },
    }  # fmt: skip


def forms(context: Context, _: Nothing) -> dict[str, Any]:
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


def form(context: Context, params: OneForm) -> dict[str, Any]:
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
