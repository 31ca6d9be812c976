"""Typed trees to SQL: SQLAlchemy elements, every literal bound, turned so that an index serves.

`lower_value` and `lower_condition` take an expression, a dialect and a `Resolver` that knows columns and joins.
PostgreSQL carries out every function natively; SQLite compares, adds and aggregates natively and calls the Python
functions for the rest (`install` puts them into a connection). What cannot be carried out raises `NotPushable`.
"""

from lowcode.kernel.expressions.sql.door import lower_condition, lower_kept, lower_measure, lower_value
from lowcode.kernel.expressions.sql.resolver import Resolver
from lowcode.kernel.expressions.sql.sqlite_functions import install
from lowcode.kernel.expressions.sql.storage_types import bind_value, result_value, storage_type
from lowcode.kernel.expressions.sql.truth import variable_parameter

__all__ = [
    "Resolver",
    "bind_value",
    "install",
    "lower_condition",
    "lower_kept",
    "lower_measure",
    "lower_value",
    "result_value",
    "storage_type",
    "variable_parameter",
]
