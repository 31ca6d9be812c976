"""The contract of a kind of chart: the word in `type`, what may be written, and which dimensions it can show."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from lowcode.kernel.definitions import Name, Part


class Chart(Part):
    """What most charts say: which dimension runs along, which measures are drawn, which dimension colours."""

    x: Name | None = Field(None, description="The dimension along the axis; left out, the first.")
    y: list[Name] = Field(default_factory=list, description="The measures drawn; left out, all.")


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One kind of chart. `least` and `most` bound the number of dimensions."""

    name: str
    model: type[Chart]
    least: int = 0
    most: int = 12
