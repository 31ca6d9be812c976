"""`lowcode offers`: what a document offers, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lowcode.cli import main
from tests.api.app import documents
from tests.api.offers.apps import INVOICE, connector, files


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """The app in a folder."""
    for path, content in documents(connector(variables={"port": "80"}), **files(INVOICE)).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_operations_are_listed(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All connectors, or one; with why an operation cannot be asked."""
    assert main(["offers", folder]) == 0
    listed = capsys.readouterr().out
    assert "createInvoice" in listed and "POST /invoices" in listed and "multipart/form-data" in listed
    assert main(["offers", folder, "billing", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["billing"]
    assert found[0]["name"] == "findCustomer" and found[0]["problem"] is None


def test_one_operation_in_full(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a request to begin with; what cannot be asked says why, and names that are not there what is near."""
    assert main(["offers", folder, "billing", "createInvoice"]) == 0
    assert json.loads(capsys.readouterr().out)["request"]["operation"] == "createInvoice"
    assert main(["offers", folder, "billing", "upload"]) == 1
    assert "multipart" in json.loads(capsys.readouterr().out)["problem"]
    assert main(["offers", folder, "billing", "createInvoce"]) == 1
    assert "createInvoice" in capsys.readouterr().err
    assert main(["offers", folder, "biling"]) == 1
    assert "billing" in capsys.readouterr().err
