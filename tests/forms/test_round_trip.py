"""What every control exports, an import understands: each file brings back the values it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lowcode.forms.operations.cells import joined, parted
from lowcode.forms.operations.fillable import OWN_REASONS
from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.crypto import new_key
from tests.forms.test_every_control import gallery

NAMES = ['Acme, Inc. "west"', "恒启、恒通", '"quoted"', "plain"]


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Iterator[Host]:
    """The page of controls as a form, with a field of several links beside them, and somebody to work with it."""
    documents, _ = gallery()
    form = documents["forms/gallery.json"]
    form["fields"].append({"name": "several", "type": "links", "to": "thing"})
    for each in form["fields"]:
        if each["type"] == "lines":
            each.pop("min", None)  # a file holds no rows
    for each in ("gallery", "thing", "other"):
        documents[f"forms/{each}.json"]["permissions"][0]["can"] += ["export", "import"]
    found = Host(documents, database_url, files=str(tmp_path), secrets={"ENCRYPTION_KEYS": new_key()})
    found.publish()
    found.ask(APP, "identity.save_department", name="north", title="北方, 一区")
    found.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",), department="north")
    yield found
    found.close()


def test_names_in_a_cell_are_told_apart() -> None:
    """Whatever they hold; what people type without quotation marks is parted as ever."""
    assert parted(joined(NAMES)) == NAMES
    assert parted('a, b、c；d ;5" pipe,"x"y,,') == ["a", "b", "c", "d", '5" pipe', '"x"y']


@pytest.mark.requirement("SF10", "F4")
def test_a_file_brings_back_what_it_was_made_of(host: Host) -> None:
    """Every control that a file may fill in, as CSV and as a workbook, in both languages."""
    ann = host.actor("ann")
    _, values = gallery()
    things = [host.ask(ann, "records.create", type="thing", values={"name": each})["id"] for each in NAMES]
    fields = host.types["gallery"].fields
    linked: dict[str, Any] = {
        "link": things[0], "links": [things[2], things[0], things[1]], "link_any": f"thing/{things[3]}",
        "member": ann.id, "department": ann.department,
    }  # fmt: skip
    values |= {each.name: linked[each.options_type] for each in fields.values() if each.options_type in linked}
    values |= {"currency": "USD", "ends": "2026-03-09"}
    values["first"] = host.ask(ann, "records.create", type="other", values={"name": NAMES[0]})["id"]
    made = host.ask(ann, "records.create", type="gallery", values=values)["id"]
    filled = [name for name, each in fields.items() if each.options_type not in OWN_REASONS]
    before = host.ask(ann, "records.get", type="gallery", id=made)
    assert [name for name in filled if before[name] in (None, []) and name not in ("x", "y")] == []
    for kind in ("csv", "xlsx"):
        for language in ("zh-CN", "en"):
            asked = {"form": "gallery", "format": kind, "language": language, "where": f"id = {made}"}
            file = host.ask(ann, "forms.export", **asked)
            told = host.ask(ann, "forms.import", form="gallery", name=file["name"], content=file["content"], keys=())
            assert (told["create"], told["problems"]) == (1, [])
            [row] = host.ask(ann, "records.list", type="gallery", sort=("-id",), limit=1)["items"]
            after = host.ask(ann, "records.get", type="gallery", id=row["id"])
            assert {name: after[name] for name in filled} == {name: before[name] for name in filled}


def test_records_of_several_forms_stand_in_files_by_name(host: Host) -> None:
    """With their forms before them, in the language of the file; without it a name is found where one form has it, and
    where two have it that is said. The key that programs write is understood as well."""
    ann = host.actor("ann")
    field = next(name for name, each in host.types["gallery"].fields.items() if each.options_type == "link_any")
    for form in ("other", "thing"):
        host.ask(ann, "records.create", type=form, values={"name": "both"})
        host.ask(ann, "records.create", type=form, values={"name": f"one: {form}"})
    made = host.ask(ann, "records.create", type="gallery", values={field: "other/2"})["id"]
    asked = {"form": "gallery", "format": "csv", "language": "zh-CN", "where": f"id = {made}"}
    assert "other：one: other" in host.ask(ann, "forms.export", **asked)["content"].decode()

    said = {
        "other：one: other": "other/2", "thing: both": "thing/1", "one: thing": "thing/2", "other/1": "other/1",
        "both": "forms.name-not-unique", "thing: nobody": "forms.name-not-found", "nobody": "forms.name-not-found",
    }  # fmt: skip
    file = "\n".join([field, *said]).encode()
    told = host.ask(ann, "forms.import", form="gallery", name="a.csv", content=file, keys=())
    found = {row["row"]: row["code"] for row in told["problems"]}
    rows = host.ask(ann, "records.list", type="gallery", sort=("id",), where=f"id != {made}")["items"]
    brought = iter([host.ask(ann, "records.get", type="gallery", id=row["id"])[field] for row in rows])
    assert said == {each: found.get(at) or next(brought) for at, each in enumerate(said, 2)}
