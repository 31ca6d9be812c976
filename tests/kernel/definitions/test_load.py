"""An app is read from a folder, a mapping or an archive alike; what is wrong with its files is said, all of it."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import DefinitionError, Report

APP = {
    "app.json": '{"name": "crm"}',
    "forms/lead.json": '{"name": "lead"}',
    "forms/sales/quote.json": '{"name": "quote"}',
    "templates/a.html": "<p>",
    "seed/people.json": '{"users": []}',
}


def _write(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def _zip(files: dict[str, str | bytes], **options: object) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return content.getvalue()


def test_folder_mapping_and_archive_are_alike(tmp_path: Path) -> None:
    """The same files give the same documents and the same digest, wherever they lie."""
    _write(tmp_path, {**APP, ".git/config.json": "{", "README.md": "# x"})
    (tmp_path / "app.zip").write_bytes(_zip({f"crm/{path}": text for path, text in APP.items()}))
    loaded = [load(tmp_path), load(str(tmp_path)), load(APP), load(tmp_path / "app.zip"), load(_zip(dict(APP)))]
    assert len({each.digest for each in loaded}) == 1
    for documents in loaded:
        assert [each.name for each in documents.of("forms")] == ["lead", "quote"]
        assert list(documents.files) == ["seed/people.json", "templates/a.html"]
        assert documents.files["templates/a.html"] == b"<p>"
        assert documents.files.source("seed/people.json", Report()).data == {"users": []}


def test_formatting_does_not_change_the_digest() -> None:
    """The digest is of what the app says."""
    spaced = {**APP, "app.json": '{\n  "name":   "crm"\n}\n'}
    assert load(APP).digest == load(spaced).digest
    assert load(APP).digest != load({**APP, "templates/a.html": "<b>"}).digest


@pytest.mark.parametrize(
    ("files", "code", "hint"),
    [
        ({"forms/lead.json": "{}"}, "no-app", "Add app.json"),
        ({**APP, "form/a.json": "{}"}, "unknown-folder", "Did you mean 'forms'?"),
        ({**APP, "forms/deal.json": '{"name": "lead2"}'}, "name-unlike-file", "Rename the file to lead2.json"),
        ({**APP, "forms/old/lead.json": '{"name": "lead"}'}, "name-twice", "Rename one"),
        ({**APP, "forms/a.json": "[]"}, "not-an-object", "Wrap it"),
        ({**APP, "forms/a.json": '{"name": "a", "format": 99}'}, "newer-format", "Install a newer"),
        ({**APP, "forms/a.json": '{"name": "a",}'}, "trailing-comma", "Remove the comma"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_files_that_are_wrong(files: dict[str, str], code: str, hint: str) -> None:
    """What is wrong with a file is one finding with a cure."""
    report = Report()
    load(files, report)
    assert [f"definitions.{code}"] == [each.code for each in report]
    assert hint in report.findings[0].hint
    with pytest.raises(DefinitionError):
        load(files)


def test_a_file_no_one_reads_is_a_warning() -> None:
    """A document in YAML, or beside the folders, would be ignored without a word."""
    report = Report()
    load({**APP, "lead.json": "{}", "forms/lead.yaml": ""}, report)
    assert report.ok
    assert [each.values["seen"] for each in report] == ["forms/lead.yaml", "lead.json"]


def test_everything_wrong_is_said_at_once() -> None:
    """Loading goes on after the first wrong document."""
    report = Report()
    load({"app.json": "{,}", "forms/a.json": "{'name': 'a'}", "forms/b.json": "{"}, report)
    assert {"app.json", "forms/a.json", "forms/b.json"} == {each.place.document for each in report}


def test_hostile_archives() -> None:
    """Paths that lead out, links and bombs are refused; nothing is ever written."""
    bomb = Report()
    load(_zip({"app.json": APP["app.json"], "seed/a.json": b" " * 80_000_000}), bomb)
    assert [each.code for each in bomb] == ["definitions.too-large"]
    for path in ("../app.json", "/etc/app.json", "forms\\..\\a.json", "C:/a.json"):
        report = Report()
        load(_zip({**APP, path: "{}"}), report)
        assert [each.code for each in report] == ["definitions.unsafe-path"], path
    link = zipfile.ZipInfo("forms/link.json")
    link.external_attr = 0o120777 << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.json", APP["app.json"])
        archive.writestr(link, "/etc/passwd")
    report = Report()
    load(content.getvalue(), report)
    assert [each.code for each in report] == ["definitions.unsafe-path"]
    report = Report()
    load(b"not an archive", report)
    assert report.findings[0].code == "definitions.unreadable"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A folder may not borrow files from elsewhere on the machine."""
    _write(tmp_path / "app", APP)
    (tmp_path / "secret.json").write_text(json.dumps({"name": "secret"}), "utf-8")
    os.symlink(tmp_path / "secret.json", tmp_path / "app/forms/secret.json")
    report = Report()
    assert [each.name for each in load(tmp_path / "app", report).of("forms")] == ["lead", "quote"]
    assert [each.code for each in report] == ["definitions.unsafe-path"]
