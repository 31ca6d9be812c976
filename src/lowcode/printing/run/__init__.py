"""What a template means: plan and snapshot to the print tree. Pure; template texts are expanded through `expand`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC
from types import MappingProxyType
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.printing.blocks.amounts import currency_name
from lowcode.printing.blocks.formats import Locale
from lowcode.printing.blocks.kind import Node, draw_all
from lowcode.printing.blocks.numbering import numbered
from lowcode.printing.blocks.values import Facts
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run.snapshot import Snapshot

PAGE, PAGES = "\ue000", "\ue001"
"""Stand in the tree for the number of a page and the count of pages: only an output knows them."""
NO_SETTING: Mapping[str, Any] = MappingProxyType({})
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\ue000-\uf8ff]+')
REGIONS = {"zh-CN": "cn", "zh-TW": "tw", "zh-HK": "hk", "en": "us"}


def facts_of(
    plan: TemplatePlan,
    snapshot: Snapshot,
    faces: Mapping[str, str],
    expand: Callable[[str, Mapping[str, Any]], str] | None = None,
) -> Facts:
    """What the blocks are drawn from. Private characters in the data cannot pass for page numbers."""
    variables = {
        "page": PAGE, "pages": PAGES, "copy": snapshot.copy, "printed_by": snapshot.printed_by,
        "currency": plan.currency, "currency_name": currency_name(plan.currency, snapshot.language),
    }  # fmt: skip
    locale = Locale(snapshot.language, snapshot.moment.zone, plan.currency, snapshot.departments, snapshot.links)
    record = _clean(_in_their_rows(snapshot.record, plan.ties))
    return Facts(record, snapshot.moment, locale, variables, faces, snapshot.pictures, expand)


def _in_their_rows(record: Mapping[str, Any], ties: Mapping[str, str]) -> Mapping[str, Any]:
    """The facts with rows of rows in the rows they belong to."""
    if not ties:
        return record
    found = dict(record)
    for way, by in ties.items():
        outer, _, name = way.rpartition(".")
        belonging: dict[Any, list[Any]] = {}
        for row in found.pop(way, None) or ():
            belonging.setdefault(row[by], []).append(row)
        found[outer] = [{**row, name: belonging.get(row["id"], [])} for row in found.get(outer) or ()]
    return found


def paper(plan: TemplatePlan, facts: Facts, *, counted: bool = False, setting: Mapping[str, Any] = NO_SETTING) -> Node:
    """The print tree: everything computed, formatted and in one language. A counted paper says that it is a copy."""
    page = plan.page
    body = numbered(draw_all(plan.body, facts), facts.locale)
    watermark = next((each for each in plan.watermark if each.when is None or each.when.holds(facts)), None)
    return {
        "title": title_of(plan, facts),
        "author": plan.author.show(facts),
        "language": facts.locale.tag,
        "region": REGIONS.get(facts.locale.tag),
        "at": facts.moment.now.astimezone(UTC).isoformat(timespec="seconds"),
        "theme": dict(plan.theme),
        "page": {
            "width": page.width,
            "height": page.height,
            "margin": {"top": page.top, "right": page.right, "bottom": page.bottom, "left": page.left},
        },
        "header": draw_all(plan.header, facts),
        "first_header": None if plan.first_header is None else draw_all(plan.first_header, facts),
        "footer": draw_all(plan.footer, facts),
        "furniture": {name: draw_all(blocks, facts) for name, blocks in plan.furniture.items()},
        "reprint": plan.reprint.show(facts) if counted and facts.variables["copy"] > 1 else "",
        "watermark": None
        if watermark is None
        else {"text": watermark.words.show(facts), "size": watermark.size, "color": watermark.color},
        "background": background_of(plan, facts.locale.tag, setting.get("background")),
        "roll": asdict(plan.roll) if plan.roll is not None else None,
        "offset": list(setting.get("offset", (0.0, 0.0))),
        "placed": [node for node in body if node["type"] == "placed"],
        "body": [node for node in body if node["type"] != "placed"],
    }


def background_of(plan: TemplatePlan, tag: str, printed: bool | None) -> Node | None:
    """The form under the pages, and whether it is printed too: as asked, else as the template says."""
    form = plan.background
    return None if form is None else {**form.nodes.of(tag), "shown": form.printed if printed is None else printed}


def file_name(plan: TemplatePlan, facts: Facts, suffix: str) -> str:
    """The name of the file, without what no file system takes."""
    stem = _FORBIDDEN.sub("_", title_of(plan, facts)).strip(" ._")
    return f"{stem[:120] or plan.name}.{suffix}"


def title_of(plan: TemplatePlan, facts: Facts) -> str:
    """What the paper is called."""
    return plan.file_name.show(facts) or localized(plan.title, facts.locale.tag)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(PAGE, "").replace(PAGES, "")
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_clean(each) for each in value)
    return value
