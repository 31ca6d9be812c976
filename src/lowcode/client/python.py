"""The forms of an app as a Python module over `lowcode.client`. Pure: an OpenAPI document to text."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any

from lowcode.client.calls import Client
from lowcode.client.schemas import Shape, shapes_of

HEAD = '''"""{title} {version} as Python knows it, written by `lowcode client`: written anew when the app changes."""

# ruff: noqa
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from lowcode.client import Client, Form
'''
CLIENT = '''

class {name}(Client):
    """The forms of the app; everything else is asked by `ask`."""
'''
FORM = """
    @property
    def {attribute}(self) -> Form[{read}, {written}]:
        return Form(self, "{name}")
"""


class PythonWords:
    """Types of Python."""

    any = "Any"
    null = "None"
    plain: Mapping[str, str] = {
        "string": "str", "integer": "int", "number": "float", "boolean": "bool", "object": "dict[str, Any]",
    }  # fmt: skip

    def choice(self, values: list[Any]) -> str:
        """One of some values."""
        return f"Literal[{', '.join(map(repr, values))}]"

    def listed(self, inner: str) -> str:
        """A list."""
        return f"list[{inner}]"

    def united(self, parts: list[str]) -> str:
        """One of some types."""
        return " | ".join(dict.fromkeys(parts))


def module(document: Mapping[str, Any], name: str = "Api") -> str:
    """The module: a type for each form as it is read and as it is written, and a client that has the forms."""
    found = shapes_of(document, PythonWords())
    parts = [HEAD.format(title=_one_line(found.title), version=found.version)]
    parts += [_shape(each) for each in found.shapes]
    parts.append(CLIENT.format(name=name))
    taken = set(dir(Client))
    for form in found.forms:
        attribute = f"{form.name}_" if form.name in taken or keyword.iskeyword(form.name) else form.name
        parts.append(FORM.format(attribute=attribute, read=form.read, written=form.written, name=form.name))
    return "".join(parts)


def _shape(shape: Shape) -> str:
    if any(keyword.iskeyword(each.name) for each in shape.members):
        items = "".join(f"\n    {each.name!r}: {_optional(each.type, each.required)}," for each in shape.members)
        return f"\n{shape.name} = TypedDict({shape.name!r}, {{{items}\n}})\n"
    lines = [f"    {each.name}: {_optional(each.type, each.required)}{_said(each.words)}\n" for each in shape.members]
    return f"\n\nclass {shape.name}(TypedDict):\n{''.join(lines) or '    pass' + chr(10)}"


def _said(words: str) -> str:
    return f"  # {_one_line(words)}" if words else ""


def _optional(type_: str, required: bool) -> str:
    return type_ if required else f"NotRequired[{type_}]"


def _one_line(text: str) -> str:
    return " ".join(text.replace('"""', "'''").replace("\\", "/").split())
