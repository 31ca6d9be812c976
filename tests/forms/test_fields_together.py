"""Two people change fields of one record: lists go together, and nothing the history does not keep is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.storage.crypto import new_key
from lowcode.kernel.storage.files import keep
from tests.forms.firm import EVERYTHING, Firm, firm

pytestmark = pytest.mark.requirement("F2", "SP19")
TOPIC: dict[str, Any] = {
    "name": "topic",
    "label": "name",
    "fields": [{"name": "name", "type": "text"}],
    "permissions": [{"role": ["sales", "supervisor"], "can": EVERYTHING}],
}
NOTE: dict[str, Any] = {
    "name": "note",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "pages", "type": "number", "scale": 2},
        {"name": "due", "type": "date"},
        {"name": "words", "type": "tags",
         "dimensions": [{"name": "heat", "one": True, "options": [{"name": n} for n in ("hot", "warm", "cold")]}]},
        {"name": "parts", "type": "multi_select", "options": [{"name": n} for n in "abcd"]},
        {"name": "topics", "type": "links", "to": "topic"},
        {"name": "papers", "type": "attachment", "max_files": 3},
        {"name": "draft", "type": "long_text", "history": False},
        {"name": "seen", "type": "links", "to": "topic", "history": False},
        {"name": "pin", "type": "secret"},
        {"name": "card", "type": "text", "mask": "card"},
        {"name": "rows", "type": "lines", "fields": [
            {"name": "what", "type": "text"}, {"name": "words", "type": "tags"},
            {"name": "papers", "type": "attachment", "max_files": 2},
        ]},
    ],
    "permissions": [{"role": "sales", "can": EVERYTHING}, {"role": "supervisor", "can": [*EVERYTHING, "reveal"]}],
}  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    options = {"secrets": {"ENCRYPTION_KEYS": new_key("a")}, "files": str(tmp_path_factory.mktemp("files"))}
    with ExitStack() as stack:
        url = "sqlite://"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgresql_server").database())
        yield stack.enter_context(firm(url, TOPIC, NOTE, **options))


class Note:
    """A note as both people saw it."""

    def __init__(self, app: Firm, **values: Any) -> None:
        self.app = app
        self.id = app.create("ann", "note", **values)

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = self.app.ask("boss", "records.get", type="note", id=self.id)
        return found

    def save(self, login: str, version: int = 1, **values: Any) -> dict[str, Any]:
        self.app.ask(login, "records.update", type="note", id=self.id, values=values, version=version)
        return self.read()

    def refused(self, login: str, version: int = 1, **values: Any) -> list[str]:
        """The places where a change is refused; nothing of it is saved."""
        before = self.read()
        with pytest.raises(Conflict) as conflict:
            self.save(login, version, **values)
        assert self.read() == before
        return [each.pointer for each in conflict.value.problems]


def topics(app: Firm, count: int) -> list[int]:
    return [app.create("ann", "topic", name=f"t{number}") for number in range(count)]


def files(app: Firm, count: int, login: str = "ann") -> list[int]:
    with app.host.session(app.host.actor(login)) as context:
        return [int(keep(context, f"{number}.txt", "text/plain", b"x%d" % number)["id"]) for number in range(count)]


def test_lists_go_together(app: Firm) -> None:
    """Tags, options, links and files: what either added is there, what either took out is not."""
    a, b, c = topics(app, 3)
    (one, three), (two,) = files(app, 2), files(app, 1, "boss")
    note = Note(app, words=["x", "y"], parts=["b", "c"], topics=[a, b], papers=[one])
    note.save("boss", words=["y", "t"], parts=["a", "b", "c"], topics=[c, a, b], papers=[one, two])
    now = note.save("ann", words=["x", "y", "m"], parts=["b", "d"], topics=[b], papers=[one, three])
    assert (now["words"], now["parts"]) == (["y", "t", "m"], ["a", "b", "d"])
    assert (now["topics"], now["papers"]) == ([c, b], [one, two, three])
    history = app.ask("boss", "records.history", type="note", id=note.id)
    assert history[0]["changes"]["topics"] == [[c, a, b], [c, b]]


def test_lists_that_do_not_go_together_are_told(app: Firm) -> None:
    """Two orders, two of what only one may be, more files than there is room for."""
    a, b, c = topics(app, 3)
    papers = files(app, 4)
    papers[2] = files(app, 1, "boss")[0]
    note = Note(app, words=["warm"], topics=[a, b, c], papers=papers[:2])
    note.save("boss", words=["hot"], topics=[b, a, c], papers=papers[:3])
    assert note.refused("ann", topics=[c, a, b], words=["cold"], papers=[*papers[:2], papers[3]], title="t") == [
        "/topics", "/words", "/papers",
    ]  # fmt: skip
    now = note.save("ann", words=["warm", "k"], topics=[a, c], papers=papers[1:2])
    assert (now["words"], now["topics"], now["papers"]) == (["hot", "k"], [b, a, c][1:], papers[1:3])


def test_lists_in_rows(app: Firm) -> None:
    """As in the record; what does not go together is the cell."""
    papers = files(app, 3)
    papers[1] = files(app, 1, "boss")[0]
    note = Note(app, rows=[{"what": "r", "words": ["x"], "papers": papers[:1]}])
    row = note.read()["rows"][0]["id"]
    note.save("boss", rows=[{"id": row, "words": ["x", "t"], "papers": papers[:2]}])
    sent = {"id": row, "words": ["m"], "papers": [papers[0], papers[2]]}
    assert note.refused("ann", rows=[sent]) == ["/rows/0/papers"]
    now = note.save("ann", rows=[{**sent, "papers": []}])["rows"][0]
    assert (now["words"], now["papers"]) == (["t", "m"], [papers[1]])


def test_what_is_sent_as_it_was_is_no_change(app: Firm) -> None:
    """Who sends a whole record changes what is different in it; what came back to what it was was not changed."""
    note = Note(app, title="a", pages="1.5", due="2026-03-04", card="6222000011112222")
    seen = app.ask("ann", "records.get", type="note", id=note.id)
    whole = {name: seen[name] for name in ("title", "pages", "due", "card", "words", "draft")}
    assert whole["card"] == "6222********2222"
    note.save("boss", title="b", pages="2", due="2026-03-05", card="6222000099998888", draft="d")
    now = note.save("ann", **{**whole, "pages": "1.50", "draft": "d"}, topics=[])
    assert (now["title"], str(now["pages"]), str(now["due"]), now["card"], now["draft"]) == (
        "b", "2.00", "2026-03-05", "6222000099998888", "d",
    )  # fmt: skip
    assert now["version"] == 2, "nothing is different: nothing is saved"
    assert note.refused("ann", **{**whole, "title": "c", "draft": "d"}) == ["/title"]
    note.save("boss", 2, title="a")
    assert note.save("ann", title="c")["title"] == "c", "it is again what it was when it was seen"


def test_without_a_history_nothing_is_overwritten_unseen(app: Firm) -> None:
    """The history keeps of such a field that it changed, and not what it was; it is not shown and not restored."""
    a, b = topics(app, 2)
    note = Note(app, title="a", draft="first", seen=[a])
    note.save("boss", draft="second", seen=[a, b])
    assert note.refused("ann", draft="third", title="t", seen=[]) == ["/draft", "/seen"]
    note.save("ann", title="t")
    assert note.save("ann", 2, draft="third")["draft"] == "third", "who saw it may decide; the title is another field"
    assert note.refused("boss", 3, draft="fourth") == ["/draft"]
    history = app.ask("boss", "records.history", type="note", id=note.id)
    assert [sorted(each["changes"]) for each in history[:-1]] == [[], ["title"], []]
    kept = app.host.types["note"].history
    with app.host.database.reading() as unit:
        told = str([row["changes"] for row in unit.fetch(kept.select().where(kept.c.record_id == note.id))])
    assert "second" not in told and "third" not in told and str([a, b]) not in told
    app.ask("boss", "records.restore", type="note", id=note.id, version=1)
    now = note.read()
    assert (now["title"], now["draft"], now["seen"]) == ("a", "third", [a, b])


def test_what_is_encrypted_is_not_overwritten_unseen(app: Firm) -> None:
    note = Note(app, pin="1111")
    note.save("boss", pin="2222")
    assert note.refused("ann", pin="3333") == ["/pin"]
    note.save("ann", pin="********", title="t")
    assert app.ask("boss", "records.reveal", type="note", id=note.id, field="pin") == "2222"


TAGS = st.lists(st.sampled_from("uvwxyz"), unique=True, max_size=5).map(sorted)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TAGS, st.lists(st.tuples(st.sampled_from(("ann", "boss")), TAGS), min_size=2, max_size=4))
def test_everybody_who_saw_the_first_version_has_their_way(app: Firm, base: Any, saves: Any) -> None:
    """However many save one after the other without seeing each other's: what any of them added is there, what any of
    them took out is not, unless somebody else put it there as new."""
    note = Note(app, words=base, draft="d")
    for login, words in saves:
        note.save(login, words=words)
    added = {each for _, words in saves for each in words if each not in base}
    kept = {each for each in base if all(each in words for _, words in saves)}
    assert set(note.read()["words"] or ()) == added | kept
