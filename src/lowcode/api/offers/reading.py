"""The text of an OpenAPI document as a tree of plain values: JSON, or YAML as far as OpenAPI permits it.

YAML is read event by event, so that depth, size and the number of nodes are known before anything is built: aliases
are counted where they are used, merges (`<<`) are refused, and scalars are those of JSON (YAML 1.2), so that `no` and
`2026-01-01` stay texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lowcode.kernel.definitions.wording import no_json
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.reasons import Reasoned, both

BYTES = 10 * 2**20
NODES = 400_000
DEPTH = 100
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})(\.[0-9]{0,30})?([eE][-+]?[0-9]{1,3})?")
WORDS: Mapping[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}

MANY = both(f"it has more than {NODES} values", f"文件中的值超过 {NODES} 个")
DEEP = both(f"it is nested deeper than {DEPTH}", f"嵌套超过 {DEPTH} 层")
NO_YAML = both(
    "YAML is read with lowcode[yaml]; install it, or write the document as JSON",
    "读取 YAML 需要 lowcode[yaml]；请安装，或改用 JSON 文档",
)


class Unreadable(Reasoned):
    """A document cannot be read; the reason says why, and where if that is known, in both languages."""


def read(content: bytes, path: str) -> Mapping[str, Any]:
    """The tree of a document. Raises Unreadable."""
    if len(content) > BYTES:
        raise Unreadable(
            both(
                f"it has {len(content)} bytes, and may have {BYTES}", f"文件有 {len(content)} 字节，上限为 {BYTES} 字节"
            )
        )
    return _read(content, path.endswith((".yaml", ".yml")))


@lru_cache(maxsize=4)
def _read(content: bytes, yaml: bool) -> Mapping[str, Any]:
    """Trees are not changed by whoever reads them, and an app that is compiled again has the same documents."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            both(
                f"it is no UTF-8: {error.reason} at byte {error.start}",
                f"文件不是 UTF-8 编码（第 {error.start} 字节处）",
            )
        ) from None
    return checked(_yaml(text) if yaml else _json(text))


def checked(tree: Any) -> Mapping[str, Any]:
    """A tree that is an object, not too deep and not too large. Raises Unreadable."""
    if not isinstance(tree, dict):
        raise Unreadable(both("it is no object", "文件内容不是对象"))
    waiting: list[tuple[Any, int]] = [(tree, 0)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if count > NODES:
            raise Unreadable(MANY)
        if depth > DEPTH:
            raise Unreadable(DEEP)
        if isinstance(value, dict):
            waiting.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            waiting.extend((each, depth + 1) for each in value)
    return tree


def _json(text: str) -> Any:
    def no_constant(word: str) -> Any:
        raise ValueError(f"{word} is not JSON")

    try:
        return json.loads(text, parse_constant=no_constant)
    except RecursionError:
        raise Unreadable(DEEP) from None
    except ValueError as error:
        raise Unreadable(both(f"it is no JSON: {error}", localized(no_json(error), "zh-CN"))) from None


def _yaml(text: str) -> Any:
    try:
        import yaml  # type: ignore[import-untyped]  # an extra: JSON needs none of it
    except ImportError:
        raise Unreadable(NO_YAML) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Building(yaml, yaml.parse(text, loader)).tree()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"（第 {mark.line + 1} 行第 {mark.column + 1} 列）" if mark is not None else ""
        raise Unreadable(both(f"it is no YAML: {' '.join(str(error).split())}", f"不是有效的 YAML{place}")) from None
    except RecursionError:
        raise Unreadable(DEEP) from None


class _Building:
    """Events to a tree, on a stack of its own."""

    def __init__(self, yaml: Any, events: Iterator[Any]) -> None:
        self.yaml = yaml
        self.events = events
        self.anchors: dict[str, Any] = {}
        self.count = 0

    def tree(self) -> Any:
        """The first document."""
        stack: list[tuple[Any, list[Any]]] = []
        for event in self.events:
            yaml = self.yaml
            if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                container, given = stack.pop()
                if isinstance(container, dict):
                    container.update(_pairs(given, event))
                else:
                    container.extend(given)
                value = container
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                container = {} if isinstance(event, yaml.MappingStartEvent) else []
                stack.append((self._kept(event, container), []))
                if len(stack) > DEPTH:
                    line = event.start_mark.line + 1
                    raise Unreadable(
                        both(f"it is nested deeper than {DEPTH} (line {line})", f"嵌套超过 {DEPTH} 层（第 {line} 行）")
                    )
                continue
            elif isinstance(event, yaml.ScalarEvent):
                value = self._kept(event, _scalar(event))
            elif isinstance(event, yaml.AliasEvent):
                if event.anchor not in self.anchors or any(self.anchors[event.anchor] is each for each, _ in stack):
                    line = event.start_mark.line + 1
                    raise Unreadable(
                        both(
                            f"the alias '*{event.anchor}' in line {line} stands for nothing before it",
                            f"第 {line} 行的别名“*{event.anchor}”之前没有定义",
                        )
                    )
                value = self.anchors[event.anchor]
            else:
                continue
            if not stack:
                return value
            stack[-1][1].append(value)
        return None

    def _kept(self, event: Any, value: Any) -> Any:
        self.count += 1
        if self.count > NODES:
            raise Unreadable(MANY)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value


def _pairs(given: list[Any], event: Any) -> Iterator[tuple[str, Any]]:
    line = event.start_mark.line + 1
    for name, value in zip(given[::2], given[1::2], strict=True):
        if name == "<<":
            raise Unreadable(
                both(
                    f"the object that ends in line {line} merges another ('<<'), which OpenAPI has not",
                    f"第 {line} 行结束的对象使用了合并（<<），OpenAPI 不支持",
                )
            )
        if isinstance(name, (dict, list)):
            raise Unreadable(
                both(
                    f"the object that ends in line {line} has a key that is no text",
                    f"第 {line} 行结束的对象有不是文本的键",
                )
            )
        yield _key(name), value


def _key(name: Any) -> str:
    return name if isinstance(name, str) else json.dumps(name)


def _scalar(event: Any) -> Any:
    """A scalar as JSON has it; what is quoted is a text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in WORDS and text in (text.lower(), text.upper(), text.capitalize()):
        return WORDS[text.lower()]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text
