"""What an engine gives: a `Site` while something is compiled, and the record it is worked out `Beside`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.kernel.diagnostics import Place
    from lowcode.kernel.expressions import Expression, Moment, Type
    from lowcode.kernel.scope import Scope


class Site(Protocol):
    """Where a change stands while it is compiled: an action of a rule, or a step of a flow."""

    @property
    def scope(self) -> Scope:
        """The names it may use."""
        ...

    @property
    def form(self) -> str | None:
        """The form of the record it stands beside; None: there is none."""
        ...

    @property
    def names(self) -> Mapping[str, Type]:
        """What expressions over that record may name beside its fields."""
        ...

    def place(self, below: str = "") -> Place:
        """Where something of it stands."""
        ...

    def refuse(self, key: str, below: str = "", **values: Any) -> None:
        """Note a finding of the engine's catalogue: `unknown-relation`, `not-a-link`, `not-lines` or `needs-form`."""
        ...

    def knows(self, what: str, name: str, below: str, also: Iterable[str] = ()) -> bool:
        """Whether the app has something of this name; if not, that is a finding with the nearest name."""
        ...

    def expression(
        self,
        text: str,
        below: str,
        *,
        expect: Type | None = None,
        form: str | None = None,
        more: Mapping[str, Type] | None = None,
    ) -> Expression | None:
        """An expression over the record it stands beside, or over another `form`; with `more` names beside."""
        ...

    def values(
        self,
        written: Mapping[str, str],
        form: str | None,
        below: str,
        of: str | None = None,
        more: Mapping[str, Type] | None = None,
    ) -> dict[str, Expression] | None:
        """Expressions for fields of a form, over the record it stands beside or over another form (`of`, with `more`
        names and none else); None when something is wrong, which is in the report then."""
        ...


class Beside(Protocol):
    """One record beside which changes are worked out. `facts` is what expressions read of it, `variables` what they
    may name beside; `simulated` keeps locks from being taken, and lets more records be found than may be changed."""

    @property
    def context(self) -> Context: ...
    @property
    def form(self) -> str | None: ...
    @property
    def record_id(self) -> int | None: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def moment(self) -> Moment: ...
    @property
    def variables(self) -> Mapping[str, Any]: ...
    @property
    def simulated(self) -> bool: ...
    def values(self, expressions: Mapping[str, Expression]) -> dict[str, Any]:
        """The values of several expressions over the record, by name."""
        ...
