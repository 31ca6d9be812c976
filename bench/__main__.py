"""`python -m bench [part of a name …] [--repeats N]`: measures, prints, writes build/bench.json."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import expressions, migrating, saving
from bench.harness import HEAD, Comparison, Result, line, measure, write

MODULES: tuple[Callable[[], Iterator[Comparison]], ...] = (
    expressions.comparisons,
    saving.comparisons,
    migrating.comparisons,
)
"""Every module of comparisons, in the order in which they are printed."""

RESULT = Path(__file__).resolve().parent.parent / "build" / "bench.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="run only comparisons whose name holds one of these")
    parser.add_argument("--repeats", type=int, default=7, help="how often each is measured (the median counts)")
    chosen = parser.parse_args()
    results: list[Result] = []
    print(HEAD)
    for comparisons in MODULES:
        for comparison in comparisons():
            if not chosen.names or any(name in comparison.name for name in chosen.names):
                results.append(measure(comparison, chosen.repeats))
                print(line(results[-1]), flush=True)
    write(results, RESULT)
    missed = [result.name for result in results if not result.holds]
    print(f"{len(results) - len(missed)} of {len(results)} goals hold")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
