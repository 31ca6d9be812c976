"""The fixtures every test may ask for."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from lowcode.kernel.identity import passwords
from tests.support.folders import use_memory
from tests.support.order import in_turn

use_memory()

# The same examples every time, so that a change is judged by what it changed and not by luck; `./dev fuzz` looks for
# new ones, and what it finds joins the corpus as a case. No example fails because the machine was busy.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", print_blob=True, deadline=None)
settings.load_profile("new" if "LOWCODE_FUZZ" in os.environ else "same")
if "LOWCODE_FUZZ" not in os.environ and hasattr(providers, "_get_local_constants"):
    # It draws values that it finds written in modules that are loaded, of which a worker has those of the tests it was
    # given: the examples would not be the same, and every worker would read two thousand modules for them.
    providers._get_local_constants = lambda: providers._local_constants

# A worker holds hundreds of thousands of objects that stay: looking through them every 700 new ones took a tenth of the
# run.
gc.set_threshold(100_000, 50, 100)

HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def passwords_that_cost_little() -> Iterator[None]:
    """A hash of a password is meant to take long, and most hosts of tests have people: that was most of their start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: HASHER)
        passwords._nobody.cache_clear()
        yield
    passwords._nobody.cache_clear()


@pytest.fixture(autouse=True)
def environment_as_found() -> Iterator[None]:
    """No test leaves anything in the environment: a key that stayed there opened what another test finds closed."""
    before = {**os.environ}
    yield
    left = [name for name, _ in before.items() ^ dict(os.environ).items() if name != "PYTEST_CURRENT_TEST"]
    assert not left, f"the environment is left changed: {', '.join(sorted(set(left)))}"


pytest_plugins = [
    "tests.support.watch",
    "tests.support.answers",
    "tests.support.drawing",
    "tests.support.postgresql",
    "tests.support.browser",
    "tests.support.mail",
    "tests.support.standing",
    "tests.support.requirements",
]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Half as many workers again as there are cores: a third of the time a worker waits, for a page, a process or a
    database."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores * 3 // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they drive, and spread the files that drive a browser among the others: while their worker
    waits for the page, another one works. A file is run by one worker (`--dist loadfile`), in this order."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "chromium" in names:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=2))  # told at the end, see decision 0075
        if "postgresql_server" in names:
            item.add_marker(pytest.mark.postgresql)
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    driving = {name: any(map(_drives, own)) for name, own in files.items()}
    items[:] = [item for name in in_turn(driving) for item in files[name]]


def pytest_collection_finish() -> None:
    """What stands now stays to the end: nobody looks through it again for what can go."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """What is left then is given back by the system: Python would look through it several times as it ends."""
    gc.freeze()


def _drives(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None
