"""Publishing while the app runs: what was seen is what is done, nothing of anybody's is lost, and others follow."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from lowcode import publishing
from lowcode.app import compile_app
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Conflict, Forbidden, Rejected
from lowcode.kernel.identity import APP
from lowcode.publishing import running
from lowcode.publishing.merging import Diverged
from lowcode.rules.engine import Rules
from tests.api.app import APPLICATION, CONTRACT, LEAD, MONDAY, Shop, documents
from tests.web.calls import Visitor

Open = Callable[..., Shop]
GREET: dict[str, Any] = {
    "name": "greet", "title": {"zh-CN": "问候", "en": "Greet"}, "form": "lead", "on": {"created": True},
    "phase": "before", "actions": [{"set": {"source": '"greeted"'}}],
}  # fmt: skip
PATH = "rules/greet.json"
ENGINES = (Forms(), Rules())
"""Made once: the models of their documents take a while to build."""


def publish(host: Host, login: str, changed: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Look, and do."""
    actor = host.actor(login)
    seen = host.ask(actor, "app.plan", documents=changed, **more)
    assert seen["findings"] == []
    found: dict[str, Any] = host.ask(
        actor, "app.publish", documents=changed, plan=seen["plan"], allow=seen["consents"], **more
    )
    return found


def source_of_new(host: Host) -> Any:
    """Where a new lead says it comes from."""
    made = host.ask(APP, "records.create", type="lead", values={"company": "Huahui"})
    return host.ask(APP, "records.get", type="lead", id=made["id"])["source"]


@pytest.mark.requirement("SR01", "X2")
def test_a_rule_is_published_followed_kept_and_taken_back(open_shop: Open, database_url: str) -> None:
    """It fires at once here and, soon, in another process; a start from the folder keeps it; undo takes it away; and
    the list of versions says who did what."""
    shop = open_shop(database=database_url, engines=ENGINES)
    host = shop.host
    with Host(documents(), database_url, clock=shop.clock, engines=ENGINES) as other:
        other.publish()
        assert source_of_new(host) == source_of_new(other) == "hand"
        seen = shop.ask("root", "app.plan", documents={PATH: GREET})
        assert [each["words"]["en"] for each in seen["changes"]] == ["rule Greet (greet) added"]
        assert source_of_new(host) == "hand"  # looking does nothing
        publish(host, "root", {PATH: GREET})
        assert source_of_new(host) == "greeted"
        running.follow(other, at_once=True)
        assert source_of_new(other) == "greeted"
        publish(other, "root", {PATH: {**GREET, "enabled": False}})
        running.follow(host, at_once=True)
        assert source_of_new(host) == "hand"
        before = shop.ask("root", "app.plan_undo")
        shop.ask("root", "app.undo", plan=before["plan"])
        assert source_of_new(host) == "greeted"
    with Host(documents(), database_url, clock=shop.clock, engines=ENGINES) as again:
        assert again.plan().empty  # the folder does not have it, and does not take it away
        again.publish()
        assert source_of_new(again) == "greeted"
        assert again.documents.get("rules", "greet") is not None
    listed = shop.ask("root", "app.versions")["items"]
    assert [(each["by"], each["published"], each["in_use"]) for each in listed] == [
        ("Root", True, False), ("Root", True, False), ("Root", True, True), (None, False, False),
    ]  # fmt: skip
    assert listed[2]["changes"][0]["words"]["en"] == "rule Greet (greet) added"
    shop.ask("root", "app.undo", plan=shop.ask("root", "app.plan_undo")["plan"])
    assert source_of_new(host) == "hand"
    with pytest.raises(Conflict, match="nothing-to-undo"):
        shop.ask("root", "app.plan_undo")  # what came from the folder is not taken back here


@pytest.mark.requirement("X2")
def test_who_comes_second_sees_a_conflict(open_shop: Open) -> None:
    """Two administrators look at the same time: the second is told who was faster, and nothing of the first is lost."""
    shop = open_shop(engines=ENGINES)
    mine = {"rules/mine.json": {**GREET, "name": "mine"}}
    seen = shop.ask("root", "app.plan", documents=mine)
    publish(shop.host, "root", {PATH: GREET})
    with pytest.raises(Conflict) as refused:
        shop.ask("root", "app.publish", documents=mine, plan=seen["plan"])
    assert refused.value.problems[0].code == "app.another-plan"
    assert refused.value.problems[0].words("en").startswith("Root published at 2026-03-02 09:00")
    publish(shop.host, "root", mine)
    assert {each.name for each in shop.host.documents.of("rules")} == {"greet", "mine"}


def test_the_folder_and_what_was_published_are_brought_together(open_shop: Open, database_url: str) -> None:
    """What the folder brings new and what was published stand beside one another; where both changed the same document
    somebody has to say which one it shall be."""
    shop = open_shop(database=database_url, engines=ENGINES)
    publish(shop.host, "root", {PATH: GREET})
    thanks = {**GREET, "name": "thanks", "form": "contract", "actions": [{"set": {"total": "1"}}]}
    with Host(documents(**{"rules/thanks.json": thanks}), database_url, clock=shop.clock, engines=ENGINES) as host:
        host.publish()
        assert {each.name for each in host.documents.of("rules")} == {"greet", "thanks"}
    otherwise = documents(**{PATH: {**GREET, "actions": [{"set": {"source": '"folder"'}}]}})
    with Host(otherwise, database_url, clock=shop.clock, engines=ENGINES) as host:
        for attempt in (host.publish, host.plan):
            with pytest.raises(Diverged) as refused:
                attempt()
            assert refused.value.paths == (PATH,)
            assert f"--allow replace:{PATH}" in str(refused.value)
        host.apply(host.plan([f"replace:{PATH}"]))
        assert source_of_new(host) == "folder"
        assert host.documents.get("rules", "thanks") is None  # that start had no such rule


@pytest.mark.requirement("X2", "X15")
def test_what_destroys_needs_consent_and_comes_back(open_shop: Open) -> None:
    """A whole folder that is pushed says what it would hide; without consent nothing is done; undo brings it back."""
    shop = open_shop(engines=ENGINES)
    host = shop.host
    made = host.ask(APP, "records.create", type="lead", values={"company": "Huahui", "employees": 7})["id"]
    fields: Any = LEAD["fields"]
    fewer = {**LEAD, "fields": [each for each in fields if each["name"] != "employees"]}
    pushed = {"app.json": APPLICATION, "forms/lead.json": fewer, "forms/contract.json": CONTRACT}
    files = {"templates/letter.txt": base64.b64encode(b"Dear {{ company }}").decode()}
    seen = shop.ask("root", "app.plan", documents=pushed, files=files, whole=True)
    assert seen["consents"] == ["retire:lead.employees"]
    with pytest.raises(Rejected) as refused:
        shop.ask("root", "app.publish", documents=pushed, files=files, whole=True, plan=seen["plan"])
    assert refused.value.problems[0].code == "app.needs-consent"
    publish(host, "root", pushed, files=files, whole=True)
    assert host.documents.files["templates/letter.txt"] == b"Dear {{ company }}"
    assert "employees" not in host.types["lead"].fields
    shop.ask("root", "app.undo", plan=shop.ask("root", "app.plan_undo")["plan"])
    assert host.ask(APP, "records.get", type="lead", id=made)["employees"] == 7


def test_what_is_wrong_is_told_and_not_published(open_shop: Open) -> None:
    """Findings have their place and cure; nobody but an administrator publishes; a path leads nowhere else."""
    shop = open_shop(engines=ENGINES)
    wrong = {PATH: {**GREET, "actions": [{"set": {"sauce": '"x"'}}]}}
    found = shop.ask("root", "app.plan", documents=wrong)
    assert found["plan"] is None
    assert [(each["code"], each["document"], each["pointer"]) for each in found["findings"]] == [
        ("rules.unknown-field", PATH, "/actions/0/set/sauce")
    ]
    with pytest.raises(Rejected) as refused:
        shop.ask("root", "app.publish", documents=wrong, plan="0")
    assert [each.code for each in refused.value.problems] == ["rules.unknown-field"]
    for operation, more in (("app.plan", {}), ("app.publish", {"plan": "0"}), ("app.undo", {"plan": "0"})):
        with pytest.raises(Forbidden):
            shop.ask("head", operation, **more)
    for path in ("../rules/x.json", "rules/../../x.json", "/rules/x.json", "rules\\x.json", "other/x.json", "x.json"):
        with pytest.raises(Rejected) as refused:
            shop.ask("root", "app.plan", documents={path: "{}"})
        assert refused.value.problems[0].code == "app.bad-path"
    with pytest.raises(Rejected) as refused:
        shop.ask("root", "app.plan", files={"templates/a.txt": "?"})
    assert refused.value.problems[0].code == "app.bad-file"


def test_over_http_the_page_goes_on_with_the_new_version(open_shop: Open) -> None:
    """An administrator publishes over HTTP; the description of the app has another tag then; nobody else may."""
    shop = open_shop(engines=ENGINES)
    root = Visitor(shop).sign_in("root")
    tag = root.get("api/app").headers["etag"]
    title = {**LEAD, "title": {"en": "Prospect", "zh-CN": "潜在客户"}}
    seen = root.post("api/operations/app.plan", {"documents": {"forms/lead.json": title}}).json()
    done = root.post(
        "api/operations/app.publish", {"documents": {"forms/lead.json": title}, "plan": seen["plan"]}
    )  # fmt: skip
    assert done.status_code == 200, done.text
    again = root.get("api/app", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again.json()["forms"]["lead"]["title"]["en"] == "Prospect"
    late = root.post("api/operations/app.publish", {"documents": {PATH: GREET}, "plan": seen["plan"]})
    assert late.status_code == 409
    head = Visitor(shop, app=root.app).sign_in("head")
    assert head.post("api/operations/app.plan", {"documents": {PATH: GREET}}).status_code == 403


def test_work_that_began_before_leaves_nothing_behind(open_shop: Open) -> None:
    """What a piece of work derived from the version it began with is not kept for those that come after it."""
    shop = open_shop(engines=ENGINES)
    host = shop.host
    with running.at_work(host):
        publish(host, "root", {PATH: GREET})
        host.cached("derived", lambda: "of the old version")
    assert host.cached("derived", lambda: "of the new one") == "of the new one"
    assert host.clock.now() == MONDAY
    assert publishing.plan(host).empty


def test_a_version_is_compiled_once(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at is not understood anew when it is published, nor what was in use before when it comes back;
    a document that cannot be read is never taken for what is known."""
    shop = open_shop(engines=ENGINES)
    understood: list[str] = []

    def counted(documents: Documents, *given: Any, **more: Any) -> Any:
        understood.append(documents.digest)
        return compile_app(documents, *given, **more)

    monkeypatch.setattr("lowcode.publishing.compiled.compile_app", counted)
    before = shop.host.app.digest
    publish(shop.host, "root", {PATH: GREET})
    assert understood == [shop.host.app.digest]
    assert source_of_new(shop.host) == "greeted"
    unread = shop.ask("root", "app.plan", documents={"rules/broken.json": "{"})
    assert [each["code"] for each in unread["findings"]] == ["definitions.unclosed"]
    understood.clear()
    back = shop.ask("root", "app.plan_undo")
    shop.ask("root", "app.undo", plan=back["plan"], allow=back["consents"])
    assert understood == []
    assert shop.host.app.digest == before
    assert source_of_new(shop.host) == "hand"
