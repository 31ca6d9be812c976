"""The one expression language: text in, a checked tree out, one meaning on every back end.

Everywhere a definition says "when" or "how much", this package reads it:
`IF(amount > 10000 and customer.grade in ("A", "B"), "director", "supervisor")`.

`compile_expression` takes the text and the shapes of the records it may name and gives an `Expression`, or raises
`ExpressionError` with every mistake, its position and its cure. An expression evaluates in Python, lowers to SQL for
SQLite and PostgreSQL, and is emitted as JavaScript; the four agree on the corpus in `tests/conformance/expressions`.

What is wrong is a key with values (`told`), said in English or Chinese by `sentences` when somebody is told.

The rooms, in order: `lexer`, `grammar.lark`, `parse` (text to syntax), `canonical` (and back), `resolve`, `check`,
`check_calls` (syntax to typed `nodes`), `functions/` (the table), `generate` (Python), `sql/`, `javascript/`,
`explain`, `fuse`, `lift` (values apart from their condition), `dependencies`, `unset` (blank taken for
false), `lookups` (what is asked of decision tables).
The package knows nothing of forms or records; callers describe what may be named with `Shapes`.
"""

from lowcode.kernel.expressions.canonical import text_from_json
from lowcode.kernel.expressions.dependencies import DependencyGraph
from lowcode.kernel.expressions.explain import Trace
from lowcode.kernel.expressions.expression import Expression, compile_expression
from lowcode.kernel.expressions.functions import Function, catalogue
from lowcode.kernel.expressions.fuse import fuse
from lowcode.kernel.expressions.lift import Lifted, lifted
from lowcode.kernel.expressions.limits import LIMITS, Limits
from lowcode.kernel.expressions.moment import Moment, WorkingCalendar
from lowcode.kernel.expressions.problems import CycleError, ExpressionError, ExpressionProblem, NotPushable
from lowcode.kernel.expressions.shapes import ABOVE, ABOVE_LABELS, FieldShape, Place, RecordShape, Shapes, lineage_of
from lowcode.kernel.expressions.types import Type

__all__ = [
    "ABOVE",
    "ABOVE_LABELS",
    "LIMITS",
    "CycleError",
    "DependencyGraph",
    "Expression",
    "ExpressionError",
    "ExpressionProblem",
    "FieldShape",
    "Function",
    "Lifted",
    "Limits",
    "Moment",
    "NotPushable",
    "Place",
    "RecordShape",
    "Shapes",
    "Trace",
    "Type",
    "WorkingCalendar",
    "catalogue",
    "compile_expression",
    "fuse",
    "lifted",
    "lineage_of",
    "text_from_json",
]
