"""uv, and with it `.venv`: the pinned packages and the project itself, editable."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import mirrors
from tools.say import ROOT, STATE, give_up, is_root, quiet, run, say, step

VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST_UV = (0, 5)


def compiled(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Python keeps what it compiled, in `STATE` where it is told to write nothing beside the
    sources: a run of the tests starts a hundred Pythons, and each would compile two thousand modules anew."""
    kept = dict(environ)
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept.setdefault("PYTHONPYCACHEPREFIX", str(STATE / "bytecode"))
    return kept


def script(name: str) -> Path:
    """A command installed in `.venv`."""
    return VENV / (f"Scripts/{name}.exe" if WINDOWS else f"bin/{name}")


def pinned(name: str) -> str:
    """`name==version` as constraints.txt says."""
    found = re.search(
        rf"^{re.escape(name)}==.*$", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE | re.IGNORECASE
    )
    return found.group(0).split(";")[0].strip() if found else name


def uv() -> Path:
    """uv: the one on PATH, else the one fetched earlier, else fetched now as a wheel with pip."""
    own = STATE / ("uv.exe" if WINDOWS else "uv")
    on_path = shutil.which("uv")
    for candidate in (Path(on_path) if on_path else None, own):
        version = re.match(r"uv (\d+)\.(\d+)", quiet([candidate, "--version"]) or "") if candidate else None
        if candidate and version and tuple(map(int, version.groups())) >= OLDEST_UV:
            return candidate
    with step("Fetching uv"):
        need_pip()
        STATE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=STATE) as folder:
            # Downloading, not installing: so a system Python that refuses installs (PEP 668) does not mind.
            run([sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps",
                 "--only-binary=:all:", "-d", folder, pinned("uv")])  # fmt: skip
            wheel = next(Path(folder).glob("*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                member = next(name for name in archive.namelist() if name.endswith(f"/scripts/{own.name}"))
                own.write_bytes(archive.read(member))
        own.chmod(0o755)
    return own


def need_pip() -> None:
    """Debian ships Python without pip: install it where that is allowed, else say how."""
    if quiet([sys.executable, "-m", "pip", "--version"]):
        return
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-pip"]
    sudo = [] if is_root() else ["sudo", "-n"]
    if shutil.which("apt-get") and (not sudo or quiet(["sudo", "-n", "true"]) is not None):
        say("there is no pip; installing python3-pip")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run([*sudo, "apt-get", "update", "-qq"], env=environ, chatty=True)
        run([*sudo, *command], env=environ, chatty=True)
        return
    give_up("this Python has no pip, and it cannot be installed from here.", f"Run: sudo {' '.join(command)}")


def stamp(extras: str, groups: Sequence[str]) -> str:
    """Changes when the environment has to be made anew."""
    digest = hashlib.sha256(repr((extras, sorted(groups), sys.version_info[:2])).encode())
    for file in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def prepare(groups: Sequence[str] = (), extras: str = "all") -> None:
    """Make `.venv` hold the project with these dependency groups, at the pinned versions.

    Groups are kept once installed, so that going back and forth between commands costs nothing."""
    mark = VENV / ".installed"
    before = mark.read_text(encoding="utf-8").split("\n") if mark.exists() and PYTHON.exists() else ["", ""]
    wanted = sorted({*before[1].split(), *groups})
    if before[0] == stamp(extras, wanted):
        return
    tool, environ = uv(), mirrors.environment()
    if not PYTHON.exists():
        with step(f"Making {VENV.name}"):
            run([tool, "venv", "-q", "--no-project", "--python", sys.executable, VENV], env=environ)
    with step("Installing the pinned packages"):
        chosen = [word for group in wanted for word in ("--group", group)]
        run([tool, "pip", "install", "-q", "--python", PYTHON, "-c", CONSTRAINTS, *chosen, "-e", f".[{extras}]"],
            env=environ)  # fmt: skip
    mark.write_text(f"{stamp(extras, wanted)}\n{' '.join(wanted)}\n", encoding="utf-8")


def pin() -> None:
    """Write constraints.txt anew: the newest versions that fit pyproject.toml, as names and versions only."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [word for group in project["dependency-groups"] for word in ("--group", group)]
    options = ["--all-extras", *groups, "--python-version", "3.11", "--no-annotate", "--no-header"]
    command = [uv(), "pip", "compile", "-q", "pyproject.toml", *options, "--no-emit-index-url", "--no-emit-find-links"]
    lines = quiet(command, env=mirrors.environment())
    if lines is None:
        give_up("the versions could not be worked out.", "Is the package index reachable? Try `pip download lark`.")
    head = [line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    CONSTRAINTS.write_text("\n".join([*head, *sorted([*lines.splitlines(), pinned("uv")])]) + "\n", encoding="utf-8")
