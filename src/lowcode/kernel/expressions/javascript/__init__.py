"""Typed tree to JavaScript source, an arrow function `(r, m, f) => …` for live evaluation in the browser.

The calling convention is written down in `docs/expressions-javascript.md`; the run-time library is
`web/packages/expressions`. The server computes again and is right.
"""

from lowcode.kernel.expressions.javascript.emit import emit

__all__ = ["emit"]
