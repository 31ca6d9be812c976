"""What a plug-in adds is there for its host, in every place built-in kinds are; other hosts know nothing of it."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from lowcode.cli.models import every_model
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.definitions.schema import schemas
from lowcode.kernel.diagnostics import DefinitionError, LowcodeError
from lowcode.kernel.expressions.functions import catalogue
from lowcode.kernel.registry import Kinds
from lowcode.kernel.storage import StorageError, open_database
from lowcode.plugins import PluginError, kinds_with
from lowcode.seeding import seed
from tests.plugins.kinds import APP, Colour, Everything, shout


@pytest.fixture
def host() -> Iterator[Host]:
    """A host with the plug-in, its app published and seeded."""
    with Host(APP, plugins=[Everything()]) as made:
        made.publish()
        seed(made)
        yield made


def made(host: Host, **values: Any) -> Any:
    """A swatch as it is after everything that follows."""
    ada = host.actor("ada")
    id = host.ask(ada, "records.create", type="swatch", values=values)["id"]
    host.settle()
    return host.ask(ada, "records.get", type="swatch", id=id)


def test_each_kind_works(host: Host) -> None:
    """Field type, function, rule action and flow node of a plug-in do their work in one save."""
    record = made(host, title="red", tone="#FF0000")
    kept = {name: record[name] for name in ("tone", "loud", "mark", "note")}
    assert kept == {"tone": "#ff0000", "loud": "RED!", "mark": "stamped", "note": "kept"}


def test_a_field_type_refuses(host: Host) -> None:
    """What a field type of a plug-in raises reaches the person, in their language."""
    from lowcode import Rejected

    with pytest.raises(Rejected) as refused:
        made(host, title="red", tone="red")
    assert [each.words("zh-CN") for each in refused.value.problems] == ["请按 #rrggbb 填写"]


def test_a_column_migrations_do_not_know() -> None:
    """A field type whose column cannot be compared and converted is refused before a table is made."""

    class Short(Colour):
        def column(self, options: Any) -> TypeEngine[Any]:
            return String(7)

    documents = {name: document for name, document in APP.items() if name in ("app.json", "forms/swatch.json")}
    plugins = [Broken("field", Short()), Loud()]
    wanted = pytest.raises(LowcodeError, match="use one of ScaledDecimal, Instant")
    with Host(documents, plugins=plugins) as host, wanted:
        host.publish()


def test_a_function_works_in_a_query(host: Host) -> None:
    """A function of a plug-in is carried out by the database."""
    made(host, title="red")
    found = host.ask(host.actor("ada"), "records.list", type="swatch", where='SHOUT(title) = "RED!"')
    assert [each["title"] for each in found["items"]] == ["red"]


@pytest.mark.postgresql
def test_a_function_works_on_postgresql(postgresql_url: str) -> None:
    """On PostgreSQL the function brings an element of its own."""
    with Host(APP, postgresql_url, plugins=[Everything()]) as host:
        host.publish()
        seed(host)
        made(host, title="red")
        found = host.ask(host.actor("ada"), "records.list", type="swatch", where='SHOUT(title) = "RED!"')
    assert [each["title"] for each in found["items"]] == ["red"]


def test_a_function_brings_its_javascript(host: Host) -> None:
    """The browser gets the function's own source."""
    formula = host.types["swatch"].fields["loud"].expression
    assert formula is not None
    assert formula.javascript() == (
        "(r, m, f) => ((f, text) => text === null ? null : text.toUpperCase() + '!')(f, r[\"title\"])"
    )


def test_its_javascript_runs(host: Host) -> None:
    """What the browser is given computes what the server does."""
    import quickjs

    formula = host.types["swatch"].fields["loud"].expression
    assert formula is not None
    assert quickjs.Context().eval(f"({formula.javascript()})({{title: 'red'}}, {{}}, {{}})") == "RED!"


def test_reports_and_papers(host: Host) -> None:
    """A chart, a block inside a block and an output of a plug-in are used like any other."""
    record = made(host, title="red")
    ada = host.actor("ada")
    answer = host.ask(ada, "reports.run", report="many")
    assert (answer["chart"]["type"], answer["drawing"]["option"]["yAxis"]) == ("thermometer", {"max": 10})
    paper = host.ask(ada, "printing.render", template="card", id=record["id"], format="html")
    assert "» RED!" in paper["content"].decode()
    assert host.ask(ada, "printing.render", template="card", id=record["id"], format="count")["content"] == b"1"


def test_an_engine_is_asked(host: Host) -> None:
    """An engine of a plug-in reads its own folder and answers its own operations."""
    assert host.ask(host.actor("ada"), "surveys.questions") == {"taste": "Which colour?"}


def test_two_hosts_do_not_meet() -> None:
    """In one process, each host has its own kinds: the same name means another function, or nothing at all."""
    with Host(APP, plugins=[Everything("!")]) as one, Host(APP, plugins=[Everything("?")]) as other:
        for host in (one, other):
            host.publish()
            seed(host)
        assert [made(host, title="red")["loud"] for host in (one, other)] == ["RED!", "RED?"]
        found = [
            host.ask(host.actor("ada"), "records.list", type="swatch", where='SHOUT(title) = "RED?"')["items"]
            for host in (one, other)
        ]
    assert [len(each) for each in found] == [0, 1]
    assert "SHOUT" not in catalogue()
    with Host(APP) as plain, pytest.raises(DefinitionError) as refused:
        assert plain.app
    codes = {each.code for each in refused.value.report}
    assert {"definitions.unknown-value", "definitions.unknown-folder", "api.unknown-type"} <= codes


def test_models_are_made_once_for_the_same_kinds() -> None:
    """Hosts that know the same share the models of documents; one that knows more has its own."""
    assert Forms()._model is Forms()._model
    assert Forms(kinds_with([Everything()]))._model is not Forms()._model


def test_one_database_object_serves_one_set_of_functions() -> None:
    """Two hosts whose functions differ would overwrite one another's in a shared SQLite connection."""
    database = open_database("sqlite://")
    with Host(APP, database, plugins=[Everything()]), pytest.raises(StorageError, match="open one for each"):
        Host(APP, database, plugins=[Everything("?")])


def test_a_taken_name_names_both() -> None:
    """Two plug-ins that bring the same name are refused, with the file and line of both."""

    class Paint:
        name = "paint"

        def setup(self, kinds: Kinds) -> None:
            kinds.add("field", Colour())

    with pytest.raises(PluginError) as refused:
        kinds_with([Everything(), Paint()])
    said = str(refused.value)
    assert said.startswith("the plug-in 'paint' failed in setup: RegistryError: there is a field type 'colour' already")
    assert "from everything (tests/plugins/kinds.py:" in said
    assert "of paint (tests/plugins/kinds.py:" in said


class Loud:
    """A plug-in with the function alone."""

    def setup(self, kinds: Kinds) -> None:
        """Add it."""
        kinds.add("function", shout("!"))


class Broken:
    """A plug-in whose setup does what it is told."""

    name = "broken"

    def __init__(self, sort: str, kind: Any) -> None:
        self.sort, self.kind = sort, kind

    def setup(self, kinds: Kinds) -> None:
        """Add the kind."""
        kinds.add(self.sort, self.kind)


@pytest.mark.parametrize(
    ("sort", "kind", "said"),
    [
        ("feild", Colour(), "no extension point 'feild'. Did you mean 'field'?"),
        ("field", object(), "cannot be a field type: it has no name, options, type, column, coerce, show"),
        ("field", type("Tint", (Colour,), {"name": "tint"})(), "write type: Literal['tint']"),
        ("function", shout("!").__class__("shout", "", "text", str, ""), "not written in capitals"),
        ("function", shout("!").__class__("TODAY", "", "text", str, ""), "TODAY is a word of the language"),
        ("function", shout("!").__class__("LOUD", "text:txet", "text", str, ""), "its signature speaks of txet"),
        ("function", shout("!").__class__("LOUD", "text:text", "txet", str, ""), "Did you mean 'text'?"),
        ("engine", type("Seeds", (), {"name": "seed"}), "the folder seed of an app holds other files"),
    ],
)
def test_what_cannot_be_added(sort: str, kind: Any, said: str) -> None:
    """A kind that misses its contract is refused in setup, naming the plug-in and the fault."""
    with pytest.raises(PluginError, match="the plug-in 'broken' failed in setup") as refused:
        kinds_with([Broken(sort, kind)])
    assert said in str(refused.value)


def test_plugins_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module is named by its path, an object in it behind a colon; unknown names get the nearest installed one."""
    module = types.ModuleType("firm_kinds")
    vars(module).update({"setup": Everything().setup, "quiet": Everything("."), "nothing": object()})
    monkeypatch.setitem(sys.modules, "firm_kinds", module)
    assert "colour" in kinds_with(["firm_kinds"])["field"]
    assert kinds_with(["firm_kinds:quiet"])["field"].origin("colour") == "firm_kinds:quiet"
    for name, said in (
        ("firm_kinds:quite", "has no 'quite'. Did you mean 'quiet'?"),
        ("firm_kinds:nothing", "has no setup"),
        ("firm_kindz", "there is no plug-in 'firm_kindz'"),
        ("tests.plugins.missing", "there is no plug-in 'tests.plugins.missing'"),
    ):
        with pytest.raises(PluginError) as refused:
            kinds_with([name])
        assert said in str(refused.value)
    with pytest.raises(PluginError, match="given twice"):
        kinds_with(["firm_kinds", "firm_kinds"])
    with pytest.raises(PluginError, match="write plugins=\\['colours'\\]"):
        kinds_with("colours")


def test_a_module_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an import of a plug-in raises is told with its name."""
    (tmp_path / "failing_kinds.py").write_text("import not_there_at_all\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PluginError, match="'failing_kinds' cannot be imported: No module named 'not_there_at_all'"):
        kinds_with(["failing_kinds"])


def test_installed_plugins_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package is looked at when a host asks for it, by name or for all, and not before."""
    (tmp_path / "shades_kinds.py").write_text(
        "from tests.plugins.kinds import Everything\nsetup = Everything().setup\n", "utf-8"
    )
    information = tmp_path / "shades-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: shades\nVersion: 1.0\n", "utf-8")
    (information / "entry_points.txt").write_text("[lowcode.plugins]\nshades = shades_kinds\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "colour" not in kinds_with()["field"]
    assert "shades_kinds" not in sys.modules
    assert kinds_with(["shades"])["field"].origin("colour") == "shades"
    assert "colour" in kinds_with("installed")["field"]
    with pytest.raises(PluginError, match="Did you mean 'shades'"):
        kinds_with(["shade"])


def test_schemas_know_them() -> None:
    """Editors and the designer complete the kinds of plug-ins."""
    written = schemas(every_model([Everything()]))
    assert "ColourDefinition" in written["form.schema.json"]["$defs"]
    assert "RememberDocument" in written["flow.schema.json"]["$defs"]
    assert "stamp" in written["rule.schema.json"]["$defs"]["Action"]["properties"]
    assert "ThermometerChart" in written["report.schema.json"]["$defs"]
    assert "CalloutBlock" in written["template.schema.json"]["$defs"]
    assert written["chat.schema.json"]["properties"]["room"] == {"type": "string"}
    assert set(written["survey.schema.json"]["properties"]) >= {"name", "question"}


def test_a_description_of_the_api_knows_them(host: Host) -> None:
    """The API's own description speaks of a field of a plug-in."""
    described = host.ask(host.actor("ada"), "api.openapi")
    assert "tone" in str(described)
