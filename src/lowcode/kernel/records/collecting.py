"""The collector of garbage, told to wait while much is made that stays, or that goes by itself.

It looks through everything that is alive whenever so much more was made than let go. Of a thousand rows on their way
into the database nothing goes round in circles, and looking through them again and again takes a sixth of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def later() -> Iterator[None]:
    """Collect when this is done. Where it does not collect anyway, that stays so."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
