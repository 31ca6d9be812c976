"""The documents of an app, from bytes to values that engines can read.

In goes a folder, a mapping or a zip archive; out come `Documents`, with every finding in one `Report`.

* `tokens`, `reader`  a JSON reader that remembers where everything stands and says what an author can mend
* `source`            one text: its data, and the line and column of every JSON pointer
* `documents`         `Document`, the closed base of what engines define; `parse` turns its errors into findings
* `load`              folder, mapping or archive to `Documents`; `archive` keeps hostile archives out
* `upgrade`           older document formats, lifted step by step
* `schema`            JSON Schema of every kind, for editors, and as a gate for documents from outside
* `format`            the one way a document is written
* `diff`              what changed between two documents, in the author's words

Nothing here knows an engine: models are handed in.
"""

from lowcode.kernel.definitions.documents import (
    Color,
    ColorName,
    Document,
    Expression,
    Name,
    Part,
    Template,
    Text,
    parse,
)
from lowcode.kernel.definitions.load import Documents, SourceDocument, load
from lowcode.kernel.definitions.source import Source, read_source

__all__ = [
    "Color",
    "ColorName",
    "Document",
    "Documents",
    "Expression",
    "Name",
    "Part",
    "Source",
    "SourceDocument",
    "Template",
    "Text",
    "load",
    "parse",
    "read_source",
]
