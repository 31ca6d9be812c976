"""The page of controls is true: each of the 56 is written there as it can be written, and takes what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lowcode.app import compile_app
from lowcode.engines import built_in
from lowcode.host import Host
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import LONGEST_SEEN, Rejected, Report
from lowcode.kernel.identity import APP
from lowcode.kernel.operations import kernel_operations
from lowcode.kernel.storage.crypto import new_key

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def controls() -> dict[str, tuple[list[dict[str, Any]], str]]:
    """By name: what is written (the field first, then what stands beside it) and what is sent, as JSON."""
    page = (DOCS / "definitions" / "fields.md").read_text(encoding="utf-8")
    found = {}
    for name, _, written, sent in ROW.findall(page.partition("## What every field")[0]):
        if name not in ("control", "---"):
            codes = [json.loads(each) for each in CODE.findall(written) if each.startswith("{")]
            found[name] = codes, sent.strip("`")
    return found


def named_in_part_d() -> set[str]:
    """The controls that the requirements name."""
    text = (DOCS / "requirements.md").read_text(encoding="utf-8")
    listed = re.search(r"\*\*Field controls \(56\)\.\*\* (.*?)\.\n", text)
    assert listed is not None
    return set(
        listed.group(1)
        .replace("layout: ", "")
        .replace("; ", ", ")
        .replace("(大写金额)", "")
        .replace(" ,", ",")
        .split(", ")
    )


def gallery() -> tuple[dict[str, Any], dict[str, Any]]:
    """An app with every control of the page, and a record of it."""
    fields: list[dict[str, Any]] = [{"name": "x", "type": "text"}, {"name": "y", "type": "text"}]
    layout: list[dict[str, Any]] = []
    between: list[dict[str, Any]] = []
    values: dict[str, Any] = {}
    for index, (name, (written, sent)) in enumerate(controls().items()):
        if not written:
            continue
        own, *beside = written
        if "type" not in own:
            (between if {"button", "divider", "notice"} & own.keys() else layout).append(own)
            continue
        fields += [*beside, {"title": name, **own, "name": f"f{index}"}]
        if sent:
            values[f"f{index}"] = json.loads(sent)
    layout.append({"section": "All", "fields": [*between, *(each["name"] for each in fields)]})
    forms = {
        "gallery": {"name": "gallery", "title": "Gallery", "label": "x", "fields": fields, "layout": layout},
        "thing": {"name": "thing", "label": "name", "fields": [{"name": "name", "type": "text"}]},
        "other": {"name": "other", "label": "name", "fields": [{"name": "name", "type": "text"}]},
    }
    permitted = {"permissions": [{"role": "sales", "can": ["create", "read", "edit", "reveal"]}]}
    documents: dict[str, Any] = {
        "app.json": {"name": "gallery", "languages": ["zh-CN", "en"], "roles": [{"name": "sales"}]},
        "rules/greet.json": {
            "name": "greet", "form": "gallery", "on": {"button": {"title": "Greet"}},
            "actions": [{"notify": {"to": ["owner"], "title": "Hello"}}],
        },
        **{f"forms/{name}.json": {**form, **permitted} for name, form in forms.items()},
    }  # fmt: skip
    return documents, values


def test_every_control_that_is_named_has_its_line() -> None:
    """The page lists exactly what the requirements name."""
    assert set(controls()) == named_in_part_d()


def test_what_is_written_compiles() -> None:
    """Every line of the page as one form, without a finding."""
    documents, _ = gallery()
    report = Report()
    compile_app(load(documents, report), built_in(), kernel_operations(), report=report)
    assert str(report) == ""


@pytest.mark.requirement("SF01", "F4")
def test_what_is_sent_is_taken_and_comes_back(database_url: str) -> None:
    """A record with every control is saved, read, changed by what was read, and is the same record."""
    documents, values = gallery()
    host = Host(documents, database_url, secrets={"ENCRYPTION_KEYS": new_key()})
    host.publish()
    try:
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
        ann = host.actor("ann")
        made = host.ask(ann, "records.create", type="gallery", values=values)
        found = host.ask(ann, "records.get", type="gallery", id=made["id"])
        assert {name for name in values if found[name] in (None, [], "")} == set()
        again = host.ask(
            ann, "records.update", type="gallery", id=made["id"], values={name: found[name] for name in values}
        )
        assert again["version"] == 1
    finally:
        host.close()


def sampled(long: str) -> list[dict[str, Any]]:
    """Wrong entries as data; `long` stands beside them for what nobody reads to its end."""
    found = json.loads((Path(__file__).parent / "wrong_entries.json").read_text(encoding="utf-8"))
    cut = f"{long[:LONGEST_SEEN]}…"
    return [*found, {"control": "number", "sent": long, "en": f"'{cut}' is not a number", "zh-CN": f"“{cut}”不是数字"}]


@pytest.mark.requirement("SF01", "SP24")
def test_what_cannot_be_taken_is_said_in_both_languages() -> None:
    """Each wrong entry is told at its field: what was seen, what was possible, in words of whoever reads it."""
    documents, values = gallery()
    names = {each.get("title"): each["name"] for each in documents["forms/gallery.json"]["fields"]}
    cases = sampled("x" * 5000)
    with Host(documents, "sqlite://", secrets={"ENCRYPTION_KEYS": new_key()}) as host:
        host.publish()
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
        ann, said = host.actor("ann"), []
        for case in cases:
            name = names[case["control"]]
            with pytest.raises(Rejected) as refused:
                host.ask(ann, "records.create", type="gallery", values={**values, name: case["sent"]})
            (problem,) = refused.value.problems
            assert problem.pointer == f"/{name}"
            said.append({**case, "en": problem.words("en"), "zh-CN": problem.words("zh-CN")})
    assert cases == said
