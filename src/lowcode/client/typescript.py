"""The forms of an app as a TypeScript module that needs nothing else. Pure: an OpenAPI document to text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lowcode.client.schemas import Shape, shapes_of

RUNTIME = Path(__file__).with_name("runtime.ts")
HEAD = "/** {title} {version} as TypeScript knows it: written by `lowcode client`, anew when the app changes. */\n\n"


class TypescriptWords:
    """Types of TypeScript."""

    any = "unknown"
    null = "null"
    plain: Mapping[str, str] = {
        "string": "string", "integer": "number", "number": "number", "boolean": "boolean",
        "object": "Record<string, unknown>",
    }  # fmt: skip

    def choice(self, values: list[Any]) -> str:
        """One of some values."""
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in values) or "never"

    def listed(self, inner: str) -> str:
        """A list."""
        return f"Array<{inner}>"

    def united(self, parts: list[str]) -> str:
        """One of some types."""
        return " | ".join(dict.fromkeys(parts))


def module(document: Mapping[str, Any], name: str = "Api") -> str:
    """The module: a type for each form as it is read and as it is written, and a client that has the forms."""
    found = shapes_of(document, TypescriptWords())
    parts = [HEAD.format(title=_comment(found.title), version=found.version), RUNTIME.read_text(encoding="utf-8")]
    parts += [_shape(each) for each in found.shapes]
    forms = "".join(
        f"  readonly {json.dumps(form.name)} = new Form<{form.read}, {form.written}>(this, {json.dumps(form.name)});\n"
        for form in found.forms
    )
    parts.append(f"\n/** The forms of the app. */\nexport class {name} extends Client {{\n{forms}}}\n")
    return "".join(parts)


def _shape(shape: Shape) -> str:
    lines = []
    for each in shape.members:
        if each.words:
            lines.append(f"  /** {_comment(each.words)} */\n")
        lines.append(f"  {json.dumps(each.name)}{'' if each.required else '?'}: {each.type};\n")
    return f"\nexport interface {shape.name} {{\n{''.join(lines)}}}\n"


def _comment(text: str) -> str:
    return " ".join(text.replace("*/", "* /").split())
