"""Words that wait to be sent are kept so that the database alone does not tell them, with keys and without."""

from __future__ import annotations

import json
import logging
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import crypto, sealing
from lowcode.kernel.storage import tables as t
from tests.support.rows import rows

pytestmark = pytest.mark.requirement("SP15")
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
APPLICATION = {"app.json": {"name": "small", "title": "Small"}}
WORDS: dict[str, Any] = {"to": "ann@example.com", "subject": "Your code", "text": "It is 271828"}


class Post:
    """A mailer that keeps what it was handed, or cannot be reached."""

    sender = "crm@example.com"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.down = False

    def send(self, letter: Any) -> None:
        """Take a letter."""
        if self.down:
            raise OSError("nobody answers")
        self.sent.append(letter.get_content())


@pytest.fixture
def post() -> Post:
    """Who sends letters."""
    return Post()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for the database and its files."""
    yield tmp_path


def opened_host(place: Path, post: Post, keys: str = "", files: str = "files") -> Host:
    """A host on the database of the place."""
    host = Host(
        {name: json.dumps(each) for name, each in APPLICATION.items()}, f"sqlite:///{place}/small.sqlite3",
        clock=FrozenClock(AT), mailer=post, files=str(place / files), secrets={crypto.SECRET: keys} if keys else {},
    )  # fmt: skip
    host.publish()
    return host


def put_off(host: Host, **more: Any) -> None:
    """A letter that waits."""
    with host.session(APP) as app:
        app.later("mail.send", **WORDS, **more)


def bodies(host: Host) -> list[Any]:
    """The bodies of the jobs, as they are kept."""
    with host.database.reading() as unit:
        return [row["body"] for row in unit.fetch(t.job.select().order_by(t.job.c.id))]


@pytest.mark.parametrize("keys", ["", crypto.new_key()], ids=["own", "given"])
def test_a_letter_waits_sealed_and_leaves_nothing(place: Path, post: Post, keys: str) -> None:
    """Waiting, failed and sent: no row shows its words; it is sent as it was written."""
    with opened_host(place, post, keys) as host:
        post.down = True
        put_off(host)
        for state in ("waiting", "failed"):
            assert "271828" not in str(list(rows(host))), state
            assert all(sealing.is_sealed(each) for each in bodies(host))
            host.deliver()
        post.down = False
        host.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        host.deliver()
        assert (["It is 271828\n"], [{}]) == (post.sent, bodies(host))


def test_a_dead_letter_keeps_its_seal_and_is_sent_when_it_is_done_again(place: Path, post: Post) -> None:
    """Given up and replayed, it still knows its words."""
    with opened_host(place, post) as host:
        post.down = True
        put_off(host)
        for _ in range(9):
            host.deliver()
            host.clock.advance(timedelta(hours=11))  # type: ignore[attr-defined]
        dead = host.ask(APP, "jobs.dead")["items"]
        assert ["mail.send"] == [each["name"] for each in dead]
        assert "271828" not in str(list(rows(host)))
        post.down = False
        host.ask(APP, "jobs.replay", ids=(dead[0]["id"],))
        host.deliver()
        assert ["It is 271828\n"] == post.sent


def test_keys_that_come_later_take_over(place: Path, post: Post) -> None:
    """What was sealed with the host's own key opens still; what comes after is sealed with the given one."""
    with opened_host(place, post) as host:
        put_off(host)
    with opened_host(place, post, crypto.new_key("later")) as host:
        put_off(host)
        names = [each["sealed"].split(":")[1] for each in bodies(host)]
        assert ["own", "later"] == names
        host.deliver()
        assert 2 == len(post.sent)


def test_the_key_lies_beside_the_files_for_its_user_alone(place: Path, post: Post) -> None:
    """Made once, readable by nobody else, and not in the database."""
    with opened_host(place, post) as host:
        put_off(host)
        key = place / "files" / sealing.OWN_KEY
        assert 0o600 == stat.S_IMODE(key.stat().st_mode)
        assert key.read_text("ascii").partition("=")[2] not in str(list(rows(host)))
        before = key.read_bytes()
    with opened_host(place, post) as host:
        put_off(host)
        assert before == key.read_bytes()
        assert [sealing.OWN_KEY] == [each.name for each in key.parent.iterdir()]


def test_a_key_that_is_gone_is_said(place: Path, post: Post) -> None:
    """The letter is not sent and not lost: the job says what it needs."""
    with opened_host(place, post) as host:
        put_off(host)
    with opened_host(place, post, crypto.new_key("other"), files="elsewhere") as host:
        host.deliver()
        with host.database.reading() as unit:
            (row,) = unit.fetch(t.job.select())
        assert ([], "ready") == (post.sent, row["state"])
        assert "key 'own', which ENCRYPTION_KEYS does not have" in row["error"]


class Shelf:
    """Contents kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, digest: str, content: bytes) -> None:
        """Keep them."""
        self.kept[digest] = content

    def get(self, digest: str) -> bytes:
        """Give them back."""
        return self.kept[digest]

    def remove(self, digest: str) -> None:
        """Let them go."""
        self.kept.pop(digest, None)

    def discard(self, digest: str, seconds: float) -> bool:
        """Let them go, whenever they were kept."""
        self.remove(digest)
        return True


def test_machines_that_share_no_folder_need_keys(
    database_url: str, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a service for files and a database on a server each would make a key that the others do not have: such a
    host does not start, and says which secret it needs; with keys the letter of one is sent by another."""
    app = {name: json.dumps(each) for name, each in APPLICATION.items()}

    def machine(name: str, keys: str = "") -> Host:
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
        secrets = {crypto.SECRET: keys} if keys else {}
        return Host(app, database_url, clock=FrozenClock(AT), mailer=post, files=Shelf(), secrets=secrets)

    if not database_url.startswith("sqlite"):
        with machine("first") as host:
            with pytest.raises(sealing.SealError, match="LOWCODE_SECRET_ENCRYPTION_KEYS"):
                host.publish()
            with pytest.raises(sealing.SealError, match="LOWCODE_SECRET_ENCRYPTION_KEYS"):
                sealing.seal(host, {"a": 1}, "here")
    keys = "" if database_url.startswith("sqlite") else crypto.new_key()
    with machine("first", keys) as host:
        host.publish()
        put_off(host)
    with machine("second", keys) as host:
        host.deliver()
        assert ["It is 271828\n"] == post.sent
    assert [] == [each.name for each in tmp_path.glob("*/lowcode-files-*")]


def test_what_is_moved_does_not_open(place: Path, post: Post) -> None:
    """Somebody who writes in the database cannot have a letter's words told by another operation."""
    with opened_host(place, post) as host:
        put_off(host)
        with host.database.transaction() as unit:
            unit.run(t.job.update().values(name="mail.notify"))
        host.deliver()
        with host.database.reading() as unit:
            (row,) = unit.fetch(t.job.select())
        assert "does not open" in row["error"]


def test_several_processes_make_one_key(place: Path, post: Post) -> None:
    """Whoever comes first made it: each opens what any sealed."""
    hosts = [opened_host(place, post) for _ in range(6)]
    try:
        with ThreadPoolExecutor(6) as pool:
            kept = list(pool.map(lambda host: sealing.seal(host, {"a": 1}, "here"), hosts))
        assert [{"a": 1}] * 36 == [sealing.opened(host, each, "here") for host in hosts for each in kept]
    finally:
        for host in hosts:
            host.close()


def test_a_host_that_can_keep_no_key_says_so(place: Path, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """Letters go out all the same; while they wait they are in clear, and the log says why."""
    (place / "blocked").write_text("a file where the folder should be")
    with opened_host(place, post, files="blocked/files") as host:
        with caplog.at_level(logging.WARNING, "lowcode.sealing"):
            put_off(host)
            put_off(host)
        assert 1 == sum("in clear until they are sent" in each.getMessage() for each in caplog.records)
        host.deliver()
        assert (2, [{}, {}]) == (len(post.sent), bodies(host))


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_whatever_is_sealed_opens_as_it_was(value: Any) -> None:
    """Any JSON value, and one that looks as though it were sealed."""

    class Holder:
        """As much of a host as is asked."""

        secret = staticmethod({crypto.SECRET: KEYS}.get)
        files = type("Files", (), {"folder": "/nonexistent"})

        def cached(self, key: Any, make: Any) -> Any:
            """Made each time."""
            return make()

    for each in (value, {"sealed": value}, {"sealed": "enc1:own:AAAA"}):
        assert each == sealing.opened(Holder(), sealing.seal(Holder(), each, "there"), "there")


KEYS = crypto.new_key()
