"""All that is asked of publishing, in one tuple for a host."""

from __future__ import annotations

from lowcode.publishing import calendars, designed, former, listed, operations, packages, settings, switching

OPERATIONS = (
    *operations.OPERATIONS, *former.OPERATIONS, *listed.OPERATIONS, *designed.OPERATIONS, *settings.OPERATIONS,
    *calendars.OPERATIONS, *packages.OPERATIONS, *switching.OPERATIONS,
)  # fmt: skip
