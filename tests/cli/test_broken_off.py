"""A push, a pull, a comparison that goes wrong on the way: nothing is half-done, and every message says what to do."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from lowcode.cli import main, pull, remote
from lowcode.cli.places import place
from lowcode.host import Host
from tests.cli.test_push import NAME, PHONE, Push, key_of, push, running, write

__all__ = ["push", "running"]
Answer = tuple[int, str, bytes] | None
"""Status, type and body; None for an answer that is cut off."""
CASES = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))


@contextmanager
def standing(answer: Callable[[str, bytes, dict[str, str]], Answer]) -> Iterator[str]:
    """Something that answers in the place of a host."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"]))
            found = answer(self.path, sent, dict(self.headers))
            status, kind, body = found or (200, "application/json", b'{"version":')
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body) if found else 5000))
            self.send_header("location", "https://crm.example.com/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app in a folder."""
    write(tmp_path / "app", NAME)
    return tmp_path / "app"


@pytest.mark.requirement("X2")
def test_what_answers_in_the_place_of_a_host(app: Path, push: Push, capsys: pytest.CaptureFixture[str]) -> None:
    """A page to sign in at, a proxy, another program, an older host: said in both languages, with what to do."""
    for case in CASES:
        body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
        with standing(lambda *_, of=case, text=body: (of["status"], of["type"], text.encode())) as url:
            for words in (("push", str(app), "--to", url), ("diff", str(app), url)):
                code, said = push("lc_x", *words)
                assert (1, []) == (code, [each for each in case["en"] if each not in said]), (case["name"], said)
            assert 1 == main(["push", str(app), "--to", url, "--language", "zh-CN"])
            chinese = capsys.readouterr().err
            assert [] == [each for each in case["zh-CN"] if each not in chinese], case["name"]


def told(**documents: Any) -> bytes:
    """What a host says that uses documents."""
    listed = {path.replace("__", "/") + ".json": text for path, text in documents.items()}
    return json.dumps({"app": "small", "version": 9, "digest": "x", "files": {}, "documents": listed}).encode()


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("forms/deal.json", '{"format": 99, "name": "deal", "fields": []}', "it has format 99"),
        ("dances/tango.json", '{"name": "tango"}', "the folder 'dances' is not known"),
        ("forms/deal.json", '{"name": ', "is never closed"),
        ("forms/../../../evil.json", '{"name": "evil"}', "leads out of the app"),
    ],
)
def test_what_cannot_be_read_here_is_not_taken_for_gone(
    app: Path, push: Push, path: str, text: str, words: str
) -> None:
    """Of a newer host, or a hostile one: nothing is written, nothing taken away, nothing put beside the folder."""
    (app / "forms/deal.json").write_text('{"name": "deal", "fields": []}', "utf-8")
    before = {each: each.read_bytes() for each in app.parent.rglob("*") if each.is_file()}
    lead, whole = (app / "forms/lead.json").read_text("utf-8"), (app / "app.json").read_text("utf-8")
    found = json.loads(told(app=whole, forms__lead=lead))
    found["documents"][path] = text
    body = json.dumps(found).encode()
    with standing(lambda *_: (200, "application/json", body)) as url:
        code, said = push("lc_x", "pull", str(app), "--from", url, "--overwrite")
    assert (1, True, True) == (code, words in said, "nothing was done" in said), said
    assert before == {each: each.read_bytes() for each in app.parent.rglob("*") if each.is_file()}


@pytest.mark.requirement("X2")
def test_a_pull_that_was_killed(
    running: tuple[Host, str], app: Path, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file is the old or the new one; the folder is not pushed as if it were whole, and is fetched again."""
    host, url = running
    key = key_of(host, "root", "app")
    (app / "templates").mkdir()
    (app / "templates/old.txt").write_text("old", "utf-8")
    write(app, NAME, PHONE)
    kept = (app / "forms/lead.json").read_bytes()

    def killed(path: Path, content: bytes) -> None:
        path.with_name(f".{path.name}.part").write_bytes(content[:5])
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(remote, "put", lambda path, body, whole=remote.put: (
            killed(path, body) if path.name == "lead.json" else whole(path, body)
        ))  # fmt: skip
        assert 130 == push(key, "pull", str(app), "--from", url, "--overwrite")[0]
    assert kept == (app / "forms/lead.json").read_bytes()
    code, said = push(key, "push", str(app), "--to", url, "--overwrite")
    assert (1, True) == (code, f"lowcode pull {app} --from {url} --overwrite" in said and ".zip" in said), said
    assert 0 == push(key, "pull", str(app), "--from", url, "--overwrite")[0]
    assert not (app / "templates/old.txt").exists()
    assert "has it already" in push(key, "push", str(app), "--to", url)[1]
    (app / ".lowcode/pulled.json").write_text('{"http', "utf-8")  # of a version that did not write it whole
    assert "has it already" in push(key, "push", str(app), "--to", url)[1]


@pytest.mark.requirement("X2")
def test_a_proxy_that_cuts_the_answer(running: tuple[Host, str], tmp_path: Path, push: Push) -> None:
    """Published, taken back, and the answer lost: the message says how to see what was done, and asking again is safe;
    an undo warns of the second one."""
    host, url = running
    app, key = tmp_path / "app", key_of(host, "root", "app")
    cut: set[str] = set()

    def between(path: str, sent: bytes, headers: dict[str, str]) -> Answer:
        kept = {name: headers[name] for name in headers if name.lower() in ("authorization", "content-type")}
        found = httpx.post(f"{url}{path}", content=sent, headers=kept, timeout=60)
        asked = path.rpartition("/")[2]
        return None if asked in cut else (found.status_code, found.headers["content-type"], found.content)

    with standing(between) as proxy:
        assert 0 == push(key, "pull", str(app), "--from", proxy)[0]
        write(app, NAME, PHONE)
        cut |= {"app.plan"}
        code, said = push(key, "push", str(app), "--to", proxy)
        assert (1, True, False) == (code, "Nothing was done" in said, "may have been done" in said), said
        cut.clear()
        cut |= {"app.publish", "app.undo"}
        code, said = push(key, "push", str(app), "--to", proxy)
        assert (1, True) == (code, "may have been done" in said and "lowcode diff" in said), said
        assert "has it already" in push(key, "push", str(app), "--to", proxy)[1]
        code, said = push(key, "push", str(app), "--to", proxy, "--undo", "--allow", "*")
        assert (1, True) == (code, "--undo --plan" in said), said
        assert {"name"} == set(host.types["lead"].fields)


@pytest.mark.requirement("X2")
def test_another_app_and_what_json_says(running: tuple[Host, str], tmp_path: Path, push: Push) -> None:
    """A folder of another app is told by both names before anything else; `--json` is JSON also where nothing is to
    do."""
    host, url = running
    key, other = key_of(host, "root", "app"), tmp_path / "other"
    write(other, NAME)
    (other / "app.json").write_text('{"name": "other", "roles": [{"name": "sales"}]}', "utf-8")
    code, said = push(key, "push", str(other), "--to", url, "--allow", "*")
    assert (1, True) == (code, "'small'" in said and "'other'" in said), said
    assert "small" == host.documents.app.name
    code, said = push(key, "push", str(tmp_path / "first"), "--to", url, "--json")
    assert (0, []) == (code, json.loads(said[: said.rindex("}") + 1])["changes"])


def test_nothing_of_a_pull_is_named_before_it_is_whole(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of what was there that broke off does not bear the name of one."""
    monkeypatch.setattr(zipfile.ZipFile, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        pull._keep(app)
    assert [] == list(app.parent.glob("*.zip")) and place(str(app)) == app
