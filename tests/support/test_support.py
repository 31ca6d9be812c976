"""The ground the other tests stand on holds."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import psutil
import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.support.browser import Profiles, Watched
from tests.support.folders import roomy, sweep, use_memory
from tests.support.mail import MailServer
from tests.support.order import in_turn
from tests.support.postgresql import Server
from tests.support.standing import Standing

INK = """character => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 48, height: 48});
    const pen = canvas.getContext('2d');
    pen.font = '40px sans-serif';
    pen.fillText(character, 2, 40);
    return Array.from(pen.getImageData(0, 0, 48, 48).data).join();
}"""


def test_each_test_has_an_empty_database(database_url: str) -> None:
    """A database is fresh, speaks Unicode, and takes a table."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customer (name TEXT)"))
        connection.execute(text("INSERT INTO customer VALUES ('上海 𠮷野 Ltd')"))
        assert connection.execute(text("SELECT name FROM customer")).scalar_one() == "上海 𠮷野 Ltd"
    engine.dispose()


def test_memory_is_used_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room, a folder that is not there, or a place that was named: the folders stay where they were."""
    free = os.statvfs(tmp_path)
    assert roomy(tmp_path, 1)
    assert not roomy(tmp_path, 2 * free.f_blocks * free.f_frsize)
    assert not roomy(tmp_path / "nowhere", 1)
    monkeypatch.setattr(tempfile, "tempdir", "before")
    monkeypatch.setenv("TMPDIR", "/named")
    use_memory()
    assert (os.environ["TMPDIR"], tempfile.tempdir) == ("/named", "before")


KILLED = """
import sys
from pathlib import Path
from tests.support import folders
from tests.support.postgresql import server
folders.DISK = Path(sys.argv[1])
with server(durable=True) as running:
    print(running.data, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_run_left_is_swept_away() -> None:
    """Its folder and the server that still runs in it, once its process is gone, and never before: a run that is alive
    keeps both."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o711)  # PostgreSQL may run as somebody else
    command = [sys.executable, "-c", KILLED, str(place)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ) as run:
        assert run.stdout is not None
        data = Path(run.stdout.readline().strip())
        postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        assert [] == sweep(place)
        assert postmaster.is_running()
        run.kill()
    [folder] = place.iterdir()
    assert [folder] == sweep(place)
    assert (postmaster.is_running(), [*place.iterdir()]) == (False, [])
    place.rmdir()


def test_a_run_that_ends_leaves_what_failed_tests_left(tmp_path: Path) -> None:
    """And nothing else, until the next run."""
    ends = """
import sys
from pathlib import Path
from tests.support.folders import own_folder
place = Path(sys.argv[1])
own = own_folder(place)
for name in ("pytest-of-me/pytest-0/test_failed0", "tmpabc/deep")[: int(sys.argv[2])]:
    (own / name).mkdir(parents=True)
assert own == own_folder(place)
"""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    for count, left in ((2, ["test_failed0"]), (0, [])):
        subprocess.run([sys.executable, "-c", ends, str(tmp_path), str(count)], env=environ, check=True)
        assert left == [each.name for each in tmp_path.glob("*/*/*/*")]
    assert [] == [*tmp_path.iterdir()]


def test_a_database_is_dropped_while_someone_is_connected(postgresql_server: Server) -> None:
    """A forgotten connection of one test does not break the next."""
    with postgresql_server.database() as url:
        engine = create_engine(url)
        forgotten = engine.connect()
        forgotten.execute(text("SELECT 1"))
    forgotten.invalidate()
    forgotten.close()
    engine.dispose()


def test_letters_arrive(mail_server: MailServer) -> None:
    """Chinese subjects and bodies come through a real SMTP conversation, and a refusal reaches the sender."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "crm@example.com", "li.na@example.com", "客户跟进提醒"
    letter.set_content("请尽快联系。")
    with smtplib.SMTP(mail_server.host, mail_server.port) as client:
        client.send_message(letter)
        mail_server.refuse.append("451 try later")
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(letter)
    [got] = mail_server.wait(1)
    assert (got.sender, got.recipients, got.subject) == ("crm@example.com", ("li.na@example.com",), "客户跟进提醒")
    assert got.text().strip() == "请尽快联系。"


def test_the_browser_draws_chinese(page: Page) -> None:
    """Two characters leave different ink; without a font both would leave none, and no other test would notice."""
    page.set_content("<p>客户</p>")
    assert page.evaluate(INK, "客") != page.evaluate(INK, "户")


def test_errors_of_a_page_are_noticed(page: Page, watched: Watched) -> None:
    """An error in the page's script fails the test unless it is expected."""
    watched.forgive("gone wrong")
    page.set_content("<script>console.error('gone wrong on purpose')</script>")
    page.wait_for_function("() => true")
    assert watched.said == ["gone wrong on purpose"]
    assert watched.unforgiven() == []


def test_a_second_try_begins_anew() -> None:
    """What stays open serves test after test, and is closed and opened again for one that is tried again."""
    told: list[str] = []

    @contextmanager
    def thing() -> Iterator[str]:
        told.append("opened")
        yield f"thing {told.count('opened')}"
        told.append("closed")

    first, again = (
        cast(pytest.FixtureRequest, SimpleNamespace(node=SimpleNamespace(execution_count=n))) for n in (1, 2)
    )
    standing = Standing()
    assert ["thing 1", "thing 1", "thing 2", "thing 2"] == [
        standing.take(request, "thing", thing) for request in (first, first, again, first)
    ]
    standing.close()
    assert ["opened", "closed", "opened", "closed"] == told


BUSY = """<script>
  const write = () => { localStorage.n = (+localStorage.n || 0) + 1; document.cookie = 'n=1' };
  setInterval(write);
  addEventListener('pagehide', write);
</script>"""


def test_a_profile_is_handed_on_empty(profiles: Profiles) -> None:
    """Whatever a page writes until it is closed, the next test finds nothing of it."""
    options = {"service_workers": "block", "locale": "de-DE"}
    context = profiles.take(**options)
    context.route("http://busy.test/", lambda route: route.fulfill(body=BUSY, content_type="text/html"))
    context.route("http://busy.test/still", lambda route: route.fulfill(body="", content_type="text/html"))
    for page in (context.new_page(), context.new_page()):
        page.goto("http://busy.test/")
        page.wait_for_function("localStorage.n > 3")
    profiles.give(context, **options)
    assert profiles.take(**options) is context
    page = context.new_page()
    page.goto("http://busy.test/still")
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    context.close()


def test_browsers_are_driven_among_other_tests() -> None:
    """Never all at once, and none at the end; each file once, those of a sort in the order they had."""
    files = {f"b{at}": True for at in range(4)} | {f"t{at}": False for at in range(20)}
    order = in_turn(files)
    assert sorted(files) == sorted(order)
    for sort in "bt":
        assert [name for name in files if name[0] == sort] == [name for name in order if name[0] == sort]
    assert "".join(name[0] for name in order) == "bttttbttttbtttttbttttttt"
