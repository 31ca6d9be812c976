"""The commands that need definitions only, as a person runs them: exit codes, words, lines with a caret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lowcode.cli import COMMANDS, main
from lowcode.cli.console import columns
from lowcode.cli.findings import excerpt
from lowcode.kernel.definitions import read_source
from lowcode.kernel.diagnostics import Diagnostic, Report

FORM = """{"name": "lead", "title": "Lead", "label": "name", "fields": [
  {"name": "name", "type": "text"}
], "permissions": [{"role": "sales", "can": ["read"]}]}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "forms").mkdir(parents=True)
    (folder / "app.json").write_text('{"name": "small", "title": "Small", "roles": [{"name": "sales"}]}', "utf-8")
    (folder / "forms" / "lead.json").write_text(FORM, "utf-8")
    return folder


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`lowcode --help` shows what there is; every command explains itself."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(name in shown for name in COMMANDS)
    for name in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert "Run the command" not in capsys.readouterr().out


def test_every_command_begins_by_itself() -> None:
    """In a process that nothing else of the library was imported in. One after another is enough: in whatever order
    modules are imported, each begins (tests/architecture/test_floors.py::test_no_package_imports_in_a_circle)."""
    begun = "\n".join(f"import lowcode.cli.{name}" for name in COMMANDS)
    run = subprocess.run([sys.executable, "-c", begun], capture_output=True, text=True, check=False)
    assert (0, "") == (run.returncode, run.stderr)


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command is wrong usage, exit code 2."""
    with pytest.raises(SystemExit) as ended:
        main(["chekc"])
    assert ended.value.code == 2
    assert "chekc" in capsys.readouterr().err


def test_check_of_a_good_app(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing wrong: exit code 0 and nothing on standard output."""
    assert main(["check", str(app)]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "small: 2 documents, nothing wrong\n"


def test_check_shows_place_line_caret_and_cure(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding has everything an author needs to mend it."""
    (app / "forms" / "lead.json").write_text(FORM.replace('"type"', '"tpye"'), "utf-8")
    (app / "seed").mkdir()
    (app / "seed" / "10_lead.json").write_text("[{},]", "utf-8")
    assert main(["check", str(app)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert '  2 |   {"name": "name", "tpye": "text"}' in lines
    assert "    | " + " " * 19 + "^^^^^^" in lines
    assert "  fix: Did you mean 'type'?" in lines
    assert any(line.startswith("seed/10_lead.json:1:4: error: a comma before ']'") for line in lines)


def test_check_speaks_the_language_of_the_terminal(
    app: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever works in Chinese reads what is wrong, its cure and the sum in Chinese."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["check", str(app)]) == 0
    assert capsys.readouterr().err == "small：2 个文件，没有错误\n"
    (app / "forms" / "lead.json").write_text(FORM.replace('"text"}', '"text", "default": "=nmae"}'), "utf-8")
    assert main(["check", str(app)]) == 1
    shown = capsys.readouterr()
    assert "错误: lead 没有字段 nmae。" in shown.out
    assert "  改法： 是否指 name？" in shown.out.splitlines()
    assert shown.err == "1 个文件中有 1 个错误\n"


def test_check_as_json(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program gets the findings as JSON."""
    (app / "forms" / "lead.json").write_text(FORM.replace("}\n]", "},\n]"), "utf-8")
    assert main(["check", "--json", str(app)]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert findings == [
        {
            "code": "definitions.trailing-comma",
            "severity": "error",
            "message": "a comma before ']' with nothing after it",
            "hint": "Remove the comma.",
            "document": "forms/lead.json",
            "pointer": "",
            "line": 2,
            "column": 35,
        }
    ]


def test_check_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is said to be not there, and nothing else."""
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder or archive" in capsys.readouterr().out


def test_format_mends_and_rests(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Documents are rewritten once; a trailing comma is mended; a comment is not thrown away but refused."""
    path = app / "forms" / "lead.json"
    path.write_text('{"fields": [{"type": "text", "name": "a"},], "name": "lead"}', "utf-8")
    assert main(["format", "--check", str(app)]) == 1
    assert main(["format", str(app)]) == 0
    expected = '{\n  "name": "lead",\n  "fields": [{"name": "a", "type": "text"}]\n}\n'
    assert expected == path.read_text("utf-8")
    assert main(["format", "--check", str(app)]) == 0
    capsys.readouterr()
    path.write_text('{"name": "lead"} // mine', "utf-8")
    assert main(["format", str(app)]) == 1
    assert "JSON has no comments" in capsys.readouterr().out
    assert path.read_text("utf-8").endswith("// mine")


def test_schemas_for_editors(app: Path, tmp_path: Path) -> None:
    """An app gets the schemas and the settings; documents then name their schema; other settings stay."""
    (app / ".vscode").mkdir()
    (app / ".vscode" / "settings.json").write_text('{"editor.tabSize": 2}', "utf-8")
    assert main(["schema", "--app", str(app)]) == 0
    assert main(["schema", "--app", str(app)]) == 0
    settings = json.loads((app / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["editor.tabSize"] == 2
    assert {"fileMatch": ["/app.json"], "url": "./.schemas/app.schema.json"} in settings["json.schemas"]
    assert len({each["url"] for each in settings["json.schemas"]}) == len(settings["json.schemas"])
    assert main(["format", str(app)]) == 0
    assert json.loads((app / "forms" / "lead.json").read_text("utf-8"))["$schema"] == "../.schemas/form.schema.json"
    assert main(["check", str(app)]) == 0


def test_diff_in_words(app: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two folders are compared in the language asked for."""
    newer = tmp_path / "newer"
    (newer / "forms").mkdir(parents=True)
    (newer / "app.json").write_bytes((app / "app.json").read_bytes())
    (newer / "forms" / "lead.json").write_text(FORM.replace('"text"}', '"text", "required": true}'), "utf-8")
    assert main(["diff", str(app), str(newer), "--language", "en"]) == 0
    assert main(["diff", str(app), str(newer), "--language", "zh-CN"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "~ field name of form Lead (lead) is now required",
        "~ 表单“Lead (lead)”的字段“name”现在必填",
    ]


def test_the_caret_stands_under_wide_characters() -> None:
    """Chinese characters take two columns on a terminal; the caret is where the eye is."""
    source = read_source("a.json", '{"标题": "客户", "b": 1}', Report())
    finding = Diagnostic("a.b", "wrong", source.place("/b"))
    assert excerpt(finding, source) == ['  1 | {"标题": "客户", "b": 1}', "    | " + " " * 22 + "^"]


@pytest.mark.parametrize(
    ("written", "expression", "column", "marked"),
    [
        ('"total + amont"', "total + amont", 9, "amont"),
        ('"IF(name = \\"A\\", amont, 0)"', 'IF(name = "A", amont, 0)', 16, "amont"),
        ('"价格：{{ items.amont }}"', "items.amont", 1, "items.amont"),
        ('"total + \\u91d1"', "total + 金", 9, "\\"),
        (f'"{"1 + " * 100}amont{" + 1" * 100}"', f"{'1 + ' * 100}amont{' + 1' * 100}", 401, "amont"),
        ('"something else"', "total + amont", 9, '"something else"'),
    ],
)
def test_the_caret_stands_under_the_word_of_an_expression(
    written: str, expression: str, column: int, marked: str
) -> None:
    """An expression is a long text; what is wrong is a word in it."""
    source = read_source("a.json", f'{{"x": {written}}}', Report())
    values = {"expression": expression, "column": column}
    finding = Diagnostic("a.b", "wrong", source.place("/x"), values=values)
    shown, carets = excerpt(finding, source)
    begin, width = len(carets.rstrip("^")) - 6, carets.count("^")
    wide = [each for each in shown[6:] for _ in range(columns(each))]
    assert marked == "".join(wide[begin : begin + width])
    assert len(shown) < 180
