"""The library of scenarios: every one is valid, is found, and does what it says when its example is played."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lowcode.app import compile_app
from lowcode.cli import main
from lowcode.host import Host
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import NotFound, Rejected, Report
from lowcode.kernel.identity import APP
from lowcode.rules.library.scenario import (
    GroupDocument,
    ScenarioDocument,
    UnknownValue,
    fill,
    groups,
    scenarios,
    used_words,
)
from lowcode.rules.library.vocabulary import COMMON, vocabulary, words_of
from tests.rules.apps import ENGINES, Trial
from tests.rules.library_app import CRM, Stage, crm, documents

EVERY = scenarios()


def plain(value: Any) -> Any:
    """A value as the examples write it."""
    return value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, (int, bool)) else str(value)


def month_of(scenario: ScenarioDocument) -> str | None:
    """The schedule of a scenario that waits for a day of the month."""
    cron: str | None = scenario.rule["on"].get("schedule", {}).get("cron")
    return cron if cron is not None and cron.split()[2] != "*" else None


@pytest.mark.requirement("SR01", "R10")
def test_there_are_two_hundred() -> None:
    """More than two hundred scenarios in groups, each with a name and an action of its own, in Chinese and English."""
    assert len(EVERY) >= 200
    assert sum(len(group.scenarios) for group in groups()) == len(EVERY)
    for group, scenario in EVERY.values():
        for text in (group.title, scenario.title, *(each.title for each in scenario.parameters.values())):
            assert isinstance(text, Mapping) and set(text) == {"zh-CN", "en"}, scenario.name
    said = [json.dumps({**scenario.rule, "priority": 0}, sort_keys=True) for _, scenario in EVERY.values()]
    assert len(set(said)) == len(said)


CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def foreign(written: Any, key: str = "") -> Iterator[str]:
    """What an English reader would see in Chinese; conditions look for words of both languages."""
    if isinstance(written, Mapping):
        for name, each in written.items():
            yield from foreign(each, name) if name not in ("zh-CN", "when") else ()
    elif isinstance(written, list):
        for each in written:
            yield from foreign(each, key)
    elif isinstance(written, str) and CHINESE.search(written):
        yield written


@pytest.mark.requirement("SR01")
def test_scenarios_speak_the_language_of_whoever_installs_them() -> None:
    """In English nothing of them is Chinese, neither what is read nor what is written into records."""
    for _, scenario in EVERY.values():
        assert list(foreign(fill(scenario, language="en"))) == [], scenario.name
    made = EVERY["lead_first_call_today"][1]
    said = [fill(made, language=each)["actions"][0]["create"]["values"]["title"] for each in ("zh-CN", "en", "fr")]
    assert said == ['"当天回访：" & company', '"Call back today: " & company', '"Call back today: " & company']
    renamed = fill(made, names={"company": "firm"}, language="en")
    assert renamed["actions"][0]["create"]["values"]["title"] == '"Call back today: " & firm'


@pytest.mark.requirement("SR01")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_scenario_is_valid(language: str) -> None:
    """All of them together fit the forms of the CRM: nothing is wrong."""
    report = Report()
    loaded = load(documents(*(fill(scenario, language=language) for _, scenario in EVERY.values())), report)
    compile_app(loaded, ENGINES, Host(loaded, "sqlite://", engines=ENGINES).operations, report=report)
    assert [str(each) for each in report if each.severity != "information"] == []


@pytest.mark.requirement("SR01", "SR02", "SR29", "SR35")
@pytest.mark.parametrize("group", groups(), ids=lambda each: each.group)
def test_every_scenario_fires(group: GroupDocument) -> None:
    """Its example sets it off: the run log says it was done, the save is refused, or the field has its value."""
    silent: list[tuple[str, Any]] = []
    after = [each for each in group.scenarios if each.rule.get("phase") != "before"]
    after.sort(key=lambda each: month_of(each) is None)  # a day of the first month is one of the example's own
    with crm(*(fill(each) for each in after)) as app:
        for scenario in after:
            Stage(app).play(scenario.rule["form"], scenario.example, month_of(scenario))
            done = app.ask(None, "rules.log", rule=scenario.name, limit=200)
            if not any(each["outcome"] == "done" for each in done["items"]) or done["failed"]:
                silent.append((scenario.name, [each["error"] for each in done["failed"]]))
    before = [each for each in group.scenarios if each.rule.get("phase") == "before"]
    assert [*silent, *(_inside_the_save(before) if before else ())] == []


def _inside_the_save(scenarios: list[ScenarioDocument]) -> Iterator[tuple[str, Any]]:
    """The scenarios that neither refuse the save with their words nor give the field its value."""
    with crm(*(fill(each) for each in scenarios)) as app:
        for scenario in scenarios:
            stage, example = Stage(app), scenario.example
            refused = stage.play(scenario.rule["form"], example)
            if example.get("refused"):
                words = [each["refuse"]["message"] for each in fill(scenario)["actions"] if "refuse" in each]
                if refused != words:
                    yield scenario.name, refused
                continue
            record = app.get(stage.known["record"], scenario.rule["form"])
            expected = {name: plain(stage.value(each)) for name, each in example["expect"].items()}
            seen = {name: plain(record[name]) for name in expected}
            if refused or seen != expected:
                yield scenario.name, refused or seen


@pytest.mark.requirement("R10", "SR01")
def test_scenarios_are_found_and_filled_in() -> None:
    """By words in either language or by group; with values, and with the app's own names; what does not fit is said."""
    with crm() as app:
        found = app.ask(None, "rules.scenarios", words="生日")
        assert {"birthday_wishes", "birthday_day_before"} <= {each["scenario"] for each in found}
        assert [each["group"] for each in app.ask(None, "rules.scenarios", words="birthday wishes")] == ["care"]
        assert len(app.ask(None, "rules.scenarios", group="pool")) == 10
        filled = app.ask(None, "rules.scenario", scenario="account_silent_days", values={"days": 12}, name="silent")
        assert filled["path"] == "rules/silent.json"
        assert filled["document"]["on"]["inactive"]["for"] == {"days": 12}
        assert filled["document"]["title"]["zh-CN"] == "客户 12 天未跟进预警"
        assert filled["findings"] == []
        wrong = app.ask(None, "rules.scenario", scenario="account_silent_days", names={"assigned_at": "given_at"})
        assert [(each["code"], each["pointer"]) for each in wrong["findings"]] == [
            ("expressions.unknown-field", "/on/inactive/since")
        ]
        with pytest.raises(NotFound):
            app.ask(None, "rules.scenario", scenario="account_silent")
        with pytest.raises(Rejected):
            app.ask(None, "rules.scenario", scenario="account_silent_days", values={"day": 3})
        _installed(app, filled)


def _installed(app: Trial, filled: Mapping[str, Any]) -> None:
    """It is published to the running app, disarmed, and its name is taken; what armed rules there are is listed."""

    def publish(changed: Mapping[str, Any]) -> None:
        documents = {changed["path"]: changed["document"]}
        seen = app.ask(None, "app.plan", documents=documents)
        app.host.ask(APP, "app.publish", documents=documents, plan=seen["plan"])

    def standing() -> dict[str, tuple[bool, bool]]:
        return {each["rule"]: (each["armed"], each["switchable"]) for each in app.ask(None, "rules.list")["items"]}

    assert filled["taken"] is False
    publish(filled)
    assert app.ask(None, "rules.scenario", scenario="account_silent_days", name="silent")["taken"] is True
    assert standing()["silent"] == (True, True)
    publish(app.ask(None, "rules.switched", rule="silent", armed=False))
    assert standing()["silent"] == (False, True)
    again = app.ask(None, "rules.switched", rule="silent", armed=True)
    assert again["document"] == app.ask(None, "rules.scenario", scenario="account_silent_days", values={"days": 12},
                                        name="silent")["document"]  # fmt: skip
    with pytest.raises(NotFound):
        app.ask(None, "rules.switched", rule="silence", armed=True)


def test_words_are_replaced_where_they_name_something() -> None:
    """In expressions, in template parts and as keys; an option when given in quotes; never in words for people."""
    scenario = EVERY["lead_reopened"][1]
    names = {"lead": "clue", "company": "firm", "stage": "state", '"new"': '"fresh"'}
    filled = fill(scenario, names=names)
    assert (filled["form"], filled["on"]["left"]["field"], filled["when"]) == ("clue", "state", 'state = "fresh"')
    assert filled["actions"][0]["notify"]["text"] == "{{ firm }}"
    assert filled["title"]["en"] == "Tell the owner when a lead is opened again"
    with pytest.raises(UnknownValue, match="number"):
        fill(EVERY["account_silent_days"][1], {"days": "many"})


@pytest.mark.requirement("SR01")
def test_a_scenario_is_installed_with_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule is written into the app; one that is there, is unknown, or does not fit is not."""
    for path, data in documents().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    install = ["install", "account_silent_days", "--app", str(tmp_path)]
    assert main([*install, "--set", "days=20"]) == 0
    written = json.loads((tmp_path / "rules" / "account_silent_days.json").read_text("utf-8"))
    assert written["on"]["inactive"]["for"] == {"days": 20}
    assert main(install) == 1
    assert main([*install, "--name", "other", "--use", "assigned_at=given_at"]) == 1
    assert not (tmp_path / "rules" / "other.json").exists()
    assert main([*install, "--name", "other", "--set", "days"]) == 1
    assert main(["install", "account_silent", "--app", str(tmp_path)]) == 1
    assert main(["install", "account_silent_days", "--app", str(CRM / "forms")]) == 1
    assert main(["install", "--search", "birthday"]) == 0
    said = capsys.readouterr()
    assert "birthday_wishes" in said.out
    assert "is there already" in said.err and "Did you mean 'account_silent_days'?" in said.err
    assert "name the app's words with --use" in said.err


@pytest.mark.requirement("SR01", "R10")
def test_the_apps_own_words_are_offered_and_remembered() -> None:
    """An app that calls things otherwise: offered is what holds the same, the nearest first; what was chosen stands in
    the rule, which then fits, and is remembered for the next scenario. Every word of the library is known."""
    with crm() as app:
        same = app.ask(None, "rules.scenario", scenario="account_silent_days")
        assert {each["word"]: each["same"] for each in same["words"]} == dict.fromkeys(
            ("account", "name", "status", '"potential"', '"active"', "last_follow_up_at", "assigned_at"), True
        )
    form = {
        "name": "client", "title": {"zh-CN": "客户", "en": "Client"}, "label": "company",
        "fields": [
            {"name": "company", "type": "text"},
            {"name": "state", "type": "select", "title": "Status",
             "options": [{"name": each} for each in ("current", "gone")]},
            {"name": "last_followed_up_at", "type": "datetime"},
            {"name": "handed_over", "type": "datetime"},
            {"name": "born", "type": "date"},
        ],
    }  # fmt: skip
    with Host(
        {"app.json": {"name": "other", "roles": [{"name": "sales"}]}, "forms/client.json": form}, "sqlite://",
        engines=ENGINES,
    ) as host:  # fmt: skip
        host.publish()

        def filled(**names: str) -> dict[str, Any]:
            found: dict[str, Any] = host.ask(APP, "rules.scenario", scenario="account_silent_days", names=names)
            return found

        first = filled()
        words = {each["word"]: each for each in first["words"]}
        assert {word: each["name"] for word, each in words.items()} == {
            "account": "client", "name": None, "status": "state", '"active"': None, '"potential"': None,
            "last_follow_up_at": "last_followed_up_at", "assigned_at": None,
        }  # fmt: skip
        assert first["findings"] != []
        assert {each["name"] for each in words['"active"']["candidates"]} == {'"current"', '"gone"'}
        offered = {each["name"] for each in words["assigned_at"]["candidates"]}
        assert offered == {"last_followed_up_at", "handed_over", "created_at", "updated_at"}
        chosen = {'"active"': '"current"', '"potential"': '"gone"', "assigned_at": "handed_over", "name": "company"}
        fitting = filled(**chosen)
        assert (fitting["findings"], fitting["document"]["form"]) == ([], "client")
        assert fitting["document"]["when"].endswith('state in ("gone", "current")')
        host.ask(APP, "rules.remember_words", names=chosen)
        assert filled()["document"] == fitting["document"]


def test_every_word_of_the_library_is_known() -> None:
    """What a scenario sets, asks or names of a form stands in the list of words, and holds what it holds in the CRM."""
    app = compile_app(load(documents(), Report()), ENGINES, ())
    assert app is not None
    known = vocabulary()["forms"]
    for name, form in known.items():
        shapes = app.scope.shapes.records[name].fields
        assert {each: field["holds"] for each, field in form["fields"].items()} == {
            each: shapes[each].type.kind for each in form["fields"]
        }
        for field, written in form["fields"].items():
            options = shapes[field].type.options
            assert options is None or set(written.get("options", {})) <= set(options)
    for _, scenario in EVERY.values():
        missing = used_words(scenario)[0] & {each for form in app.types.values() for each in form.fields}
        missing -= {word.word for word in words_of(scenario)} | COMMON
        assert missing == set(), scenario.name
