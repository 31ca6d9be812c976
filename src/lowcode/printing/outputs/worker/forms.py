"""PDF files that somebody uploaded, as forms: read in a worker, for some kilobytes of one may be gigabytes once they
are unpacked.

A file of the app is its author's, and is read where the app is compiled.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from lowcode.printing.blocks.drawing.office import Holder
from lowcode.printing.outputs.papers import UnusablePdf, sizes_of
from lowcode.printing.outputs.pdf_forms import FormField, fields_of
from lowcode.printing.outputs.worker.pool import WorkerFailed, Workers

MOST = 200
"""So many are remembered; what is printed with one reads it no second time."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """What is in one: the sizes of its pages in millimetres, and its fields."""

    sizes: tuple[tuple[float, float], ...]
    fields: tuple[FormField, ...]


class FormFiles:
    """Reads them, each once."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._known: dict[str, FormFile] = {}

    def read(self, content: bytes) -> FormFile:
        """What is in one. Raises UnusablePdf."""
        digest = hashlib.sha256(content).hexdigest()
        found = self._known.get(digest)
        if found is None:
            try:
                found = _understood(self._workers.read_form(content))
            except WorkerFailed as failed:
                raise UnusablePdf(str(failed) if failed.reason == UnusablePdf.__name__ else "heavy") from None
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[digest] = found
        return found

    def pages(self, content: bytes) -> int:
        """How many pages one has. Raises UnusablePdf."""
        return len(self.read(content).sizes)


def told(content: bytes) -> bytes:
    """What is in a file, as the worker says it. Raises UnusablePdf."""
    found = FormFile(tuple(sizes_of(content)), tuple(fields_of(content)))
    return json.dumps(asdict(found)).encode()


def _understood(answer: bytes) -> FormFile:
    found: dict[str, Any] = json.loads(answer)
    fields = (FormField(**{**each, "holder": Holder(**each["holder"])}) for each in found["fields"])
    return FormFile(tuple((width, height) for width, height in found["sizes"]), tuple(fields))
