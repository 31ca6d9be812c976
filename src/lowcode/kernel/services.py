"""What a program may hand over to a host, beside its clock: who sends letters, who keeps files, and who carries the
word that there is work. Each is any object that does what its protocol says; nothing has to be inherited.

    Host("crm", engine, mailer=DjangoMailer(), transport=Waker(celery))
"""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any, Protocol, TypeVar, runtime_checkable

Service = TypeVar("Service")


class LetterRefused(Exception):
    """Raised by a mailer: this letter can never be sent (no such mailbox, not allowed). Its text says why; the letter
    is given up and stands among the jobs that are dead. Whatever else a mailer raises is tried again."""


@runtime_checkable
class Mailer(Protocol):
    """Sends letters, in place of the server of the secret `SMTP_URL`.

    It is called by whoever runs the jobs, in their thread and outside of any transaction, with one letter at a time; by
    several threads at once where several run jobs. After a crash a letter may come again, with the same `Message-ID`.
    """

    @property
    def sender(self) -> str:
        """Whom letters are from: `crm@example.com`, or `Acme <crm@example.com>`. Read for each letter."""
        ...

    def send(self, letter: EmailMessage) -> None:
        """Hand over a finished letter: `From`, one `To`, `Subject`, `Date`, `Message-ID`, its parts and files.

        Coming back means that somebody answers for it from now on. Raises LetterRefused, or what `smtplib` raises for
        an answer of 500 to 599, when there is no use in trying again; anything else, and it is tried again after 5 s,
        30 s, 5 min, 30 min, 2 h, 5 h and 10 h."""
        ...


@runtime_checkable
class Files(Protocol):
    """Keeps the contents of files, in place of a folder: an object store, a table of the program's, a service.

    Contents go by their digest (SHA-256 in hexadecimal digits), so the same ones are kept once and never change; their
    names and who may read them stand in the database. It is called in any thread, by several at once, and by every
    process of the app, which all have to see the same contents. What it raises beside what is said here is a fault of
    whatever asked.
    """

    def put(self, digest: str, content: bytes) -> None:
        """Keep contents of at most 50 MB. Coming back means that they are there for good. What is there already counts
        as put anew: `discard` asks when that was."""
        ...

    def get(self, digest: str) -> bytes:
        """The contents. Raises FileNotFoundError, or KeyError, where there are none."""
        ...

    def remove(self, digest: str) -> None:
        """Take contents away at once: they are to be forgotten. That there are none is no error."""
        ...

    def discard(self, digest: str, seconds: float) -> bool:
        """Take contents away unless they were put within so many seconds; whether they are gone. It is asked by night
        for what nothing refers to; who puts the same at that moment must find it kept."""
        ...


@runtime_checkable
class Transport(Protocol):
    """Carries the word that there is work to whoever runs it: a broker, a loop of the program, a call from elsewhere.

    The table of jobs stays the truth: the word carries no work, may be lost, come late, or twice. Whoever hears it asks
    `host.deliver()`, which runs what is due; for timers, and for words that were lost, somebody asks `host.tick()` and
    `host.deliver()` every few seconds besides.
    """

    def wake(self) -> None:
        """There are jobs to be run now.

        Called after each commit that left some, in whatever thread that was, and by a worker that found more than it
        takes at a time. Comes back at once, without waiting for a network. What it raises is logged; the commit
        stands."""
        ...


def fitting(argument: str, service: Service | None, protocol: type[Any]) -> Service | None:
    """The service, if it does what the protocol says. Raises TypeError naming what it lacks, when the host is made."""
    if service is None or (isinstance(service, protocol) and not isinstance(service, type)):
        return service
    seen = f"the class {service.__name__}" if isinstance(service, type) else f"{type(service).__name__}"
    asked = sorted(each for each in vars(protocol) if not each.startswith("_"))
    lacks = [each for each in asked if not hasattr(service, each)]
    cure = f"it lacks {' and '.join(map(repr, lacks))}" if lacks else f"give an object: {service.__name__}(…)"  # type: ignore[attr-defined]
    raise TypeError(f"'{argument}' of a host is a {protocol.__name__} ({', '.join(asked)}), and was {seen}: {cure}")
