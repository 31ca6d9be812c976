"""The one list of built-in engines, in the order in which their stages and plans are made."""

from __future__ import annotations

from lowcode.api.engine import Api
from lowcode.flows.engine import Flows
from lowcode.forms.engine import Forms
from lowcode.kernel.contract import Engine
from lowcode.printing.engine import Printing
from lowcode.reports.engine import Reports
from lowcode.rules.engine import Rules


def built_in() -> list[Engine]:
    """The six, anew for each host: an engine holds its registries of kinds, and two hosts share nothing."""
    return [Forms(), Flows(), Rules(), Reports(), Printing(), Api()]
