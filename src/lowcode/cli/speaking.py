"""In which language a command speaks."""

from __future__ import annotations

import os


def spoken() -> str:
    """The language of the terminal."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh-CN" if os.environ[name].startswith("zh") else "en"
    return "en"
