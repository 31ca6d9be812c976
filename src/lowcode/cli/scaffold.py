"""Kinds to begin with: for each extension point a kind, its test and its page, as `lowcode new kind` writes them.

The templates lie in `kinds/`, one per extension point: what there is to know, the kind, the test. The tutorials in
`docs/extending/` are made of the same files, so what they show is what is tested.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "kinds"
KIND, TEST = "==== kind\n", "==== test\n"

PAGE = """\
# $name

$summary

Give it to a host, or name it on the command line:

```python
import $name
from lowcode import Host

host = Host("app", plugins=[$name])
```

```shell
lowcode check app --plugin $name
```

## How it works

$lore"""


def sorts() -> list[str]:
    """The extension points there is a template for."""
    return sorted(path.stem for path in TEMPLATES.glob("*.txt"))


def lore(sort: str) -> str:
    """What there is to know about an extension point, one sentence per line."""
    return _parts(sort)[0]


def files(sort: str, name: str) -> dict[str, str]:
    """The files of a new kind: the module, its test and its page."""
    told, kind, test = (_filled(part, name) for part in _parts(sort))
    summary = kind.partition('"""')[2].partition('"""')[0]
    page = Template(PAGE).substitute(name=name, summary=summary, lore=told)
    return {f"{name}.py": kind, f"test_{name}.py": test, f"{name}.md": page}


def _parts(sort: str) -> tuple[str, str, str]:
    text = (TEMPLATES / f"{sort}.txt").read_text(encoding="utf-8")
    told, _, rest = text.partition(KIND)
    kind, _, test = rest.partition(TEST)
    return told, kind, test


def _filled(text: str, name: str) -> str:
    words = name.split("_")
    return Template(text).safe_substitute(
        name=name, Name="".join(each.capitalize() for each in words), NAME=name.upper()
    )
