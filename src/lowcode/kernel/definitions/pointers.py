"""JSON pointers (RFC 6901), and where in a faultless text each of them stands."""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s{}\[\],:"]+')


def escape(key: str) -> str:
    """A key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def unescape(step: str) -> str:
    """A step of a JSON pointer as the key it stands for."""
    return step.replace("~1", "/").replace("~0", "~")


def value_at(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer; KeyError or IndexError when there is none."""
    for step in pointer.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[unescape(step)]
    return data


def positions(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """The offset of every value and of every key in a text that is known to be JSON, by pointer.

    A quarter of the careful reader's time: it is asked for seed files of megabytes."""
    values: dict[str, int] = {}
    keys: dict[str, int] = {}
    stack: list[tuple[str, int]] = []
    prefix, index = "", -2  # index: the next item of a list; -1 inside an object; -2 at the top
    pointer = ""
    awaits_key = False
    for found in _TOKEN.finditer(text):
        first = text[found.start()]
        if first == ",":
            if index >= 0:
                index += 1
                pointer = f"{prefix}/{index}"
            else:
                awaits_key = True
        elif first in "]}":
            prefix, index = stack.pop()
            awaits_key = False
        elif awaits_key:
            key = found.group()
            name = json.loads(key) if "\\" in key else key[1:-1]
            pointer = f"{prefix}/{escape(name)}"
            keys[pointer] = found.start()
            awaits_key = False
        else:
            values[pointer] = found.start()
            if first in "{[":
                stack.append((prefix, index))
                prefix, index = pointer, 0 if first == "[" else -1
                awaits_key = first == "{"
                pointer = f"{prefix}/0"
    return values, keys
