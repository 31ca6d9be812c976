"""As whom something from outside is done: what a document names under `run_as`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context


def acting_as(context: Context, name: str) -> Context | None:
    """The context of the app itself (`app`), or of a person by their login; None when nobody of that name is there."""
    if name == "app":
        return context.as_app()
    user = context.host.directory(context.unit).by_login.get(name)
    return context.as_user(user.id) if user is not None and user.active else None
