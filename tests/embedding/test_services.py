"""A program's own services: its mailer, and its way to have the work done. The examples are run as they stand."""

from __future__ import annotations

import asyncio
import hashlib
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from celery import Celery

from examples.embedding.in_django import DjangoMailer
from examples.embedding.in_fastapi import ByService, InTheLoop, program
from lowcode import Host
from lowcode.celery import DELIVER, Waker, tasks, wake
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.services import LetterRefused, Mailer, Transport
from lowcode.kernel.storage.files import MAXIMUM
from tests.api.app import MONDAY, Shop, documents, open_shop
from tests.support.apart import run_apart
from tests.support.django import site
from tests.support.mail import MailServer
from tests.web.calls import Visitor

__all__ = ["open_shop", "site"]


class Box:
    """A mailer that keeps letters, and says what it is told to say first."""

    sender = "Acme <crm@example.com>"

    def __init__(self, *says: Exception) -> None:
        self.says = list(says)
        self.letters: list[EmailMessage] = []

    def send(self, letter: EmailMessage) -> None:
        if self.says:
            raise self.says.pop(0)
        self.letters.append(letter)


class Counting:
    """A transport that counts."""

    def __init__(self) -> None:
        self.words = 0

    def wake(self) -> None:
        self.words += 1


def host_with(mailer: Mailer | None = None, transport: Transport | None = None, **more: Any) -> Host:
    host = Host(documents(), "sqlite://", clock=FrozenClock(MONDAY), mailer=mailer, transport=transport, **more)
    host.publish()
    with host.session(APP) as context:
        context.ask("identity.save_person", login="li", email="li@example.com", roles=("sales",))
    host.forget_directory()
    host.settle()
    return host


@pytest.fixture
def open_host() -> Iterator[Callable[..., Host]]:
    """Hosts with services; closed at the end."""
    made: list[Host] = []

    def make(**services: Any) -> Host:
        made.append(host_with(**services))
        return made[-1]

    yield make
    for each in made:
        each.close()


def notify(host: Host, title: str = "Call Acme") -> None:
    with host.session(APP) as context:
        context.ask("notifications.send", to=[host.actor("li").id], channels=["app", "mail"], title=title)


def state_of(host: Host) -> list[tuple[str, int, str]]:
    """The letters among the jobs: state, attempts, and what was said last."""
    with host.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT state, attempts, error FROM lc_job WHERE name = 'mail.send' ORDER BY id"
        )
        return [(row[0], row[1], row[2] or "") for row in rows]


@pytest.mark.requirement("X1")
def test_a_mailer_of_the_programs_own(open_host: Callable[..., Host]) -> None:
    """It is given the finished letter, from its own sender, outside of the transaction; the secret is not asked for."""
    box = Box()
    host = open_host(mailer=box, secrets={"SMTP_URL": "smtp://127.0.0.1:1"})
    notify(host)
    assert [] == box.letters
    host.settle()
    [letter] = box.letters
    said = letter["From"], letter["To"], letter["Subject"]
    assert ("Acme <crm@example.com>", "li <li@example.com>", "Call Acme") == said
    assert letter["Message-ID"].endswith("@example.com>") and letter["Date"]
    assert [("done", 1, "")] == state_of(host)


FINAL = [
    LetterRefused("no such person"),
    smtplib.SMTPRecipientsRefused({"li@example.com": (550, b"no such mailbox")}),
    smtplib.SMTPDataError(554, b"spam"),
]
FOR_NOW = [
    OSError("the line is down"),
    RuntimeError("of the program's own"),
    smtplib.SMTPDataError(451, b"later"),
    smtplib.SMTPRecipientsRefused({"li@example.com": (450, b"greylisted")}),
    smtplib.SMTPServerDisconnected("gone"),
]


@pytest.mark.parametrize("said", FINAL, ids=lambda each: type(each).__name__)
def test_what_a_mailer_refuses_for_good(open_host: Callable[..., Host], said: Exception) -> None:
    """The letter is given up, and says why."""
    box = Box(said)
    host = open_host(mailer=box)
    notify(host)
    host.settle()
    [(state, attempts, reason)] = state_of(host)
    assert ("dead", 1) == (state, attempts)
    assert any(each in reason for each in ("no such person", "no such mailbox", "spam"))
    assert [] == box.letters


@pytest.mark.parametrize("said", FOR_NOW, ids=lambda each: f"{type(each).__name__} {each}"[:40])
def test_what_a_mailer_cannot_now(open_host: Callable[..., Host], said: Exception) -> None:
    """The letter comes later, with the name it had; two attempts are one letter."""
    box = Box(said)
    host = open_host(mailer=box)
    notify(host)
    host.settle()
    assert [("ready", 1)] == [each[:2] for each in state_of(host)]
    host.clock.advance(timedelta(seconds=6))  # type: ignore[attr-defined]
    host.settle()
    assert [("done", 2)] == [each[:2] for each in state_of(host)]
    assert 1 == len(box.letters)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"mailer": print}, "'mailer' of a host is a Mailer .send, sender.*builtin_function.*lacks 'send' and 'sender'"),
    ({"mailer": Box}, "was the class Box: give an object: Box"),
    ({"files": Box()}, "'files' of a host is a Files .discard, get, put, remove., and was Box: it lacks 'discard'"),
    ({"transport": Box()}, "'transport' of a host is a Transport .wake., and was Box: it lacks 'wake'"),
]


@pytest.mark.parametrize(("services", "said"), WRONG)
def test_what_is_no_service(services: dict[str, Any], said: str) -> None:
    """It is refused when the host is made, and not when the first letter goes out."""
    with pytest.raises(TypeError, match=said):
        Host(documents(), **services)


@pytest.mark.requirement("X1")
def test_django_sends_the_letters(
    open_host: Callable[..., Host], site: None, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its backend for SMTP, over a real server, text and address as they were written; what that server refuses
    is refused as with our own."""
    from django.conf import settings

    monkeypatch.setattr(settings, "EMAIL_HOST", mail_server.host)
    monkeypatch.setattr(settings, "EMAIL_PORT", mail_server.port)
    monkeypatch.setattr(settings, "DEFAULT_FROM_EMAIL", "site@example.com")
    host = open_host(mailer=DjangoMailer(backend="django.core.mail.backends.smtp.EmailBackend"))
    notify(host, "请联系 Acme")
    host.settle()
    [letter] = mail_server.wait(1)
    assert ("site@example.com", ("li@example.com",)) == (letter.sender, letter.recipients)
    assert "请联系 Acme" == letter.subject
    assert "请联系 Acme" == letter.text().strip()
    mail_server.refuse.append("550 no such mailbox")
    notify(host, "Second")
    host.settle()
    assert ["done", "dead"] == [each[0] for each in state_of(host)]


def test_any_backend_of_django_will_do(
    open_host: Callable[..., Host], site: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that keeps them in memory and one that prints them, with a file that goes along."""
    from django.core import mail

    mail.outbox = []
    locmem = DjangoMailer("crm@example.com", "django.core.mail.backends.locmem.EmailBackend")
    host = open_host(mailer=locmem)
    digest = host.files.put(b"%PDF-1.7 a paper")
    attached = {"name": "报价.pdf", "media_type": "application/pdf", "digest": digest}
    asked = {"to": "li@example.com", "name": "Li Na", "subject": "Offer", "text": "See", "html": "<p>See</p>"}
    host.ask(APP, "mail.send", **asked, files=[attached], message="m1")
    [sent] = mail.outbox
    letter = sent.message()
    assert ["Li Na <li@example.com>"] == sent.to and "<m1@example.com>" == letter["Message-ID"]
    [paper] = [each for each in letter.walk() if each.get_filename()]
    assert ("报价.pdf", b"%PDF-1.7 a paper") == (paper.get_filename(), paper.get_payload(decode=True))
    printing = DjangoMailer("crm@example.com", "django.core.mail.backends.console.EmailBackend")
    other = open_host(mailer=printing)
    other.ask(APP, "mail.send", to="li@example.com", subject="Printed", text="on paper")
    assert "Subject: Printed" in capsys.readouterr().out


class Service(ThreadingHTTPServer):
    """A mail service over HTTP: keeps what it is brought; answers as it is told."""

    def __init__(self) -> None:
        self.brought: list[tuple[str, bytes]] = []
        self.answers: list[int] = []
        super().__init__(("127.0.0.1", 0), Serving)


class Serving(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        status = self.server.answers.pop(0) if self.server.answers else 202
        if status == 202:
            self.server.brought.append((self.headers["idempotency-key"], content))
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is written down."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.requirement("X1")
def test_fastapi_works_in_its_own_loop(service: Service, database_url: str) -> None:
    """What a request leaves to be done is done by the program's loop, called by the commit and not by a look at the
    clock: a letter is on its way well before the next look. At the end nobody works on a host that is closed."""
    work = InTheLoop(every=60)
    mailer = ByService(f"http://127.0.0.1:{service.server_port}/letters", "key", "crm@example.com")
    host = Host(documents(), database_url, mailer=mailer, transport=work)
    host.publish()
    with host.session(APP) as context:
        context.ask("identity.save_person", login="li", email="li@example.com", roles=("sales",))
    host.forget_directory()

    async def live() -> None:
        app = program(host, work, lambda request: host.actor("li"))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as client,
        ):
            made = await client.post("/crm/api/records/lead", json={"company": "Acme"})
            assert 201 == made.status_code
            notify(host)
            await _seen(lambda: bool(service.brought))

    began = time.monotonic()
    run_apart(live)
    assert time.monotonic() - began < 30
    [(message, content)] = service.brought
    assert message.encode() in content and b"Subject: Call Acme" in content


async def _seen(condition: Callable[[], bool], seconds: float = 25) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        await asyncio.sleep(0.01)


def test_a_mail_service_that_answers_otherwise(open_host: Callable[..., Host], service: Service) -> None:
    """What is wrong with the letter is final; all else is tried again."""
    mailer = ByService(f"http://127.0.0.1:{service.server_port}/letters", "key", "crm@example.com")
    host = open_host(mailer=mailer)
    service.answers += [422, 503]
    notify(host, "First")
    notify(host, "Second")
    host.settle()
    assert [("dead", 1), ("ready", 1)] == [each[:2] for each in state_of(host)]


def test_a_transport_is_told_of_work(open_host: Callable[..., Host]) -> None:
    """Once for a commit that left work for now; not for one that left none, that was undone, or whose work is for
    later. One that fails costs nothing."""
    counting = Counting()
    host = open_host(transport=counting)
    counting.words = 0
    assert [] == host.ask(host.actor("li"), "records.list", type="lead")["items"]
    assert 0 == counting.words
    with host.session(APP) as context:
        context.later("notifications.send", to=[1], title="x")
        context.later("notifications.send", to=[1], title="y")
        assert 0 == counting.words
    assert 1 == counting.words
    with pytest.raises(ZeroDivisionError), host.session(APP) as context:
        context.later("notifications.send", to=[1], title="x")
        _ = 1 / 0
    with host.session(APP) as context:
        context.later("notifications.send", to=[1], title="x", at=MONDAY + timedelta(days=1))
    assert 1 == counting.words

    class Broken:
        def wake(self) -> None:
            raise ConnectionError("the broker is gone")

    broken = open_host(transport=Broken())
    with broken.session(APP) as context:
        for index in range(70):  # more than two batches: the worker calls for help, in vain
            context.later("notifications.send", to=[1], title=str(index))
    broken.settle()
    with broken.database.engine.connect() as connection:
        assert [("done",)] == connection.exec_driver_sql("SELECT DISTINCT state FROM lc_job").fetchall()


@pytest.mark.requirement("X1")
def test_celery_is_one_transport(open_host: Callable[..., Host]) -> None:
    """A message says that there is work; its task does what lies in the table. Without a broker the work is done at the
    next look, and whoever left it did not wait."""
    app = Celery("shop", broker="memory://")
    waker = Waker(app)
    host = open_host(transport=waker)
    try:
        with host.session(APP) as context:
            context.later("notifications.send", to=[host.actor("li").id], title="x")
        with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
            message = queue.get(timeout=10)
            message.ack()
        assert DELIVER == message.headers["task"]
        tasks(app, lambda: host)
        assert 1 == app.tasks[DELIVER]()
        assert 1 == host.ask(host.actor("li"), "notifications.list")["unread"]
    finally:
        waker.stop()
    gone = Celery("gone", broker="redis://127.0.0.1:1/0", broker_connection_timeout=0.2)
    other = open_host()
    late = wake(other, gone)
    try:
        assert other.transport is late
        tasks(gone, lambda: other)
        began = time.monotonic()
        with other.session(APP) as context:
            for index in range(70):
                context.later("notifications.send", to=[other.actor("li").id], title=str(index))
        assert 70 == gone.tasks[DELIVER]()
        assert time.monotonic() - began < 10
    finally:
        late.stop()


class Shelf:
    """A program's own place for files: contents by digest, with the time they were put."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.kept: dict[str, tuple[bytes, float]] = {}
        self.now = clock

    def put(self, digest: str, content: bytes) -> None:
        self.kept[digest] = content, self.now()

    def get(self, digest: str) -> bytes:
        return self.kept[digest][0]

    def remove(self, digest: str) -> None:
        self.kept.pop(digest, None)

    def discard(self, digest: str, seconds: float) -> bool:
        _, at = self.kept.get(digest, (b"", 0.0))
        if self.now() - at < seconds:
            return False
        self.remove(digest)
        return True


@pytest.mark.requirement("X1")
def test_files_of_the_programs_own(open_shop: Callable[..., Shop]) -> None:
    """What is uploaded lies there and nowhere else, once however often it is sent; it is given back, in parts too;
    contents that are gone are refused as not there."""
    shelf = Shelf()
    shop = open_shop(files=shelf)
    visitor = Visitor(shop).sign_in("li")
    kept = [visitor.ask("POST", "api/files", files={"file": (f"{n}.txt", b"Hello")}).json()["id"] for n in range(2)]
    assert [hashlib.sha256(b"Hello").hexdigest()] == list(shelf.kept)
    assert b"Hello" == visitor.get(f"api/files/{kept[1]}").content
    assert b"ell" == visitor.get(f"api/files/{kept[0]}", headers={"range": "bytes=1-3"}).content
    shelf.kept.clear()
    assert 404 == visitor.get(f"api/files/{kept[0]}").status_code
    with pytest.raises(Rejected, match="50 MB"):
        shop.host.files.put(bytes(MAXIMUM + 1))
    assert {} == shelf.kept


@pytest.mark.requirement("X1")
def test_an_import_reads_files_of_the_programs_own(open_shop: Callable[..., Shop]) -> None:
    """A large import is read piece by piece from wherever contents are kept."""
    shop = open_shop(files=Shelf())
    visitor = Visitor(shop).sign_in("root")
    rows = "company\n" + "".join(f"Company {number}\n" for number in range(30))
    pieces = [
        visitor.ask("POST", "api/files", files={"file": ("leads.csv", part.encode())}).json()["id"]
        for part in (rows[:100], rows[100:])
    ]
    asked = {"form": "lead", "file": pieces[0], "more": pieces[1:]}
    begun = visitor.post("api/operations/forms.start_import", asked)
    assert 200 == begun.status_code, begun.text
    shop.host.settle()
    found = shop.ask("root", "records.list", type="lead", count=True, limit=1)["count"]
    assert {"value": 30, "capped": False} == found


def test_contents_that_nothing_refers_to_go_from_there_too(open_shop: Callable[..., Shop]) -> None:
    """By the same night and after the same day; what was put again meanwhile stays."""
    now = [0.0]
    shelf = Shelf(lambda: now[0])
    shop = open_shop(files=shelf)
    loose, again = shop.host.files.put(b"loose"), shop.host.files.put(b"again")
    now[0] = 100_000.0
    assert again == shop.host.files.put(b"again")
    with shop.host.session(APP) as context:
        context.ask("files.discard", digests=[loose, again])
    assert [again] == list(shelf.kept)
