"""`python -m bench [name …] [--repeats N] [--part P]`: measures, prints, writes build/bench.json.

A name is that of a module (`expressions`, `saving`, `http` …) or a part of a comparison's name.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path

from bench import (
    aggregates,
    browsing,
    changing,
    checking,
    deciding,
    exporting,
    expressions,
    importing,
    lists,
    masses,
    migrating,
    papers,
    reporting,
    ruling,
    saving,
    wide,
)
from bench.harness import HEAD, Comparison, Result, Size, about, line, measure, verdict, write
from bench.serving import race

MODULES: dict[str, Callable[[Size], Iterator[Comparison]]] = {
    "expressions": expressions.comparisons,
    "saving": saving.comparisons,
    "lists": lists.comparisons,
    "aggregates": aggregates.comparisons,
    "deciding": deciding.comparisons,
    "ruling": ruling.comparisons,
    "reporting": reporting.comparisons,
    "changing": changing.comparisons,
    "migrating": migrating.comparisons,
    "papers": papers.comparisons,
    "browsing": browsing.comparisons,
    "importing": importing.comparisons,
    "exporting": exporting.comparisons,
    "masses": masses.comparisons,
    "wide": wide.comparisons,
    "checking": checking.comparisons,
    "http": race.comparisons,
}
"""Every module of comparisons, in the order in which they are printed."""

RESULT = Path(__file__).resolve().parent.parent / "build" / "bench.json"


def main() -> int:
    """Measure what was asked for; 1 when a goal is missed or a module did not run to its end."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", help=f"only these modules ({', '.join(MODULES)}) or comparisons whose name holds one"
    )
    parser.add_argument("--repeats", type=int, default=7, help="how often each is measured (the median counts)")
    parser.add_argument("--part", type=float, default=1.0, help="so much of the data: 0.01 to see that it runs")
    chosen = parser.parse_args()
    modules = [name for name in chosen.names if name in MODULES]
    words = [name for name in chosen.names if name not in MODULES]
    results: list[Result] = []
    broken: dict[str, Exception] = {}
    print(HEAD)
    for module in modules or MODULES:
        print(f"\n{module}: {about(MODULES[module])}", flush=True)
        try:
            with closing(_of(module, Size(chosen.part))) as comparisons:
                for comparison in comparisons:
                    if not words or any(word in comparison.name for word in words):
                        results.append(measure(comparison, chosen.repeats))
                        print(line(results[-1]), flush=True)
        except Exception as error:  # the others are measured all the same
            broken[module] = error
            traceback.print_exc()
    write(results, RESULT)
    print("", *verdict(results, broken), sep="\n")
    return 1 if broken or any(not result.holds for result in results) else 0


def _of(module: str, size: Size) -> Generator[Comparison, None, None]:
    yield from MODULES[module](size)


if __name__ == "__main__":
    sys.exit(main())
