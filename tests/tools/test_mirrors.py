"""What pip was told reaches uv and npm, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import mirrors

SAID = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_STRATEGY", "UV_FIND_LINKS", "UV_NO_INDEX", "UV_INSECURE_HOST")


def said(environ: dict[str, str]) -> dict[str, str]:
    """What uv is told about indexes."""
    found = mirrors.environment(environ)
    return {name: found[name] for name in SAID if name in found}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine with a home of its own, and no configuration of pip but what a test writes."""
    real = mirrors.configuration_files

    def inside(environ: dict[str, str]) -> list[Path]:
        return [path for path in real(environ) if path.is_relative_to(tmp_path)]

    monkeypatch.setattr(mirrors, "configuration_files", inside)
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "xdg")}


def configure(home: dict[str, str], text: str) -> None:
    file = Path(home["HOME"]) / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")


def test_nothing_said(home: dict[str, str]) -> None:
    """Without configuration uv uses what it would use anyway."""
    assert said(home) == {}


def test_a_mirror_in_the_configuration(home: dict[str, str]) -> None:
    """One index, several more, folders of wheels, an untrusted host: each reaches uv in its own words."""
    folder = Path(home["HOME"]) / "wheels"
    folder.mkdir()
    configure(
        home,
        f"""[global]
index-url = https://mirror.example/simple
extra-index-url =
    https://one.example/simple
    https://two.example/simple
find-links = {folder}
[install]
trusted-host = mirror.example
""",
    )
    assert said(home) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": str(folder),
        "UV_INSECURE_HOST": "mirror.example",
    }


def test_the_environment_wins(home: dict[str, str]) -> None:
    """As with pip itself, a variable wins over a file; and what was set for uv by name wins over both."""
    configure(home, "[global]\nindex-url = https://file.example/simple\n")
    variable = {**home, "PIP_INDEX_URL": "https://variable.example/simple"}
    assert said(variable)["UV_DEFAULT_INDEX"] == "https://variable.example/simple"
    named = {**variable, "UV_DEFAULT_INDEX": "https://uv.example/simple"}
    assert said(named)["UV_DEFAULT_INDEX"] == "https://uv.example/simple"


def test_folders_that_are_gone_are_passed_over(home: dict[str, str]) -> None:
    """pip warns about a folder of packages that is not there and goes on; uv would stop."""
    gone = f"{home['HOME']}/gone"
    configure(home, f"[global]\nfind-links = {gone}\nextra-index-url = file://{gone}/simple\n")
    assert said(home) == {}


def test_certificates_reach_everyone(home: dict[str, str]) -> None:
    """A company's certificate that pip trusts is trusted by uv and Node.js too."""
    certificate = Path(home["HOME"]) / "company.pem"
    certificate.write_text("…", encoding="utf-8")
    found = mirrors.environment({**home, "PIP_CERT": str(certificate)})
    assert (found["SSL_CERT_FILE"], found["NODE_EXTRA_CA_CERTS"]) == (str(certificate), str(certificate))


def test_a_broken_configuration_is_passed_over(home: dict[str, str]) -> None:
    """What pip could not read either does not stop the workshop here; pip says it better."""
    configure(home, "index-url = before any section\n")
    assert said(home) == {}
