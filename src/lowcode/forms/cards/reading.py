"""The lines of a photo, read by a process of its own: what is sent comes from anybody, and what reads it takes some
four hundred megabytes while it does. Nothing of the photo leaves the machine."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec

from lowcode.forms.cards import reader
from lowcode.forms.cards.parts import Line
from lowcode.kernel.diagnostics import Problem, Rejected

log = logging.getLogger("lowcode.forms")
SIZE_LIMIT = 20 * 2**20
"""Bytes of a photo."""
MEMORY_LIMIT = 3 * 2**30
SECONDS = 60.0
NEEDED = ("rapidocr", "onnxruntime", "PIL")
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")
"""What the process is told of the environment: never a secret of the host."""
WORDS = {
    "no-card-reader": {
        "en": "reading business cards needs the extra cards on the server: pip install 'lowcode[cards]'",
        "zh-CN": "服务器未安装名片识别组件：pip install 'lowcode[cards]'",
    },
    "no-photo": {
        "en": "this is no photo that can be read: take a JPEG, PNG or WEBP of at most {limit} MB",
        "zh-CN": "无法读取该图片：请使用不超过 {limit} MB 的 JPEG、PNG 或 WEBP",
    },
    "no-process": {
        "en": "the server cannot start the program that reads business cards: type the card in",
        "zh-CN": "服务器无法启动名片识别程序，请手动录入",
    },
    "card-not-read": {
        "en": "the photo could not be read in {seconds} seconds: try again, or type the card in",
        "zh-CN": "{seconds} 秒内未能识别该图片：请重试，或手动录入",
    },
}
_one_by_one = threading.Semaphore(1)


def installed() -> bool:
    """Whether what reads cards is there."""
    return bool(sys.executable) and all(find_spec(each) is not None for each in NEEDED)


def lines_of(photo: bytes) -> list[Line]:
    """The lines of a photo, from top to bottom; of several photos one after the other is read. Raises Rejected."""
    if not installed():
        raise refused("no-card-reader")
    if len(photo) > SIZE_LIMIT:
        raise refused("no-photo")
    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    program = [sys.executable, "-P", reader.__file__, str(MEMORY_LIMIT)]
    if not _one_by_one.acquire(timeout=SECONDS):
        raise refused("card-not-read")
    try:
        ended = subprocess.run(
            program, input=photo, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir(),
            env=environment, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise refused("card-not-read") from None
    except OSError as error:
        log.warning("no process can be started to read a business card (%s)", error)
        raise refused("no-process") from None
    finally:
        _one_by_one.release()
    if ended.returncode:
        raise refused("no-photo" if ended.returncode == reader.REFUSED else "card-not-read")
    return [Line(each["text"], each["height"]) for each in json.loads(ended.stdout)["lines"]]


def refused(key: str) -> Rejected:
    """Why a photo is not read."""
    values = {"limit": SIZE_LIMIT // 2**20, "seconds": round(SECONDS)}
    return Rejected(Problem(f"forms.{key}", WORDS[key], "/file", values))
