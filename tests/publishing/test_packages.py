"""Packages: put into a running app, brought to a newer version, taken out again; and those that come with the library,
each of which is whole."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lowcode import packages
from lowcode.cli import main
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Conflict, Rejected, Report
from lowcode.kernel.identity import APP
from lowcode.seeding import seed
from tests.flows.app import MONDAY, Office

CRM = Path(__file__).parents[2] / "examples" / "crm_app"
ROLES = [{"name": "employee", "title": {"en": "Employee", "zh-CN": "员工"}}]
TITLES = {"title": {"en": "Visit", "zh-CN": "拜访"}}


def visits(version: str = "1.0.0", **more: Any) -> dict[str, Any]:
    """A small package: a form, a rule on it, and a menu."""
    fields = [{"name": "place", "type": "text", "required": True}, {"name": "quote", "type": "link", "to": "quote"}]
    found: dict[str, Any] = {
        "app.json": {
            "name": "visits", "title": TITLES["title"], "version": version, "roles": ROLES,
            "menus": [{"title": "Visits", "items": [{"form": "quote"}]}],
        },
        "forms/quote.json": {
            "name": "quote", **TITLES, "label": "place", "fields": fields,
            "permissions": [{"role": "employee", "can": ["create", "read", "edit"]}],
        },
        "rules/said.json": {
            "name": "said", "form": "quote", "on": {"created": True}, "phase": "before",
            "actions": [{"set": {"place": 'place & "!"'}}],
        },
    }  # fmt: skip
    return {**found, **more}


def packed(documents: Mapping[str, Any]) -> str:
    """A package as it is sent."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in documents.items():
            archive.writestr(path, data if isinstance(data, (str, bytes)) else json.dumps(data))
    return base64.b64encode(held.getvalue()).decode()


def publish(held: Office | Host, made: Mapping[str, Any], *allow: str) -> dict[str, Any]:
    """Do what was prepared."""

    def ask(operation: str, **asked: Any) -> Any:
        return held.ask("root", operation, **asked) if isinstance(held, Office) else held.ask(APP, operation, **asked)

    assert ([], []) == (made["collisions"], made["clashes"])
    changed = {"documents": made["documents"], "files": made["files"], "allow": allow, "base": made.get("base")}
    seen: dict[str, Any] = ask("app.plan", **changed)
    assert [] == seen["findings"]
    ask("app.publish", **{**changed, "allow": (*allow, *seen["consents"])}, plan=seen["plan"])
    return seen


@pytest.mark.requirement("SP05", "SP10")
def test_a_package_comes_moves_on_and_goes(database_url: str) -> None:
    """A name that is taken is told with one that is free, and what the package says of itself follows the new name; a
    role may be one the app has. An update takes in what is new and keeps what people changed; both at once is a clash
    that somebody decides. It goes with its menus, and what is kept of its records is said."""
    held = Office(database=database_url)
    archive = packed(visits())
    look = held.ask("root", "app.package", archive=archive)
    assert (["place", "quote"], None) == ([each["name"] for each in look["forms"][0]["fields"]], look["installed"])
    first = held.ask("root", "app.install_package", archive=archive)
    assert [{"path": "forms/quote", "title": TITLES["title"], "free": "visits_quote"}] == first["collisions"]
    names = {"forms/quote": "visits_quote", "roles/employee": "sales"}
    publish(held, held.ask("root", "app.install_package", archive=archive, names=names))

    app = held.host.documents
    form = app.get("forms", "visits_quote")
    assert form is not None
    assert ("visits", "visits_quote", "sales") == (
        form.data["part"], form.data["fields"][1]["to"], form.data["permissions"][0]["role"]
    )  # fmt: skip
    assert [{"title": "Visits", "items": [{"form": "visits_quote"}]}] == app.app.data["menus"]
    assert "employee" not in {each["name"] for each in app.app.data["roles"]}
    record = held.ask("li", "records.create", type="visits_quote", values={"place": "Wuxi"})
    assert "Wuxi!" == held.ask("li", "records.get", type="visits_quote", id=record["id"])["place"]
    [listed] = [each for each in held.ask("root", "app.packages")["items"] if each["name"] == "visits"]
    assert ("1.0.0", False) == (listed["installed"], listed["ready"])
    with pytest.raises(Rejected, match="already"):
        held.ask("root", "app.install_package", archive=archive)

    mine = {**form.data, "plural": "Calls", "title": "Call"}
    seen = held.ask("root", "app.plan", documents={form.path: mine})
    held.ask("root", "app.publish", documents={form.path: mine}, plan=seen["plan"], allow=seen["consents"])
    newer = visits("1.1.0")
    newer["forms/quote.json"]["fields"].append({"name": "on", "type": "date"})
    made = held.ask("root", "app.update_package", archive=packed(newer))
    publish(held, made)
    now = held.host.documents.get("forms", "visits_quote")
    assert now is not None
    assert (["place", "quote", "on"], "Call") == ([each["name"] for each in now.data["fields"]], now.data["title"])
    newer["forms/quote.json"]["title"] = "Round"
    newer["app.json"]["version"] = "1.2.0"
    made = held.ask("root", "app.update_package", archive=packed(newer))
    assert ["/title"] == [each["pointer"] for each in made["clashes"][0]["clashes"]]
    take = {"forms/visits_quote.json": "theirs"}
    publish(held, held.ask("root", "app.update_package", archive=packed(newer), take=take))
    assert "Round" == held.host.documents.get("forms", "visits_quote").data["title"]  # type: ignore[union-attr]

    seen = publish(held, held.ask("root", "app.remove_package", name="visits"))
    assert ["retire:visits_quote"] == seen["consents"]
    assert (None, [], []) == (
        held.host.documents.get("forms", "visits_quote"), held.host.documents.files.under("packages"),
        held.host.documents.app.data.get("menus", []),
    )  # fmt: skip
    back = held.ask("root", "app.plan_undo")
    held.ask("root", "app.undo", plan=back["plan"], allow=back["consents"])
    assert "Wuxi!" == held.ask("li", "records.get", type="visits_quote", id=record["id"])["place"]


def test_files_of_the_app_are_nobody_elses() -> None:
    """A file that the app has is not replaced, nor taken away with a package that brought the same; one that people
    changed since is a clash when the package changed it too, and stays when it did not."""
    held = Office()
    names = {"forms/quote": "visited"}

    def has(**files: bytes | None) -> dict[str, bytes | None]:
        return {f"templates/{name}.docx": content for name, content in files.items()}

    def sent(content: Mapping[str, bytes | None]) -> dict[str, Any]:
        files = {path: base64.b64encode(each).decode() for path, each in content.items() if each is not None}
        return {"documents": {}, "files": files, "collisions": [], "clashes": []}

    def there() -> dict[str, bytes]:
        return {each[10:-5]: held.host.documents.files[each] for each in held.host.documents.files.under("templates")}

    publish(held, sent(has(own=b"mine", same=b"same")))
    with pytest.raises(Rejected, match=r"templates/own\.docx"):
        held.ask("root", "app.install_package", archive=packed({**visits(), **has(own=b"theirs")}), names=names)
    first = packed({**visits(), **has(same=b"same", kept=b"1", mended=b"1", gone=b"1")})
    publish(held, held.ask("root", "app.install_package", archive=first, names=names))
    publish(held, sent(has(kept=b"by people", mended=b"by people")))

    second = packed({**visits("2.0.0"), **has(same=b"same", kept=b"1", mended=b"2", fresh=b"2")})
    made = held.ask("root", "app.update_package", archive=second)
    assert ["templates/mended.docx"] == [each["path"] for each in made["clashes"]]
    take = {"templates/mended.docx": "mine"}
    publish(held, held.ask("root", "app.update_package", archive=second, take=take))
    changed = {"own": b"mine", "same": b"same", "kept": b"by people", "mended": b"by people"}
    assert {**changed, "fresh": b"2"} == there()
    publish(held, held.ask("root", "app.remove_package", name="visits"))
    assert {"own": b"mine", "same": b"same"} == there()


def test_what_a_colleague_published_meanwhile_is_not_taken_back() -> None:
    """A package, or a part that is switched, is prepared from the app as it was: when it is another by then, that is a
    conflict, and prepared again it holds both."""
    held = Office()
    asked = {"archive": packed(visits()), "names": {"forms/quote": "visited"}}
    made = held.ask("root", "app.install_package", **asked)
    said = held.host.documents.app.data
    more = {"app.json": {**said, "roles": [*said["roles"], {"name": "auditor"}]}}
    publish(held, {"documents": more, "files": {}, "collisions": [], "clashes": []})
    with pytest.raises(Conflict):
        held.ask("root", "app.plan", **{each: made[each] for each in ("base", "documents", "files")})
    publish(held, held.ask("root", "app.install_package", **asked))
    switched = held.ask("root", "app.switch_parts", off=["visits"])
    publish(held, held.ask("root", "app.remove_package", name="visits"))
    with pytest.raises(Conflict):
        held.ask("root", "app.publish", base=switched["base"], documents=switched["documents"], plan="")
    assert "auditor" in [each["name"] for each in held.host.documents.app.data["roles"]]


@pytest.mark.parametrize(
    "kept", ["[]", "{", "[" * 50_000, '{"name": ["x"]}', '{"app": {"parts": [1], "roles": [], "menus": []}}']
)
def test_what_is_kept_of_a_package_and_was_changed_by_hand_is_left_out(kept: str) -> None:
    """What is there is listed all the same."""
    whole = {"name": "x", "version": "1", "title": "", "names": {}, "documents": {}, "files": {}}
    whole["app"] = {"parts": [], "roles": [], "menus": []}
    said = json.dumps({**whole, **json.loads(kept)}) if kept.startswith('{"') else kept
    held = Office(more={"packages/x.json": said})
    assert "x" not in [each["name"] for each in held.ask("root", "app.packages")["items"]]
    assert [] == held.ask("root", "app.parts")["items"]


def test_two_documents_never_get_one_name() -> None:
    """Not by what they are to be called, nor when a newer version brings one of a name that the app has."""
    held = Office()
    more = {"forms/visited.json": {**visits()["forms/quote.json"], "name": "visited"}}
    archive, names = packed({**visits(), **more}), {"forms/quote": "visited"}
    made = held.ask("root", "app.install_package", archive=archive, names=names)
    assert {"forms/quote": "visits_quote", "forms/visited": "visits_visited"} == {
        each["path"]: each["free"] for each in made["collisions"]
    }
    names = {"forms/quote": "visited", "roles/employee": "clerk"}
    publish(held, held.ask("root", "app.install_package", archive=packed(visits()), names=names))
    assert "clerk" in [each["name"] for each in held.host.documents.app.data["roles"]]

    both = {**more, "forms/contract.json": {**more["forms/visited.json"], "name": "contract"}}
    mine = {name: held.host.documents.get("forms", name).data for name in ("contract", "visited")}  # type: ignore[union-attr]
    publish(held, held.ask("root", "app.update_package", archive=packed(visits("2.0.0", **both))))
    assert mine == {name: held.host.documents.get("forms", name).data for name in mine}  # type: ignore[union-attr]
    assert {"visits_contract", "visits_visited"} <= held.host.types.keys()
    publish(held, held.ask("root", "app.remove_package", name="visits"))
    assert {"contract"} == {*mine, "visits_contract", "visits_visited"} & held.host.types.keys()


@pytest.mark.parametrize(
    "wrong", [{"name": None}, {"roles": "abc"}, {"roles": [{"title": "x"}]}, {"menus": [1]}], ids=str
)
def test_a_package_whose_app_json_is_wrong_is_refused(wrong: dict[str, Any]) -> None:
    """With what is wrong with it, in whatever way it is asked for; its first data, which nobody takes, are not read."""
    held = Office()
    said = {**visits()["app.json"], **wrong}
    archive = packed({**visits(), "app.json": {key: each for key, each in said.items() if each is not None}})
    for operation in ("app.package", "app.install_package", "app.update_package"):
        with pytest.raises(Rejected, match=r"app\.json"):
            held.ask("root", operation, archive=archive)
    unread = packed(visits(**{"seed/10_quote.json": "{nothing"}))
    assert held.ask("root", "app.install_package", archive=unread)["collisions"]


BOMB = {**visits(), "seed/10_quote.json": b"0" * 30_000_000}


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        ("not base64!", "base64"),
        (base64.b64encode(b"no archive").decode(), "zip"),
        ("A" * 12_000_000, "8388608"),
        (packed({"readme.txt": "nothing"}), "app.json"),
        (packed({**visits(), "../outside.json": "{}"}), "outside"),
        (packed(BOMB), "limit|larger"),
        (packed({**visits(), "forms/deep.json": '{"a":' * 4000 + "1" + "}" * 4000}), "deep|levels"),
        (packed({**visits(), "forms/wrong.json": {"name": "wrong", "fields": [{"name": "x", "type": "txt"}]}}), "txt"),
    ],
    ids=["base64", "archive", "large", "empty", "outside", "bomb", "deep", "wrong"],
)
def test_what_is_no_package_is_refused_with_what_is_wrong(archive: str, said: str) -> None:
    """Nothing of it is done, whichever way it is asked."""
    held = Office()
    for operation in ("app.package", "app.install_package"):
        with pytest.raises(Rejected, match=said):
            held.ask("root", operation, archive=archive)


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (
            b"no archive",
            ["the archive as a whole: it cannot be read: File is not a zip file. Check it and its rights."],
        ),
        (packed({"readme.txt": "nothing"}), ["app.json: there is no app.json. Add app.json with name and title."]),
    ],
    ids=["archive", "empty"],
)
def test_what_is_wrong_with_a_package_is_told_in_sentences(archive: str | bytes, said: list[str]) -> None:
    """One for each mistake, with its place; of what cannot be opened nothing is said that follows from it."""
    sent = archive if isinstance(archive, str) else base64.b64encode(archive).decode()
    with pytest.raises(Rejected) as refused:
        Office().ask("root", "app.package", archive=sent)
    assert [each.words("en") for each in refused.value.problems] == said


def _untranslated(value: Any) -> Iterator[Any]:
    """Words for people that are not in both languages."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("title", "plural", "description", "message", "section", "label") and isinstance(each, str):
                if any("\u4e00" <= sign <= "\u9fff" for sign in each) or (key != "label" and " " in each):
                    yield each
            yield from _untranslated(each)
    elif isinstance(value, list):
        for each in value:
            yield from _untranslated(each)


@pytest.mark.requirement("SP10")
@pytest.mark.parametrize("name", packages.ready_made())
def test_a_ready_made_package_is_whole(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is wrong with it, it speaks both languages and says what it is for, its stories pass; put into an app
    that has nothing, its records are saved and each of its reports is asked."""
    folder = packages.ready_made()[name]
    assert 0 == main(["check", "--strict", str(folder)]), capsys.readouterr().out
    assert 0 == main(["format", "--check", str(folder)]), capsys.readouterr().out
    assert 0 == main(["test", str(folder)]), capsys.readouterr().out
    package = packages.package(name)
    assert package.app.data["description"]
    assert [] == [each for document in package for each in _untranslated(document.data)]

    empty = {"app.json": {"name": "empty", "zone": "Asia/Shanghai", "roles": [{"name": "administrator"}]}}
    with Host(empty, clock=FrozenClock(MONDAY)) as host:
        host.publish()
        publish(host, host.ask(APP, "app.install_package", name=name))
        rows = {path: package.files[path] for path in package.files.under("seed")}
        host.documents = load({**{each.path: each.data for each in host.documents}, **rows}, Report())
        assert seed(host, passwords=False)
        forms = {each.name for each in package.of("forms")}
        assert forms == {form for form in forms if host.ask(APP, "records.list", type=form)["items"]}
        for report in host.app.plans["reports"].reports:
            host.ask(APP, "reports.run", report=report)


@pytest.mark.requirement("SP10")
def test_all_of_them_fit_into_the_crm() -> None:
    """One after the other: each as a part of its own beside those of the CRM, with nothing wrong; and out again."""
    host = Host(load(CRM))
    host.publish()
    whole = host.documents.digest
    for name in packages.ready_made():
        made = host.ask(APP, "app.install_package", name=name)
        names = {each["path"]: each["free"] for each in made["collisions"]}
        made = host.ask(APP, "app.install_package", name=name, names=names) if names else made
        publish(host, made)
        assert host.app.parts.stated[name].enabled
    for name in packages.ready_made():
        publish(host, host.ask(APP, "app.remove_package", name=name))
    assert host.documents.digest == whole
