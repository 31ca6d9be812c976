"""PDF files that somebody sent, as forms: read in a worker, for some kilobytes of one may be gigabytes once they are
unpacked.

Sent is what was uploaded, and what comes with definitions that are to be published (`lowcode push`, `app.publish`). A
file that lies in the folder of the app, or in the database because it was published, is read where the app is compiled:
whoever writes there runs the host, and what is too heavy was refused before it came into the database (decision 0181).
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
        self._own: dict[str, int] = {}

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
        own = self._own.get(hashlib.sha256(content).hexdigest())
        return own if own is not None else len(self.read(content).sizes)

    def own_pages(self, content: bytes) -> int:
        """How many pages one has that the app in use brought: what is published beside it reads it no second time.
        Raises UnusablePdf."""
        found = len(sizes_of(content))
        if len(self._own) >= MOST:
            self._own.clear()
        self._own[hashlib.sha256(content).hexdigest()] = found
        return found


def told(content: bytes) -> bytes:
    """What is in a file, as the worker says it. Raises UnusablePdf."""
    found = FormFile(tuple(sizes_of(content)), tuple(fields_of(content)))
    return json.dumps(asdict(found)).encode()


def _understood(answer: bytes) -> FormFile:
    found: dict[str, Any] = json.loads(answer)
    fields = (FormField(**{**each, "holder": Holder(**each["holder"])}) for each in found["fields"])
    return FormFile(tuple((width, height) for width, height in found["sizes"]), tuple(fields))
