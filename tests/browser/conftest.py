"""A demo of the follow-up CRM, seeded once for the browser tests of a worker, served over a socket."""

from __future__ import annotations

import base64
import json
import shutil
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from lowcode.seeding import seed
from lowcode.web.assets import STATIC
from tests.support.browser import Watched, still
from tests.support.served import served
from tests.support.standing import Standing

CRM = Path(__file__).parents[2] / "examples" / "crm_app"
SignIn = Callable[..., Page]
Picture = Callable[[Page, str], None]


@contextmanager
def opened(app: Path, folder: Path, **options: Any) -> Iterator[Host]:
    """An app with its seed, and what else the host is given."""
    if not (STATIC / "index.html").is_file():
        pytest.fail("the page is not built: run `npm ci && npm run build` in web/", pytrace=False)
    documents = shutil.copytree(app, folder / "app")
    host = Host(str(documents), f"sqlite:///{folder / 'demo.sqlite3'}", files=str(folder / "files"), **options)
    host.publish()
    seed(host, passwords=False)
    yield host
    host.close()


@contextmanager
def running(folder: Path) -> Iterator[tuple[Host, str]]:
    """The CRM with its seed, and where it is served."""
    with opened(CRM, folder) as host, served(host) as url:
        yield host, url


@contextmanager
def written(files: Mapping[str, Any], folder: Path) -> Iterator[tuple[Host, str]]:
    """An app that a test writes itself, with its seed, and where it is served."""
    for name, document in files.items():
        place = folder / "written" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(document), encoding="utf-8")
    with opened(folder / "written", folder) as host, served(host) as url:
        yield host, url


@pytest.fixture
def crm(
    standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Host, str]:
    """The demo of this worker."""
    return standing.take(request, "crm", lambda: running(tmp_path_factory.mktemp("demo")))


@pytest.fixture
def demo(crm: tuple[Host, str]) -> Host:
    """The CRM with its seed."""
    return crm[0]


@pytest.fixture
def root(demo: Host) -> Iterator[Host]:
    """The demo; what a test publishes is taken back."""
    version = demo.standing.version
    yield demo
    actor = demo.actor("wu.xiaofeng")
    if demo.standing.version != version:
        plan = demo.ask(actor, "app.plan_undo")
        demo.ask(actor, "app.undo", plan=plan["plan"], allow=plan["consents"])


@pytest.fixture
def address(crm: tuple[Host, str]) -> str:
    """Where the demo is served."""
    return crm[1]


@pytest.fixture
def logins(address: str) -> dict[str, str]:
    """By which login each person of the demo is known."""
    with urllib.request.urlopen(f"{address}api/session/people") as answer:
        return {each["name"]: each["login"] for each in json.load(answer)["items"]}


def begin_session(page: Page, address: str, login: str) -> None:
    """What a press on somebody's name at the door does, in the language of the browser."""
    spoken = "zh-CN" if page.evaluate("navigator.language").startswith("zh") else "en"
    begun = page.context.request.post(f"{address}api/session", data={"login": login})
    assert begun.ok, begun.text()
    if begun.json()["locale"] != spoken:
        token = {"X-CSRF-Token": begun.json()["token"]}
        page.context.request.patch(f"{address}api/session", data={"locale": spoken}, headers=token)


@pytest.fixture
def sign_in(address: str, logins: dict[str, str], watched: Watched) -> SignIn:
    """Opens the door as a person of the demo and goes to a place. The press on their name is shown by tests of the
    door; here the session is begun as that press does, so that the page is loaded once and not twice."""
    watched.forgive("401 (Unauthorized)")

    def enter(page: Page, name: str, place: str = "") -> Page:
        begin_session(page, address, logins[name])
        if page.url != "about:blank":
            page.goto("about:blank")
        page.goto(f"{address}{place}")
        expect(page.locator(".lc-who")).to_be_visible()
        return page

    return enter


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """Keeps a picture of a page under a name when `--pictures FOLDER` was given: those of the README come from here."""
    given = request.config.getoption("--pictures")

    def take(page: Page, name: str) -> None:
        if given is not None:
            page.wait_for_load_state("networkidle")
            session = still(page).context.new_cdp_session(page)
            shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
            (Path(given) / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))

    return take
