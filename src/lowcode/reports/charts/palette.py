"""The colours of charts: the same on a screen, in a letter and on paper (`web/packages/kit/src/colors.ts`)."""

from __future__ import annotations

SERIES = ("#3b6ff0", "#17a2c0", "#ec7c1b", "#8f58dd", "#22a565", "#d9a400", "#e0529a", "#6d7583")
"""Series, in the order used; told apart by people who see colours differently."""

SOLID = {
    "grey": "#8b93a1", "blue": "#3b6ff0", "cyan": "#17a2c0", "teal": "#14a394", "green": "#22a565", "lime": "#86b116",
    "yellow": "#d9a400", "orange": "#ec7c1b", "red": "#e0453a", "pink": "#e0529a", "purple": "#8f58dd",
    "indigo": "#6a62e8",
}  # fmt: skip
ALIASES = {
    "gray": "grey", "default": "grey", "gold": "yellow", "volcano": "orange", "magenta": "pink", "violet": "purple",
    "geekblue": "indigo",
}  # fmt: skip
TEXT, QUIET, LINE, GRID, GROUND = "#1f2430", "#5d6675", "#dfe3ea", "#eef0f3", "#ffffff"
GOOD, BAD = "#1c8a55", "#d0382d"
HEAT = ("#eef3fe", "#b9cdfb", "#7fa3f6", "#3b6ff0", "#1d3fae")
"""From little to much."""


def solid(name: str | None) -> str | None:
    """The colour of a name that a definition uses."""
    return SOLID.get(ALIASES.get(name or "", name or ""))


def nth(index: int) -> str:
    """The colour of a series by its place."""
    return SERIES[index % len(SERIES)]


def heat(share: float) -> str:
    """A colour between little (0) and much (1)."""
    place = max(0.0, min(1.0, share)) * (len(HEAT) - 1)
    low = min(int(place), len(HEAT) - 2)
    part = place - low
    pairs = zip(_parts(HEAT[low]), _parts(HEAT[low + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * part):02x}" for one, other in pairs)


def tint(color: str, share: float) -> str:
    """A colour with that share of white in it."""
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in _parts(color))


def _parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]
