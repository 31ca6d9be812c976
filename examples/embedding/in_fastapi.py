"""An app in a FastAPI program: letters by the program's mail service, jobs in the program's event loop.

    work = InTheLoop()
    host = Host("examples/crm_app", "postgresql://localhost/shop", mailer=ByService(URL, KEY, SENDER), transport=work)
    app = program(host, work, who)       # uvicorn crm:app

With several processes of this program each runs jobs; the table sees to it that each job is run by one of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage

import httpx
from fastapi import FastAPI

from lowcode import Actor, Host
from lowcode.kernel.services import LetterRefused
from lowcode.web import Request, asgi_app

log = logging.getLogger(__name__)


class ByService:
    """A mailer: letters go to a service over HTTP as they are (`message/rfc822`)."""

    def __init__(self, url: str, key: str, sender: str) -> None:
        self.url = url
        self.key = key
        self.sender = sender

    def send(self, letter: EmailMessage) -> None:
        """Hand it over. The `Message-ID` lets the service notice a letter that comes again after a crash."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "message/rfc822",
                   "Idempotency-Key": str(letter["Message-ID"])}  # fmt: skip
        answer = httpx.post(self.url, content=letter.as_bytes(), headers=headers, timeout=20)
        if answer.status_code in (400, 422):  # this letter is wrong, now and later
            raise LetterRefused(f"{answer.status_code} {answer.text[:200]}")
        answer.raise_for_status()


class InTheLoop:
    """A transport: what is due is run by a thread of the program's event loop, after each commit that left work, and
    every second for timers and for what other processes left."""

    def __init__(self, every: float = 1.0) -> None:
        self.every = every
        self._loop: asyncio.AbstractEventLoop | None = None
        self._something = asyncio.Event()
        self._ended = False

    def wake(self) -> None:
        """There is work; said in any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._something.set)

    async def run(self, host: Host) -> None:
        """Work until the end is said."""
        self._loop = asyncio.get_running_loop()
        while not self._ended:
            await asyncio.to_thread(_work, host)
            try:
                async with asyncio.timeout(self.every):
                    await self._something.wait()
            except TimeoutError:
                pass
            self._something.clear()

    def end(self, host: Host) -> None:
        """Finish the job at hand, and give back what was taken beside it. A thread cannot be cancelled: `run` is to be
        waited for before the host is closed."""
        self._ended = True
        if host.delivery is not None:
            host.delivery.stopped = True
        self._something.set()


def _work(host: Host) -> None:
    try:
        host.tick()
        host.deliver()
    except Exception:
        log.exception("the work of the app goes on after an error")


def program(host: Host, work: InTheLoop, who: Callable[[Request], Actor | None]) -> FastAPI:
    """The program: its own addresses, and the app below `/crm`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(work.run(host))
        yield
        work.end(host)
        await task
        await asyncio.to_thread(host.close)

    app = FastAPI(lifespan=lifespan)
    app.mount("/crm", asgi_app(host, identity=who))
    return app
