"""What one batch brings, people are told of as one: imports, changes of many records, records handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations import bringing
from lowcode.kernel.contract import in_batch
from lowcode.kernel.events import together
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import keep
from tests.rules.apps import LEAD, PEOPLE, Trial, findings, rule, trial
from tests.support.mail import MailServer

ALL = ["create", "read", "edit", "delete", "import"]
OTHERS: dict[str, Any] = {
    "forms/lead.json": {**LEAD, "permissions": [{"role": ["sales", "supervisor"], "can": ALL}]},
}
WORDS: dict[str, Any] = {
    "to": ["owner"],
    "title": "New: {{ company }}",
    "text": "Budget {{ budget }}",
    "many": {"en": "{count} leads were given to you", "zh-CN": "分给您 {count} 条线索"},
}
GIVEN = rule("given", {"becomes": "owner is not blank"}, {"notify": WORDS})


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of twenty rows, so that a batch has several of them."""
    monkeypatch.setattr(bringing, "PART", 20)


@pytest.fixture
def options(mail_server: MailServer) -> Iterator[dict[str, Any]]:
    """A host that writes letters."""
    url = f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"
    yield {"others": OTHERS, "secrets": {"SMTP_URL": url, "PUBLIC_URL": "https://crm.example.com/"}}


def csv_of(*owners: str, first: int = 1) -> bytes:
    rows = [f"C{first + at:03},{owner}" for at, owner in enumerate(owners)]
    return "\n".join(["company,owner", *rows]).encode()


def begun(app: Trial, content: bytes, login: str = "boss") -> int:
    """An import behind the scenes."""
    file = app.host.write(
        lambda unit: keep(app.host.context(unit, app.host.actor(login)), "leads.csv", "text/csv", content)
    )
    return int(app.ask(login, "forms.start_import", form="lead", file=file["id"])["run"])


def imported(app: Trial, content: bytes, login: str = "boss") -> int:
    """An import at once; its batch."""
    found = app.ask(login, "forms.import", form="lead", name="a.csv", content=content)
    assert found["refused"] == 0
    return int(found["batch"])


def told(app: Trial) -> None:
    """What a batch brings happens, and a moment later people are told."""
    app.settle()
    app.advance(seconds=3)


def items(app: Trial, login: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = app.ask(login, "notifications.list", limit=200)["items"]
    return found


def listed(app: Trial, login: str) -> list[str]:
    """What the list shows to which their one notice leads."""
    (notice,) = items(app, login)
    asked = {"type": notice["list"]["form"], "where": notice["list"]["where"], "sort": ("id",), "limit": 100}
    return [each["company"] for each in app.ask(login, "records.list", **asked)["items"]]


@pytest.mark.requirement("F20", "SR15")
def test_forty_of_an_import_are_one_notice(database_url: str) -> None:
    """Each person is told once how many they were given, and is led to exactly those; two who import at the same time
    are told of apart; whoever read it is told again when it grows; taken back, it tells of what is left."""
    with trial(database_url, GIVEN, others=OTHERS) as app:
        run = begun(app, csv_of(*["ann"] * 40, *["ben"] * 5))
        told(app)
        assert (["40 leads were given to you"], ["5 leads were given to you"]) == (
            app.notices("ann"), app.notices("ben"),
        )  # fmt: skip
        (notice,) = items(app, "ann")
        assert (None, False) == (notice["record"], notice["read"])
        assert notice["text"].splitlines() == [*(f"• New: C00{at}" for at in range(1, 6)), "… and 35 more"]
        assert [f"C{at:03}" for at in range(1, 41)] == listed(app, "ann")
        first, second = imported(app, csv_of("ann", "ann", first=50)), imported(app, csv_of("ann", first=60))
        told(app)
        titles = ["40 leads were given to you", "2 leads were given to you", "New: C060"]
        assert sorted(titles) == sorted(app.notices("ann"))
        app.ask("boss", "forms.undo_import", batch=first)
        app.ask("boss", "forms.undo_import", batch=second)
        assert titles[:1] == app.notices("ann")
        with app.host.session(APP) as context:
            context.ask("notifications.withdraw", form="lead", records=[each["id"] for each in app.all("lead")[:38]])
        assert (["2 leads were given to you"], ["5 leads were given to you"]) == (
            app.notices("ann"), app.notices("ben"),
        )  # fmt: skip
        app.ask("boss", "forms.undo_run", run=run)
        app.settle()
        assert ([], []) == (app.notices("ann"), app.notices("ben"))


def test_a_notice_grows_while_an_import_goes_on(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a part brings is told at once; the next makes the same notice unread again, and nothing counts twice, though
    whoever tells of it dies half way."""
    with trial(database_url, GIVEN, others=OTHERS) as app:
        seen: list[tuple[str, bool]] = []
        died: list[str] = []
        renew = together._renew

        def tell(context: Any, user: int, key: str) -> None:
            renew(context, user, key)
            if not died:
                died.append(key)
                raise ZeroDivisionError

        monkeypatch.setattr(together, "_renew", tell)
        ann = app.person("ann")
        for count in (1, 2, 30):
            with app.host.session(APP) as context:
                part = in_batch(context, "import:1")
                for at in range(count):
                    part.ask("records.create", type="lead", values={"company": f"C{at}", "owner": ann})
            app.settle()
            app.advance(minutes=1)
            app.advance(hours=1)
            (notice,) = items(app, "ann")
            seen.append((notice["title"], notice["read"]))
            app.ask("ann", "notifications.read", all=True)
        assert seen == [
            ("New: C0", False), ("3 leads were given to you", False), ("33 leads were given to you", False),
        ]  # fmt: skip


@pytest.mark.requirement("SR15")
def test_one_letter_tells_of_a_batch(database_url: str, mail_server: MailServer, options: dict[str, Any]) -> None:
    """It goes when nothing has come for a minute, lists what there is with its words and addresses, and tells of what
    comes later apart."""
    words = rule("given", GIVEN["on"], {"notify": {**WORDS, "channels": ["app", "mail"]}})
    with trial(database_url, words, **options) as app:
        with app.host.session(APP) as context:
            context.ask("identity.save_person", **PEOPLE[1], email="ann@example.com")
        app.host.forget_directory()
        begun(app, csv_of(*["ann"] * 25))
        told(app)
        app.advance(seconds=50)
        assert mail_server.letters == []
        app.advance(minutes=2)
        (letter,) = mail_server.letters
        assert letter.subject == "分给您 25 条线索"
        text = letter.text().replace("\r\n", "\n")
        ids = [each["id"] for each in app.all("lead")]
        for at, identity in enumerate(ids, 1):
            assert f"• New: C{at:03}\n  https://crm.example.com/#/records/lead/{identity}" in text.replace(
                "  Budget \n", ""
            )
        app.advance(hours=1)
        assert len(mail_server.letters) == 1


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, {"ann": [], "ben": ["3 leads were given to you", "3 leads were given to you"]}),
        ({"each": True, "many": None}, {"ann": [], "ben": [f"New: {each}" for each in "ABCABC"]}),
        ({"many": None}, {"ann": [], "ben": ["Given (3)", "Given (3)"]}),
        ({"once_per": {"days": 1}}, {"ann": [], "ben": ["3 leads were given to you"]}),
    ],
)  # fmt: skip
def test_changes_of_many_records_are_told_as_one(
    database_url: str, more: dict[str, Any], wanted: dict[str, list[str]]
) -> None:
    """Of those that are edited together and of those that are handed over; each by itself where a rule says so; who was
    told of a record within the span is not told in a batch either."""
    notify = {name: value for name, value in {**WORDS, **more}.items() if value is not None}
    given = rule("given", {"becomes": "owner = former_owner"}, {"notify": notify}, title="Given")
    with trial(database_url, given) as app:
        ann, ben = app.person("ann"), app.person("ben")
        ids = [app.create("ann", company=each, owner=ann) for each in "ABC"]
        app.ask(None, "forms.edit_many", form="lead", ids=tuple(ids), values={"former_owner": ben, "owner": ben})
        told(app)
        app.ask(None, "forms.edit_many", form="lead", ids=tuple(ids), values={"former_owner": None, "owner": ann})
        told(app)
        app.ask(None, "forms.edit_many", form="lead", ids=tuple(ids), values={"former_owner": ben})
        app.ask(None, "forms.hand_over", **{"from": ann, "to": ben}, fields=False)
        told(app)
        assert wanted == {each: app.notices(each) for each in ("ann", "ben")}


def test_what_is_erased_is_told_of_nowhere(database_url: str) -> None:
    """Not in a notice that tells of others as well, though it was read."""
    with trial(database_url, GIVEN, others=OTHERS) as app:
        imported(app, csv_of("ann", "ann", "ann"))
        told(app)
        app.ask("ann", "notifications.read", all=True)
        gone = app.all("lead")[0]["id"]
        with app.host.session(APP) as context:
            context.ask("notifications.withdraw", form="lead", records=(gone,), read=True)
        (notice,) = items(app, "ann")
        assert ("2 leads were given to you", "• New: C002\n• New: C003", True) == tuple(
            notice[name] for name in ("title", "text", "read")
        )
        with app.host.database.reading() as unit:
            assert 2 == len(unit.fetch(sa.select(t.batch_notice.c.id)))


def test_a_title_for_many_needs_many() -> None:
    """A notice of each by itself, and a digest, have no title for a batch."""
    for more in ({"each": True}, {"digest": {"name": "evening", "at": "18:00"}}):
        said = [str(each) for each in findings(rule("given", GIVEN["on"], {"notify": {**WORDS, **more}}))]
        assert any("/actions/0/notify: error" in each and "leave out 'each' and 'digest'" in each for each in said)
