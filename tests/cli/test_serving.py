"""`lowcode demo` and `lowcode serve` as a person starts them: a process, a port, an answer over HTTP."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from lowcode.cli import main
from lowcode.cli.demo import secret
from lowcode.cli.opening import keep_compiled
from lowcode.cli.serving import free_port
from lowcode.host import Host

ROOT = Path(__file__).parents[2]
APP = ROOT / "tests" / "testing" / "app"


@contextmanager
def started(*words: str, cwd: Path) -> Iterator[tuple[str, list[str]]]:
    """A command that serves: its address and what it said before; interrupted at the end, as by Ctrl-C."""
    command = [sys.executable, "-m", "lowcode.cli", *words]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(command, cwd=cwd, env=environ, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line.rstrip())
            found = re.search(r"http://\S+", line)
            if found:
                yield found.group(), said
                break
        else:
            raise AssertionError("it never served:\n" + "\n".join(said))
    finally:
        process.send_signal(signal.SIGINT)
        process.stderr.close()
        process.wait(timeout=30)


def opened(url: str) -> bytes:
    """What an address answers, once the server listens."""
    for _ in range(100):
        try:
            with urlopen(url, timeout=10) as answer:
                content: bytes = answer.read()
                return content
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@pytest.mark.requirement("SP27")
def test_the_demo_serves_an_app_with_its_people(tmp_path: Path) -> None:
    """One command: tables made, rows written, names printed, the page's interface answering."""
    with started("demo", str(APP), "--database", "demo.sqlite3", "--no-browser", "--port", "18100", cwd=tmp_path) as (
        address,
        said,
    ):
        people = json.loads(opened(address + "api/session/people"))
    assert ["ann", "bob", "eve"] == [each["login"] for each in people["items"]]
    assert any(re.match(r"\s*ann\s+安娜", line) for line in said)


def test_the_demo_has_keys_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made once and kept beside the file for its owner alone; those of the environment count before, and a server's
    database gets none."""
    monkeypatch.delenv("LOWCODE_SECRET_ENCRYPTION_KEYS", raising=False)
    file = str(tmp_path / "demo.sqlite3")
    made = secret("ENCRYPTION_KEYS", file)
    assert made and made == secret("ENCRYPTION_KEYS", file)
    assert (tmp_path / "demo.sqlite3.keys").stat().st_mode & 0o077 == 0
    assert secret("MAIL", file) is secret("ENCRYPTION_KEYS", "postgresql://127.0.0.1/crm") is None
    monkeypatch.setenv("LOWCODE_SECRET_ENCRYPTION_KEYS", "2=x")
    assert secret("ENCRYPTION_KEYS", file) == "2=x"


def test_serving_keeps_what_is_there(tmp_path: Path) -> None:
    """A second start finds the database of the first and writes nothing twice."""
    words = ("serve", str(APP), "--seed", "--database", "app.sqlite3", "--port", "18140")
    for _ in range(2):
        with started(*words, cwd=tmp_path) as (address, _said):
            assert opened(address)
    assert len(Host(APP, str(tmp_path / "app.sqlite3")).directory().users) == 3


def test_a_page_that_listens_does_not_hold_the_server(tmp_path: Path) -> None:
    """Interrupted, the server ends what it tells to pages that are open, and then itself."""
    words = ("demo", str(APP), "--database", "demo.sqlite3", "--no-browser", "--port", "18160")
    with started(*words, cwd=tmp_path) as (address, _said):
        people = json.loads(opened(address + "api/session/people"))["items"]
        person = json.dumps({"login": people[0]["login"]}).encode()
        asked = Request(address + "api/session", person, {"Content-Type": "application/json"})
        with urlopen(asked, timeout=10) as begun:
            cookies = "; ".join(each.partition(";")[0] for each in begun.headers.get_all("Set-Cookie"))
        stream = urlopen(Request(address + "api/events", headers={"Cookie": cookies}), timeout=40)
        assert stream.readline().startswith(b"retry:")
    with stream:
        assert b"" == stream.read().rpartition(b"\n\n")[2]


def test_a_wrong_app_is_not_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Definitions with errors are shown and nothing starts."""
    (tmp_path / "app.json").write_text('{"nam": "a"}', "utf-8")
    assert main(["serve", str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert "Did you mean 'name'?" in shown.out
    assert "nothing was done" in shown.err
    assert not list(tmp_path.glob("*.sqlite3"))


def test_a_taken_port_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo takes the next free port, and says so: whoever opens the one they know may find something else there."""
    served: list[int] = []
    monkeypatch.setattr("lowcode.cli.demo.serve", lambda host, address, port, console, **_: served.append(port))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ("demo", str(APP), "--database", str(tmp_path / "demo.sqlite3"), "--no-browser", "--port")
        assert 0 == main([*words, str(port)])
        assert served != [port]
        assert f"Port {port} is taken, so another is used: {served[0]}" in capsys.readouterr().err
    free = free_port("127.0.0.1", served[0])
    assert 0 == main([*words, str(free)])
    assert "is taken" not in capsys.readouterr().err


def test_the_collector_passes_by_the_compiled_app() -> None:
    """Before a process serves or works, what it compiled is set aside."""
    host = Host(str(APP), "sqlite://")
    before = gc.get_freeze_count()
    try:
        keep_compiled(host)
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
        host.close()
