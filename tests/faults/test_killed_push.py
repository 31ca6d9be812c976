"""A worker that dies between sending to a device and writing that down."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.api import outward
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from tests.api.app import MONDAY, NOBODY, Shop, documents
from tests.support.forked import PROCESSES
from tests.support.push import Browser, PushService, push_service

__all__ = ["push_service"]


def die_behind_the_answer(url: str, service: str, files: Path, certificate: str) -> None:
    """Deliver what is due, and be killed when the push service has answered."""
    os.environ["SSL_CERT_FILE"] = certificate
    send = outward.send

    def sent(*given: Any, **more: Any) -> None:
        send(*given, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(outward, "send", sent)  # noqa: B010  # in a process that is about to die
    given: dict[str, Any] = {"secrets": {"PUSH_SERVICES": service}, "allow_private": True, "files": str(files)}
    Host(documents(), url, clock=FrozenClock(MONDAY), **given).settle()


@pytest.mark.requirement("SA14", "W32")
def test_killed_between_sending_and_noting(url: str, push_service: PushService, tmp_path: Path) -> None:
    """The message goes out once more, with the same tag, so the device shows one notice; none is lost."""
    files = tmp_path / "files"
    shop = Shop(database=url, secrets={"PUSH_SERVICES": push_service.host}, allow_private=True, files=str(files))
    token = shop.host.ask(NOBODY, "identity.sign_in", login="li", password="li-password")["token"]
    browser = Browser(push_service, shop.ask("li", "push.devices")["key"])
    shop.ask("li", "push.subscribe", **browser.subscription, token=token)
    with shop.host.session() as app:
        app.ask("notifications.send", to=[shop.host.actor("li").id], title="Call Acme", form="lead", record=1)
    told = (url, push_service.host, files, str(tmp_path / "directory.pem"))
    process = PROCESSES.Process(target=die_behind_the_answer, args=told, daemon=True)
    process.start()
    process.join(60)
    assert (-signal.SIGKILL, 1) == (process.exitcode, len(browser.messages))
    assert [None] == [each["reached_at"] for each in shop.ask("li", "push.devices")["items"]]
    shop.clock.advance(timedelta(minutes=15))
    shop.host.settle()
    first, second = browser.shown
    assert first == second and "Call Acme" == first["title"]
    assert [shop.clock.now()] == [each["reached_at"] for each in shop.ask("li", "push.devices")["items"]]
    shop.host.close()
