"""What pip was told about package indexes and certificates, passed on to uv, Node.js and npm.

People behind a company mirror have configured pip; uv does not read that configuration. It is read at each run from
where pip reads it (files, then environment), handed on as environment variables, and never written down.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

OPTIONS = ("index-url", "extra-index-url", "find-links", "no-index", "cert", "trusted-host")
SYSTEM_CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def configuration_files(environ: Mapping[str, str] = os.environ) -> list[Path]:
    """pip's configuration files, the least important first."""
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if sys.platform == "win32":
        files = [
            Path(environ.get("PROGRAMDATA", "C:/ProgramData")) / "pip" / "pip.ini",
            home / "pip" / "pip.ini",
            Path(environ.get("APPDATA", home)) / "pip" / "pip.ini",
        ]
    else:
        shared = environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")
        files = [Path(folder) / "pip" / "pip.conf" for folder in shared]
        files += [Path("/etc/pip.conf"), home / ".pip" / "pip.conf"]
        files.append(Path(environ.get("XDG_CONFIG_HOME", home / ".config")) / "pip" / "pip.conf")
        if sys.platform == "darwin":
            files.append(home / "Library" / "Application Support" / "pip" / "pip.conf")
    files.append(Path(sys.prefix) / ("pip.ini" if sys.platform == "win32" else "pip.conf"))
    return [*files, *([Path(named)] if named else [])]


def pip_settings(environ: Mapping[str, str] = os.environ) -> dict[str, list[str]]:
    """The settings of `OPTIONS` that are in force, each as a list of words."""
    found: dict[str, list[str]] = {}
    for file in configuration_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
        for section in ("global", "download", "install"):
            if parser.has_section(section):
                found |= {key: value.split() for key, value in parser.items(section) if key in OPTIONS}
    for option in OPTIONS:
        value = environ.get("PIP_" + option.replace("-", "_").upper())
        if value:
            found[option] = value.split()
    return found


def certificates(settings: Mapping[str, list[str]], environ: Mapping[str, str] = os.environ) -> str | None:
    """The certificate file to trust: what pip was told, else what the environment names, else the system's own."""
    named = [
        *settings.get("cert", []),
        *(environ.get(name, "") for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")),
        *SYSTEM_CERTIFICATES,
    ]
    return next((file for file in named if file and Path(file).is_file()), None)


def reachable(place: str) -> bool:
    """Whether a folder named as a place for packages is there; pip passes over one that is not, uv would stop."""
    folder = unquote(urlsplit(place).path) if place.startswith("file:") else place
    return "://" in folder or Path(folder).exists()


def environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for uv, Node.js and npm. What was set for them by name is left as it is."""
    settings = pip_settings(environ)
    wanted: dict[str, str] = {}
    if "index-url" in settings:
        wanted["UV_DEFAULT_INDEX"] = settings["index-url"][0]
    extra = [each for each in settings.get("extra-index-url", []) if reachable(each)]
    if extra:
        wanted["UV_INDEX"] = " ".join(extra)
        # pip takes the best version of all indexes; uv would stop at the first index that knows the name.
        wanted["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    wanted["UV_FIND_LINKS"] = ",".join(each for each in settings.get("find-links", []) if reachable(each))
    if settings.get("no-index", ["false"])[0].lower() in ("1", "true", "yes", "on"):
        wanted["UV_NO_INDEX"] = "1"
    if "trusted-host" in settings:
        wanted["UV_INSECURE_HOST"] = ",".join(settings["trusted-host"])
    trusted = certificates(settings, environ)
    if trusted:
        wanted |= {"SSL_CERT_FILE": trusted, "NODE_EXTRA_CA_CERTS": trusted}
    wanted |= {"UV_HTTP_TIMEOUT": "180", "UV_NO_PROGRESS": "" if sys.stderr.isatty() else "1"}
    # A Node.js told to be in production would leave out the packages that build the page.
    kept = {name: value for name, value in environ.items() if name not in ("NODE_ENV", "NODE_OPTIONS", "VIRTUAL_ENV")}
    return {**{name: value for name, value in wanted.items() if value}, **kept}
